import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buy } from '#test/buy.ts'
import { aSale, aTill } from '#test/till.ts'

/** A coupon of an admin’s, and a membership of the one course there is. */
const withOffers = async (till: Awaited<ReturnType<typeof aTill>>) => {
  const sale = await aSale(till)
  const admin = await till.person('Ada', 'admin')
  await admin.client.offers.createCoupon({ code: 'SPRING', off: { kind: 'percent', percent: 15 }, isFirstTimeOnly: false, items: [] })
  const membership = await admin.client.offers.create({
    ...{ title: 'Everything', summary: '', terms: { kind: 'membership', trialDays: 0 }, courses: [sale.course], isOnSale: true },
    prices: [{ every: 'month', price: { amountMinor: 1999, currency: 'EUR' } }],
  })
  return { ...sale, admin, membership }
}

test('The provider takes no money on a page whose order has changed, and exactly what was agreed on the next', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await withOffers(till)
  const first = await buy(learner, course)
  const second = await buy(learner, course, { coupon: 'SPRING' })
  assert.deepEqual([second.id, second.price.amountMinor], [first.id, 4165])
  assert.equal((await till.pay(first.checkoutUrl))['payment_status'], 'unpaid')
  assert.equal((await till.pay(second.checkoutUrl))['payment_status'], 'paid')
  await till.settle()
  const paid = await learner.client.payments.order({ order: second.id })
  assert.deepEqual([paid.state, till.happened('order.paid'), till.happened('order.held')], ['paid', 1, 0])
})

test('An old page that was paid at the provider, with no word of it, is found when the order is to be changed', async (t) => {
  const till = await aTill(t)
  const { learner, course, isEnrolled } = await withOffers(till)
  await till.faults({ webhooks: 'drop' })
  const first = await buy(learner, course)
  await till.pay(first.checkoutUrl)
  const second = await buy(learner, course, { coupon: 'SPRING' })
  assert.deepEqual([second.id, second.state, second.price.amountMinor], [first.id, 'paid', 4900])
  assert.equal(await isEnrolled(), true)
  assert.equal(await till.sessions(), 1)
})

test('The provider takes a membership’s coupon off its first payment, and not off the next', async (t) => {
  const till = await aTill(t)
  const { learner, membership } = await withOffers(till)
  const order = await buy(learner, { kind: 'offer', offer: membership.id, every: 'month' }, { coupon: 'SPRING' })
  // 15 % of 19.99 are 2.9985.
  assert.equal(order.price.amountMinor, 1699)
  await till.faults({ webhooks: 'drop' })
  await till.pay(order.checkoutUrl)
  await till.later(32 * 24 * 3600)
  // What the stand-in tells of its invoices.
  const { data } = (await till.ask('invoices?limit=10')) as { data: { total: number; billing_reason: string }[] }
  assert.deepEqual(
    data.map(({ total, billing_reason: why }) => [why, total]),
    [
      ['subscription_cycle', 1999],
      ['subscription_create', 1699],
    ],
  )
})

test('While the provider is down an order waits, and goes on by itself with a letter when it is up again', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await withOffers(till)
  await till.faults({ api: 'down' })
  const order = await buy(learner, course, { coupon: 'SPRING' })
  assert.equal(order.state, 'waiting')
  const open = till.timers.find(({ name }) => name === 'payments.open-waiting')
  till.clock.pass(60)
  await open?.run(till.world)
  await till.faults({ api: 'none' })
  till.clock.pass(600)
  await open?.run(till.world)
  await till.settle()
  const opened = await learner.client.payments.order({ order: order.id })
  assert.deepEqual([opened.state, opened.price.amountMinor], ['open', 4165])
  assert.deepEqual(
    till.letters.map(({ subject }) => subject),
    ['You can go on with your order: Colour'],
  )
})
