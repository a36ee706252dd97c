import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicationRecords, type StoredPublication } from '#core/courses/records.ts'
import type { Checkout } from '#ports/payments.ts'
import { aCheckout, anOrder } from '#test/payments.ts'
import { openSchool } from '#test/school.ts'
import { orderRecords, unpaidRecords } from './records.ts'
import { judge, settle } from './settle.ts'

const AN_ORDER = anOrder()
const SOLD: StoredPublication = {
  ...{
    id: 'crs_00000001',
    slug: 'colour',
    title: 'Colour',
    summary: '',
    description: '',
    outcomes: [],
    price: AN_ORDER.price,
    otherPrices: [],
    teacher: 'Tove',
  },
  ...{ teacherId: 'prs_2', sections: [], lessons: 0, durationSeconds: 0, publishedAt: AN_ORDER.createdAt, isListed: true },
}
const PAID = aCheckout()
const EXPIRED: Checkout = { ...PAID, status: 'expired', isPaid: false, payment: undefined }
const TOO_LITTLE: Checkout = { ...PAID, paid: { amountMinor: 1, currency: 'EUR' } }

test('Nothing the provider says leads out of a paid order, and only a person leads out of a held one', () => {
  for (const state of ['paid', 'held'] as const) {
    for (const told of [PAID, EXPIRED, TOO_LITTLE, { ...PAID, order: 'ord_2' }]) assert.deepEqual(judge({ ...AN_ORDER, state }, told), { is: 'unchanged' })
  }
})

test('An expired order that turns out to have been paid is paid', () => {
  assert.deepEqual(judge({ ...AN_ORDER, state: 'expired' }, PAID), { is: 'paid' })
  assert.deepEqual(judge({ ...AN_ORDER, state: 'expired' }, EXPIRED), { is: 'unchanged' })
})

test('A payment for another order, or for none, is held', () => {
  for (const order of ['ord_2', undefined]) assert.equal(judge(AN_ORDER, { ...PAID, order }).is, 'held')
})

test('A complete page whose money has not come, and an open one, change nothing', () => {
  for (const status of ['complete', 'open'] as const) assert.deepEqual(judge(AN_ORDER, { ...PAID, status, isPaid: false }), { is: 'unchanged' })
})

test('Whoever settles at the same moment, the order ends paid and the enrolment begins once', async (t) => {
  for (const told of [
    [EXPIRED, PAID, EXPIRED, PAID],
    [PAID, EXPIRED, PAID, EXPIRED],
    [EXPIRED, EXPIRED, EXPIRED, PAID],
    [PAID, PAID, PAID, EXPIRED],
  ]) {
    const school = await openSchool()
    t.after(() => school.close())
    const { world } = school
    const guard = { learner: AN_ORDER.learner, wanted: SOLD.id, order: AN_ORDER.id, dueAt: AN_ORDER.createdAt }
    await world.tables.commit([orderRecords.add(AN_ORDER), unpaidRecords.add(guard), publicationRecords.put(SOLD)])
    await Promise.all(told.map((checkout) => settle(world, AN_ORDER.id, checkout)))
    assert.equal((await orderRecords.get(world.tables, AN_ORDER))?.value.state, 'paid')
    assert.equal(await unpaidRecords.get(world.tables, guard), undefined)
    assert.equal((await publicationRecords.get(world.tables, SOLD))?.value.isFollowed, true, 'a course that is paid for is never taken for one nobody follows')
    assert.equal(school.database.prepare("SELECT count(*) AS count FROM outbox WHERE name = 'enrolment.started'").get()?.['count'], 1)
  }
})

test('A second payment for a settled order grants nothing, and the operator is told of it once', async (t) => {
  const school = await openSchool()
  t.after(() => school.close())
  const { world } = school
  await world.tables.commit([orderRecords.add(AN_ORDER), publicationRecords.put(SOLD)])
  for (const session of ['cs_1', 'cs_1', 'cs_2', 'cs_2']) await settle(world, AN_ORDER.id, { ...PAID, session })
  await school.settle()
  assert.deepEqual(
    school.told.map(({ subject }) => subject),
    ['Order ord_00000001 has been paid twice'],
  )
  assert.equal((await orderRecords.get(world.tables, AN_ORDER))?.value.session, 'cs_1')
})
