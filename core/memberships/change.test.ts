import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { refusalOf } from '#test/school.ts'
import { aMembersSchool, aPublishedCourse, EUR } from './school.fixture.ts'

const MEMBERSHIP = { kind: 'membership' as const, trialDays: 0 }

const aMember = async (t: TestContext) => {
  const school = await aMembersSchool(t)
  const small = await school.anOffer(MEMBERSHIP)
  const other = await aPublishedCourse(school, school.teacher, 'Light')
  const large = await school.anOffer(MEMBERSHIP, {
    ...{ title: 'Even more', courses: [school.course, other.course] },
    prices: [
      { every: 'month', price: EUR(2500) },
      { every: 'year', price: { amountMinor: 25_000, currency: 'USD' } },
    ],
  })
  return { ...school, small, large, other, ...(await school.subscribe(small)) }
}

test('A member sees what a change costs, makes it at that price, and has the new courses at once', async (t) => {
  const school = await aMember(t)
  const { client } = school.learner
  const { membership, large, order } = school
  const preview = await client.memberships.previewChange({ membership, offer: large, every: 'month' })
  assert.deepEqual([preview.title, preview.price, preview.dueNow, preview.nextAt], ['Even more', EUR(2500), EUR(1000), '2026-06-04T09:00:00.000Z'])
  assert.equal(await school.isOpen(school.other.lesson), false)
  const changed = await client.memberships.change({ membership, offer: large, every: 'month', shown: preview.dueNow })
  await school.settle()
  assert.deepEqual([changed.offer, changed.title, changed.price, changed.state], [large, 'Even more', EUR(2500), 'active'])
  assert.equal(await school.isOpen(school.other.lesson), true)
  assert.deepEqual((await school.booked(order)).map(({ amount }) => amount.amountMinor).toSorted(), [1000, 1500])
  assert.equal(school.subjects().at(-1), 'Changed: Even more')
  school.days(31)
  await school.tell(school.subscription, 'invoice.paid')
  assert.equal((await school.booked(order)).at(-1)?.amount.amountMinor, 2500)
})

test('A change to a year begins the year now', async (t) => {
  const school = await aMember(t)
  const { client } = school.learner
  const wanted = { membership: school.membership, offer: school.small, every: 'year' as const }
  school.days(10)
  const { dueNow } = await client.memberships.previewChange(wanted)
  const changed = await client.memberships.change({ ...wanted, shown: dueNow })
  assert.deepEqual([changed.every, changed.price, changed.paidUntil], ['year', EUR(15_000), '2027-05-14T09:00:00.000Z'])
  assert.equal(await refusalOf(client.memberships.change({ ...wanted, shown: dueNow })), 'conflict')
})

test('What was shown is what is charged, or nothing is', async (t) => {
  const school = await aMember(t)
  const { client } = school.learner
  const wanted = { membership: school.membership, offer: school.large, every: 'month' as const }
  assert.equal(await refusalOf(client.memberships.change({ ...wanted, shown: EUR(999) })), 'price-changed')
  assert.equal(await refusalOf(client.memberships.change({ ...wanted, shown: { amountMinor: 1000, currency: 'USD' } })), 'price-changed')
  school.provider.state.refusesChanges = true
  assert.equal(await refusalOf(client.memberships.change({ ...wanted, shown: EUR(1000) })), 'payment-refused')
  assert.equal(school.provider.state.changed, 0)
  const mine = await school.mine()
  assert.deepEqual([mine.offer, mine.price], [school.small, EUR(1500)])
  assert.equal(await refusalOf(client.memberships.previewChange({ ...wanted, every: 'year' })), 'not-for-sale')
})

test('A change whose answer was lost is charged once, and found without asking again', async (t) => {
  const school = await aMember(t)
  const { client } = school.learner
  const wanted = { membership: school.membership, offer: school.large, every: 'month' as const, shown: EUR(1000) }
  school.provider.state.losesAnswers = true
  assert.equal(await refusalOf(client.memberships.change(wanted)), 'payments-down')
  school.provider.state.losesAnswers = false
  await school.run('memberships.read-due')
  assert.equal((await school.mine()).offer, school.large)
  assert.equal(await refusalOf(client.memberships.change(wanted)), 'conflict')
  assert.equal(school.provider.state.changed, 1)
  assert.equal(await school.isOpen(school.other.lesson), true)
})

test('What is cancelled, owed for or over is not changed', async (t) => {
  const school = await aMember(t)
  const { client } = school.learner
  const wanted = { membership: school.membership, offer: school.large, every: 'month' as const }
  await client.memberships.cancel({ membership: school.membership })
  assert.equal(await refusalOf(client.memberships.previewChange(wanted)), 'conflict')
  await client.memberships.resume({ membership: school.membership })
  school.provider.card(school.subscription, 'declines')
  school.days(31)
  await school.tell(school.subscription)
  assert.equal(await refusalOf(client.memberships.change({ ...wanted, shown: EUR(1000) })), 'conflict')
})
