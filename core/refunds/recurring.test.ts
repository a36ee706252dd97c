import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { balanceOf, lessonOf, orderNow } from '#test/aftermath.ts'
import { buy } from '#test/buy.ts'
import { aSale, aTill } from '#test/till.ts'

const DAY = 24 * 3600

type Terms = { kind: 'instalments'; count: number } | { kind: 'membership'; trialDays: number }

/** Something recurring, paid twice: at checkout, and a month later. */
const paidTwice = async (t: TestContext, terms: Terms) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  const admin = await till.person('Ada', 'admin')
  const prices = [{ every: 'month' as const, price: { amountMinor: 1500, currency: 'EUR' } }]
  const { id: offer } = await admin.client.offers.create({ title: 'All of it', summary: 'All.', terms, prices, courses: [course], isOnSale: true })
  const { id: order, checkoutUrl: url } = await buy(learner, { kind: 'offer', offer, every: 'month' })
  await till.pay(url)
  const later = async (seconds: number): Promise<void> => {
    await till.later(seconds)
    await till.settle()
    for (const timer of till.timers.filter(({ name }) => name === 'memberships.read-due' || name === 'payments.reconcile')) await timer.run(till.world)
    await till.settle()
  }
  await later(20)
  await learner.client.payments.order({ order })
  await till.settle()
  await later(31 * DAY + 7200)
  assert.equal(await balanceOf(till, order), 3000)
  const [newest, oldest] = await till.paymentsOf(url)
  const stateNow = async (): Promise<string | undefined> => (await learner.client.memberships.mine({})).memberships[0]?.state
  const preview = (payment: string | undefined, amountMinor: number) => admin.client.refunds.preview({ order, payment, amountMinor })
  const make = (payment: string | undefined, amountMinor: number) =>
    admin.client.refunds.make({ order, payment, amountMinor, key: `of-${amountMinor}-${payment ?? 'newest'}`.slice(0, 60) })
  return { till, learner, course, offer, order, url, newest, oldest, stateNow, preview, make, later }
}

for (const terms of [
  { kind: 'membership', trialDays: 0 },
  { kind: 'instalments', count: 3 },
] as const) {
  test(`What the preview says of a ${terms.kind === 'membership' ? 'membership' : 'plan'}, its earlier payment and its newest, is what happens`, async (t) => {
    const { till, learner, course, order, oldest, stateNow, preview, make, later } = await paidTwice(t, terms)
    const ofOldest = await preview(oldest, 1500)
    assert.deepEqual([ofOldest.occasion, ofOldest.endsMembership, ofOldest.people[0]?.courses[0]?.after], ['refund-part', false, 'keeps'])
    assert.deepEqual(await make(oldest, 1500), { refundedMinor: 1500 })
    await later(60)
    assert.deepEqual([await stateNow(), await lessonOf(learner, course), await balanceOf(till, order)], ['active', 'answered', 1500])
    const ofPart = await preview(undefined, 500)
    assert.deepEqual([ofPart.occasion, ofPart.endsMembership, ofPart.people[0]?.courses[0]?.after], ['refund-part', false, 'keeps'])
    await make(undefined, 500)
    assert.equal(await lessonOf(learner, course), 'answered')
    const ofNewest = await preview(undefined, 1000)
    assert.deepEqual([ofNewest.occasion, ofNewest.endsMembership, ofNewest.people[0]?.courses[0]?.after], ['refund-whole', true, 'ends'])
    assert.deepEqual(await make(undefined, 1000), { refundedMinor: 3000 })
    assert.deepEqual([await lessonOf(learner, course), (await orderNow(till, order)).state, await balanceOf(till, order)], ['access-ended', 'refunded', 0])
    await later(60)
    assert.equal(await stateNow(), 'ended')
    // The provider has been told: nothing is charged any more.
    await later(35 * DAY)
    assert.equal(await balanceOf(till, order), 0)
  })
}

test('A disputed renewal pauses the membership, and when it is won the membership goes on', async (t) => {
  const { till, learner, course, order, url, stateNow, later } = await paidTwice(t, { kind: 'membership', trialDays: 0 })
  await till.dispute(url)
  await later(60)
  assert.deepEqual([await stateNow(), await lessonOf(learner, course), await balanceOf(till, order)], ['paused', 'access-ended', 1500])
  await till.dispute(url, 'won')
  await later(60)
  assert.deepEqual([await stateNow(), await lessonOf(learner, course), await balanceOf(till, order)], ['active', 'answered', 3000])
})

for (const terms of [
  { kind: 'membership', trialDays: 0 },
  { kind: 'instalments', count: 5 },
] as const) {
  test(`A lost dispute ends a ${terms.kind === 'membership' ? 'membership' : 'plan'}: nothing is charged any more, and it may be bought again`, async (t) => {
    const { till, learner, course, order, offer, url, stateNow, later } = await paidTwice(t, terms)
    await till.dispute(url)
    await later(60)
    assert.equal(await stateNow(), 'paused')
    await till.dispute(url, 'lost')
    await later(60)
    assert.deepEqual([await stateNow(), await lessonOf(learner, course), await balanceOf(till, order)], ['ended', 'access-ended', 1500])
    await later(70 * DAY)
    assert.deepEqual([(await till.paymentsOf(url)).length, await balanceOf(till, order)], [2, 1500])
    assert.equal((await buy(learner, { kind: 'offer', offer, every: 'month' })).state, 'open')
  })
}

test('A dispute that is lost before it was ever seen open ends the membership as well', async (t) => {
  const { till, url, stateNow, later } = await paidTwice(t, { kind: 'membership', trialDays: 0 })
  await till.faults({ webhooks: 'drop' })
  await till.dispute(url, 'lost')
  await till.tell(await till.event('charge.dispute.created'))
  await later(60)
  await later(70 * DAY)
  assert.deepEqual([await stateNow(), (await till.paymentsOf(url)).length], ['ended', 2])
})

test('Each payment of a plan has a receipt that says which it is, each of a membership one that says for which time', async (t) => {
  for (const [terms, first] of [
    [{ kind: 'instalments', count: 3 }, /^All of it, instalment 1 of 3$/],
    [{ kind: 'membership', trialDays: 0 }, /^All of it, \d+ \w+ 2026 – \d+ \w+ 2026$/],
  ] as const) {
    const { learner } = await paidTwice(t, terms)
    const { receipts } = await learner.client.receipts.mine({})
    assert.equal(receipts.length, 2)
    assert.match(receipts[1]?.lines[0]?.title ?? '', first)
    if (terms.kind === 'instalments') assert.equal(receipts[0]?.lines[0]?.title, 'All of it, instalment 2 of 3')
    assert.match(receipts[0]?.invoiceUrl ?? '', /^http/)
  }
})
