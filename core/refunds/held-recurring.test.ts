import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { entriesOf } from '#core/payments/ledger.ts'
import { chargeOf } from '#core/payments/movements.ts'
import { issuedFor } from '#core/receipts/records.ts'
import { balanceOf, orderNow } from '#test/aftermath.ts'
import { buy } from '#test/buy.ts'
import { aSale, aTill } from '#test/till.ts'

const DAY = 24 * 3600

/** A plan whose course is removed while its buyer pays. */
const aHeldPlan = async (t: TestContext) => {
  const till = await aTill(t)
  const { learner, teacher, course } = await aSale(till)
  const admin = await till.person('Ada', 'admin')
  const prices = [{ every: 'month' as const, price: { amountMinor: 1500, currency: 'EUR' } }]
  const terms = { kind: 'instalments' as const, count: 6 }
  const { id: offer } = await admin.client.offers.create({ title: 'All of it', summary: 'All.', terms, prices, courses: [course], isOnSale: true })
  const { id: order, checkoutUrl: url } = await buy(learner, { kind: 'offer', offer, every: 'month' })
  await teacher.client.courses.unpublish({ course })
  await teacher.client.courses.remove({ course })
  await till.settle()
  const later = async (seconds: number): Promise<void> => {
    await till.later(seconds)
    await till.settle()
  }
  const make = (payment: string | undefined) =>
    admin.client.refunds.make({ order, payment, amountMinor: 1500, key: `of-${payment ?? 'newest'}-${till.clock.now().getTime()}` })
  return { till, admin, learner, order, url, later, make }
}

test('A plan that is held is ended with the provider, its money is in the books, and giving it back frees the order', async (t) => {
  const { till, order, url, later, make } = await aHeldPlan(t)
  await till.pay(url)
  await later(20)
  assert.equal((await orderNow(till, order)).state, 'held')
  await later(70 * DAY)
  assert.equal((await till.paymentsOf(url)).length, 1)
  const [entry, ...more] = await entriesOf(till.world.tables, order)
  assert.deepEqual([entry?.shares[0]?.of, entry?.payment, more.length], ['unassigned', (await till.paymentsOf(url))[0], 0])
  await make(undefined)
  assert.deepEqual([(await orderNow(till, order)).state, await balanceOf(till, order)], ['refunded', 0])
})

test('What was charged for a held plan before the provider could be told is booked payment by payment, and all of it can be given back', async (t) => {
  const { till, order, url, later, make } = await aHeldPlan(t)
  await till.pay(url)
  // Ending it is what fails: everything else is heard of.
  const { endSubscription } = till.world.payments
  till.world.payments.endSubscription = () => Promise.reject(new Error('Not now.'))
  await later(20)
  await later(31 * DAY + 7200)
  await later(31 * DAY + 7200)
  till.world.payments.endSubscription = endSubscription
  const payments = await till.paymentsOf(url)
  const entries = await entriesOf(till.world.tables, order)
  assert.deepEqual(entries.map(({ payment }) => payment).toSorted(), payments.toSorted())
  assert.deepEqual([payments.length, await balanceOf(till, order)], [3, 4500])
  for (const payment of payments.slice(1)) await make(payment)
  assert.deepEqual([(await orderNow(till, order)).state, await balanceOf(till, order)], ['held', 1500])
  await make(undefined)
  const { state, refundedMinor } = await orderNow(till, order)
  assert.deepEqual([state, refundedMinor, await balanceOf(till, order)], ['refunded', 4500, 0])
  await till.settle()
  const papers = (await issuedFor(till.world.tables, order)).map(({ kind }) => kind)
  assert.deepEqual([papers.filter((kind) => kind === 'receipt').length, papers.filter((kind) => kind === 'credit').length], [3, 3])
})

test('A membership that is paid on a second page as well is charged once for it and no more, and that payment can be given back', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  const admin = await till.person('Ada', 'admin')
  const price = { amountMinor: 1500, currency: 'EUR' }
  const terms = { kind: 'membership' as const, trialDays: 0 }
  const prices = [{ every: 'month' as const, price }]
  const { id: offer } = await admin.client.offers.create({ title: 'All of it', summary: 'All.', terms, prices, courses: [course], isOnSale: true })
  const { id: order, checkoutUrl } = await buy(learner, { kind: 'offer', offer, every: 'month' })
  await till.pay(checkoutUrl)
  await till.later(20)
  await till.settle()
  const urls = { successUrl: 'http://school.test/', cancelUrl: 'http://school.test/' }
  const recurring = { every: 'month' as const, trialDays: 0, firstOffMinor: 0 }
  const asked = { order, idempotencyKey: 'another', price, quantity: 1, title: 'All of it', email: learner.email, isTaxed: false, recurring, ...urls }
  const { url } = await till.world.payments.openCheckout(asked)
  await till.pay(url)
  await till.later(20)
  await till.settle()
  await till.later(40 * DAY)
  await till.settle()
  const [second, ...more] = await till.paymentsOf(url)
  assert.deepEqual([more.length, till.happened('order.paid-twice'), await balanceOf(till, order)], [0, 1, 4500])
  await admin.client.refunds.make({ order, payment: second, amountMinor: 1500, key: 'the-second-page' })
  assert.deepEqual([(await learner.client.memberships.mine({})).memberships[0]?.state, await balanceOf(till, order)], ['active', 3000])
})

test('A charge that names no payment is taken by one payment only', () => {
  const charge = { id: 'cs_1.charged', kind: 'charged' as const, order: 'ord_1', learner: 'usr_1', at: '2026-05-05T09:00:00.000Z' }
  const amount = { amountMinor: 1500, currency: 'EUR' }
  const shares = [{ of: 'unassigned', title: 'Unassigned', amountMinor: 1500 }]
  const entries = [{ ...charge, amount, shares }]
  const refund = { ...charge, id: 'pi_1.refunded.1500', kind: 'refunded' as const, payment: 'pi_1', amount, shares }
  assert.deepEqual(
    [chargeOf(entries, { payment: 'pi_1', paid: amount })?.id, chargeOf([...entries, refund], { payment: 'pi_1', paid: amount })?.id],
    ['cs_1.charged', 'cs_1.charged'],
  )
  assert.equal(chargeOf([...entries, refund], { payment: 'pi_2', paid: amount }), undefined)
})
