import assert from 'node:assert/strict'
import { test } from 'node:test'
import { membershipRecords, type StoredMembership } from '#core/memberships/records.ts'
import { openSchool } from '#test/school.ts'
import { countMembers } from './overview.ts'

const AT = '2026-05-04T09:00:00.000Z'
const aMembership = (id: number, state: StoredMembership['state']): StoredMembership => ({
  ...{ id: `mem_${id}`, learner: `prs_${id}`, email: '', order: '', offer: '', title: '', kind: 'membership', paidCount: 1, every: 'month', state },
  ...{ price: { amountMinor: 900, currency: 'EUR' }, isLive: false, subscription: '', startedAt: AT, paidUntil: AT, readAt: AT, invoices: [], facts: [] },
})

test('Running memberships are counted up to a bound, and the owner is told when there are more', async (t) => {
  const school = await openSchool()
  t.after(() => school.close())
  const states = ['active', 'grace', 'ended', 'trial', 'lapsed'] as const
  await school.world.tables.commit(states.map((state, id) => membershipRecords.put(aMembership(id, state))))
  assert.deepEqual(await countMembers(school.world), { running: 3, owing: 1, isWhole: true })
  assert.equal((await countMembers(school.world, 2)).isWhole, false)
})
