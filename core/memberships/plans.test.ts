import assert from 'node:assert/strict'
import { test } from 'node:test'
import { offerRecords } from '#core/offers/records.ts'
import { refusalOf } from '#test/school.ts'
import { aMembersSchool, aPublishedCourse, EUR } from './school.fixture.ts'

const PLAN = { kind: 'instalments' as const, count: 3 }

test('A plan of three: open from the first, theirs for good after the last, and nothing is charged beyond', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription, order } = await school.subscribe(await school.anOffer(PLAN))
  assert.equal(school.provider.subscription(subscription).endsAt, '2026-08-04T09:00:00.000Z')
  assert.deepEqual([(await school.mine()).instalments, (await school.mine()).endsAt, await school.isOpen()], [{ paid: 1, of: 3 }, undefined, true])
  school.days(31)
  await school.tell(subscription, 'invoice.paid')
  assert.deepEqual((await school.mine()).instalments, { paid: 2, of: 3 })
  school.days(30)
  await school.tell(subscription, 'invoice.paid')
  const mine = await school.mine()
  assert.deepEqual([mine.state, mine.instalments], ['complete', { paid: 3, of: 3 }])
  assert.equal(school.provider.subscription(subscription).status, 'canceled')
  assert.deepEqual(school.subjects(), ['You are in: All of it', 'All paid: All of it'])
  assert.match(school.mail()[0]?.text ?? '', /1 of 3 instalments is paid; 20\.00 EUR is due each month until all are/)
  school.days(4000)
  await school.run('memberships.read-due')
  assert.equal(await school.isOpen(), true)
  const amounts = (await school.booked(order)).map(({ amount, shares }) => [amount.amountMinor, shares.map(({ of }) => of)])
  assert.deepEqual(
    amounts,
    [1, 2, 3].map(() => [2000, [school.course]]),
  )
})

test('While the school is down nobody pays once too often: the provider ends the plan by itself, and all of it is found later', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription, order } = await school.subscribe(await school.anOffer(PLAN))
  school.days(200)
  assert.equal(school.provider.subscription(subscription).invoices.length, 3)
  await school.run('memberships.read-due')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['complete', true])
  assert.equal((await school.booked(order)).length, 3)
  assert.deepEqual(school.told, [])
})

test('A plan that lapsed is taken up again by paying, and its last payment makes it theirs though the provider has ended it', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription } = await school.subscribe(await school.anOffer(PLAN))
  school.days(31)
  await school.tell(subscription, 'invoice.paid')
  school.provider.card(subscription, 'declines')
  school.days(34)
  await school.tell(subscription)
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['lapsed', false])
  school.days(40)
  await school.tell(subscription, 'customer.subscription.deleted')
  assert.equal((await school.mine()).state, 'ended')
  school.provider.settle(subscription)
  await school.tell(subscription, 'invoice.paid')
  assert.deepEqual([(await school.mine()).state, await school.isOpen()], ['complete', true])
  school.days(900)
  assert.equal(await school.isOpen(), true)
})

test('An instalment that failed to the end can still be paid from the page while its courses are open', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription } = await school.subscribe(await school.anOffer({ kind: 'instalments', count: 3 }))
  school.provider.card(subscription, 'declines')
  school.days(31)
  await school.tell(subscription, 'invoice.payment_failed')
  await school.world.payments.endSubscription(subscription, 'now')
  await school.tell(subscription, 'customer.subscription.deleted')
  const { state, retryAt, payUrl } = await school.mine()
  assert.deepEqual([state, retryAt], ['grace', undefined])
  assert.match(payUrl ?? '', /^http:\/\/pay\.test\/in_/)
})

test('A payment beyond the last instalment is booked, and a person is told to give it back', async (t) => {
  const school = await aMembersSchool(t)
  const { subscription, order } = await school.subscribe(await school.anOffer({ kind: 'instalments', count: 2 }))
  school.days(31)
  school.provider.subscription(subscription)
  school.provider.bill(subscription, EUR(2000))
  await school.tell(subscription, 'invoice.paid')
  assert.equal((await school.mine()).state, 'complete')
  assert.equal((await school.booked(order)).length, 3)
  assert.equal(school.told.filter(({ subject }) => subject.includes('once too often')).length, 1)
  assert.deepEqual((await school.mine()).instalments, { paid: 2, of: 2 })
})

test('A plan keeps the courses that were agreed, whatever becomes of the offer, and is neither cancelled nor changed', async (t) => {
  const school = await aMembersSchool(t)
  const offer = await school.anOffer(PLAN)
  const { membership } = await school.subscribe(offer)
  const other = await aPublishedCourse(school, school.teacher, 'Light')
  const stored = await offerRecords.get(school.world.tables, { id: offer })
  assert.ok(stored)
  await school.world.tables.commit([offerRecords.replace(stored, { ...stored.value, courses: [other.course], isOnSale: false })])
  assert.deepEqual([await school.isOpen(), await school.isOpen(other.lesson)], [true, false])
  const { client } = school.learner
  assert.equal(await refusalOf(client.memberships.cancel({ membership })), 'not-allowed')
  assert.equal(await refusalOf(client.memberships.previewChange({ membership, offer, every: 'month' })), 'not-allowed')
})
