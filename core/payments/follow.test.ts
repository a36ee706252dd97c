import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripeHook } from '#api/webhooks.ts'
import { couponRecords } from '#core/offers/records.ts'
import { USUAL_POLICY } from '#core/refunds/policy.ts'
import { eventBody, sign } from '#sandbox/stripe/deliveries.ts'
import type { StripeEvent } from '#sandbox/stripe/store.ts'
import { balanceOf, factsOf, lessonOf, orderNow, outcomeOf } from '#test/aftermath.ts'
import { buy } from '#test/buy.ts'
import { aPaidPage, aSale, aTill, type Till, WEBHOOK_SECRET } from '#test/till.ts'
import { stripePayments } from '#vendors/stripe/stripe.ts'
import { followPayment } from './follow.ts'

const STORY = ['checkout.session.completed', 'payment_intent.succeeded', 'charge.refunded', 'charge.dispute.created', 'charge.dispute.closed']

type Ending = { refund: number | undefined; outcome: 'won' | 'lost' }

/** One sale whole, told of in an order: everything has happened before the first news comes. */
const lived = async (till: Till, course: string, name: string, { refund, outcome }: Ending) => {
  const learner = await till.person(name)
  const { id: order, checkoutUrl } = await buy(learner, course)
  await till.pay(checkoutUrl)
  await till.refund(checkoutUrl, refund)
  await till.dispute(checkoutUrl)
  await till.dispute(checkoutUrl, outcome)
  const story: StripeEvent[] = []
  for (const type of STORY) story.push(await till.event(type))
  return { learner, course, order, story }
}

/** So many orders of the news that each comes first, last and everywhere between. */
const ROTATED = STORY.map((_, by) => STORY.map((_type, place) => (place + by) % STORY.length))

const ENDINGS = [
  ['given back whole, disputed and won', { refund: undefined, outcome: 'won' }, /"refunded","refundedMinor":4900,"dispute":"won"/],
  ['given back in part, disputed and lost', { refund: 1900, outcome: 'lost' }, /"paid","refundedMinor":1900,"dispute":"lost"/],
] as const

for (const [words, ending, expected] of ENDINGS) {
  test(`Forwards and backwards, the news of a payment ${words} leaves the order, its money and its course the same`, async (t) => {
    const till = await aTill(t)
    const { course } = await aSale(till)
    await till.faults({ webhooks: 'drop' })
    const outcomes: string[] = []
    for (const places of [...ROTATED, [4, 3, 2, 1, 0]]) {
      const sale = await lived(till, course, `Learner${places.join('')}`, ending)
      for (const place of places) {
        const event = sale.story[place]
        if (event) assert.equal((await till.tell(event)).status, 200)
        await till.settle()
      }
      outcomes.push(JSON.stringify(await outcomeOf(till, sale)))
    }
    assert.equal(new Set(outcomes).size, 1, [...new Set(outcomes)].join('\n'))
    assert.match(outcomes[0] ?? '', expected)
    assert.match(outcomes[0] ?? '', /"lesson":"access-ended"/)
  })
}

/** What has happened with the provider, one step after the other, each told of twice. */
const living = async (t: Parameters<typeof aTill>[0]) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const told = async (...types: string[]): Promise<void> => {
    for (const type of types) {
      const event = await till.event(type)
      for (const id of [event.id, `${event.id}_again`]) assert.equal((await till.tell({ ...event, id })).status, 200)
      await till.settle()
    }
  }
  await told('checkout.session.completed')
  const { learner, course, order } = paid
  const url = order.checkoutUrl
  const alerts = (): string[] => till.told.map(({ subject }) => subject)
  return { till, told, url, alerts, order: order.id, learner, course, outcome: () => outcomeOf(till, { learner, course, order: order.id }) }
}

test('A dispute closes the course until it is decided, tells the owner what to do, and when it is won the course is back', async (t) => {
  const { till, told, url, alerts, outcome } = await living(t)
  await till.dispute(url)
  await told('charge.dispute.created', 'charge.dispute.funds_withdrawn')
  const opened = await outcome()
  assert.deepEqual([opened.state, opened.dispute, opened.lesson, opened.balance], ['paid', 'open', 'access-ended', 0])
  assert.deepEqual(opened.facts, ['paid', 'disputed'])
  assert.deepEqual(alerts(), ['A payment is disputed: Colour'])
  assert.match(
    till.told[0]?.text ?? '',
    /49\.00 EUR \(reason: fraudulent\)[\s\S]*is closed\.[\s\S]*Answer it with the provider by 13 May 2026[\s\S]*school\/money\/orders\/ord_/,
  )
  await till.dispute(url, 'won')
  await told('charge.dispute.closed', 'charge.dispute.funds_reinstated')
  const won = await outcome()
  assert.deepEqual([won.state, won.dispute, won.lesson, won.balance], ['paid', 'won', 'answered', 4900])
  assert.deepEqual(won.facts, ['paid', 'disputed', 'cleared'])
  assert.deepEqual(won.entries.map(({ kind }) => kind).toSorted(), ['charged', 'dispute-won', 'disputed'])
  assert.deepEqual(won.receipts, ['receipt 4900'])
  assert.deepEqual(alerts(), ['A payment is disputed: Colour', 'A dispute is won: Colour'])
  assert.deepEqual(
    till.letters.map(({ subject }) => subject).filter((subject) => subject.endsWith(': Colour')),
    ['You are in: Colour', 'On hold: Colour', 'Open again: Colour'],
  )
})

test('A lost dispute keeps the course closed, and it can be bought again', async (t) => {
  const { till, told, url, outcome, learner, course } = await living(t)
  await till.dispute(url)
  await told('charge.dispute.created')
  await till.dispute(url, 'lost')
  await told('charge.dispute.closed')
  const lost = await outcome()
  assert.deepEqual([lost.state, lost.dispute, lost.lesson, lost.balance], ['paid', 'lost', 'access-ended', 0])
  const again = await buy(learner, course)
  await till.pay(again.checkoutUrl)
  await told('checkout.session.completed')
  assert.equal(await lessonOf(learner, course), 'answered')
})

test('Where the school keeps access during disputes, one that is opened changes nothing and one that is lost ends it', async (t) => {
  const { till, told, url, outcome } = await living(t)
  const admin = await till.person('Ada', 'admin')
  await admin.client.refunds.putPolicy({ ...USUAL_POLICY, onDispute: 'keeps' })
  await till.dispute(url)
  await told('charge.dispute.created')
  assert.deepEqual([(await outcome()).lesson, (await outcome()).facts], ['answered', ['paid']])
  await till.dispute(url, 'lost')
  await told('charge.dispute.closed')
  assert.deepEqual([(await outcome()).lesson, (await outcome()).facts], ['access-ended', ['paid', 'disputed']])
})

test('A warning of fraud changes nothing, and tells the owner once what to consider', async (t) => {
  const { till, told, url, alerts, outcome } = await living(t)
  await till.warn(url)
  await told('radar.early_fraud_warning.created', 'radar.early_fraud_warning.created')
  const warned = await outcome()
  assert.deepEqual([warned.state, warned.isWarned, warned.lesson, warned.balance], ['paid', true, 'answered', 4900])
  assert.deepEqual(alerts(), ['A bank warns of fraud: Colour'])
  assert.match(till.told[0]?.text ?? '', /Access is as it was[\s\S]*give the money back now/)
})

test('A dispute that is opened and won after the money was given back brings nothing back', async (t) => {
  const { till, told, url, outcome } = await living(t)
  await till.refund(url)
  await told('charge.refunded')
  await till.dispute(url)
  await told('charge.dispute.created')
  await till.dispute(url, 'won')
  await told('charge.dispute.closed')
  const after = await outcome()
  assert.deepEqual([after.state, after.dispute, after.lesson, after.balance], ['refunded', 'won', 'access-ended', 0])
  assert.deepEqual(after.facts, ['paid', 'refunded'])
})

test('News three days late is acted on as if it were new', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const completed = await till.event('checkout.session.completed')
  till.clock.pass(3 * 24 * 3600)
  await till.tell(completed)
  await till.settle()
  assert.equal(await lessonOf(paid.learner, paid.course), 'answered')
  await till.refund(paid.order.checkoutUrl)
  const refunded = await till.event('charge.refunded')
  till.clock.pass(3 * 24 * 3600)
  await till.tell(refunded)
  await till.settle()
  assert.equal(await lessonOf(paid.learner, paid.course), 'access-ended')
  assert.equal(await balanceOf(till, paid.order.id), 0)
})

test('One event a hundred times, sixteen at once, is one grant, one letter of welcome and one receipt, and every answer is well', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const event = await till.event('checkout.session.completed')
  const statuses: number[] = []
  for (let sent = 0; sent < 100; sent += 16) {
    const answers = await Promise.all(Array.from({ length: Math.min(16, 100 - sent) }, () => till.tell(event)))
    statuses.push(...answers.map(({ status }) => status))
    await till.settle()
  }
  assert.equal(statuses.length, 100)
  assert.ok(statuses.every((status) => status >= 200 && status < 300))
  assert.deepEqual(await factsOf(till, paid.learner.id, paid.course), ['paid'])
  assert.deepEqual(till.letters.map(({ subject }) => subject).toSorted(), ['You are in: Colour', 'Your receipt 2026-000001'])
  assert.equal((await paid.learner.client.receipts.mine({})).receipts.length, 1)
})

test('Two endpoints with secrets of their own at one address are one grant', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const { apiUrl } = till.sandbox
  till.world.payments = stripePayments({ secretKey: 'sk_test_till', webhookSecrets: [WEBHOOK_SECRET, 'whsec_of_the_other'], apiUrl, clock: till.clock })
  const body = eventBody(await till.event('checkout.session.completed'))
  const at = Math.floor(till.clock.now().getTime() / 1000)
  const answers = await Promise.all(
    [WEBHOOK_SECRET, 'whsec_of_the_other'].map((secret) => stripeHook(till.world)({ body: new TextEncoder().encode(body), signature: sign(body, secret, at) })),
  )
  await till.settle()
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200],
  )
  assert.deepEqual(await factsOf(till, paid.learner.id, paid.course), ['paid'])
  assert.equal(till.letters.length, 2)
})

test('A recorded request sent again within five minutes is answered well and does nothing', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till)
  const body = eventBody(await till.event('checkout.session.completed'))
  const signature = sign(body, WEBHOOK_SECRET, Math.floor(till.clock.now().getTime() / 1000))
  await till.deliver(body, signature)
  await till.settle()
  const before = [await orderNow(till, paid.order.id), till.stored('hook#'), till.letters.length, till.happened('order.paid')]
  till.clock.pass(299)
  assert.equal((await till.deliver(body, signature)).status, 200)
  await till.settle()
  assert.deepEqual([await orderNow(till, paid.order.id), till.stored('hook#'), till.letters.length, till.happened('order.paid')], before)
})

test('Whoever asks at the same moment, a payment is booked once', async (t) => {
  const { till, url, order, outcome } = await living(t)
  await till.refund(url, 1000)
  await till.dispute(url)
  const { payment = '' } = await orderNow(till, order)
  await Promise.all([1, 2, 3, 4].map(() => followPayment(till.world, order, payment)))
  await till.settle()
  const { entries, balance, facts } = await outcome()
  assert.deepEqual(entries.map(({ kind }) => kind).toSorted(), ['charged', 'disputed', 'refunded'])
  assert.equal(balance, 4900 - 1000 - 4900)
  assert.deepEqual(facts, ['paid', 'disputed'])
})

test('A coupon of an order that was held and given back can be used again', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  const coupon = { code: 'SPRING', items: [], isFirstTimeOnly: false, limit: 1, isActive: true, used: 0, paid: 0, createdAt: '2026-05-04T09:00:00.000Z' }
  await till.world.tables.commit([couponRecords.put({ ...coupon, off: { kind: 'percent', percent: 20 } })])
  const order = await buy(learner, course, { coupon: 'SPRING' })
  await till.pay(order.checkoutUrl, { amount_total: 100 })
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  assert.equal((await orderNow(till, order.id)).state, 'held')
  await till.refund(order.checkoutUrl)
  await till.tell(await till.event('charge.refunded'))
  await till.settle()
  assert.equal((await orderNow(till, order.id)).state, 'refunded')
  const again = await buy(learner, course, { coupon: 'SPRING' })
  assert.notEqual(again.id, order.id)
  assert.equal(again.coupon?.code, 'SPRING')
})
