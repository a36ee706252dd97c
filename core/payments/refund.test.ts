import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import { membershipRecords } from '#core/memberships/records.ts'
import { stopping } from '#core/memberships/stop.ts'
import { USUAL_POLICY } from '#core/refunds/policy.ts'
import type { StripeEvent } from '#sandbox/stripe/store.ts'
import { buy } from '#test/buy.ts'
import { anOrder, aPayment } from '#test/payments.ts'
import { refusalOf } from '#test/school.ts'
import { aPaidPage, aSale, aTill, type Till } from '#test/till.ts'
import { judgePayment } from './judge.ts'
import { hookRecords, orderRecords, paymentRecords, type StoredOrder } from './records.ts'

type Paid = Awaited<ReturnType<typeof aPaidPage>>

/** An order whose payment has been settled, while no webhook comes by itself. */
const aPaidOrder = async (till: Till): Promise<Paid> => {
  const paid = await aPaidPage(till)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  return paid
}

const stateOf = async ({ learner, order }: Paid): Promise<string> => (await learner.client.payments.order({ order: order.id })).state
const storedOrder = async (till: Till, { order }: Paid): Promise<StoredOrder | undefined> => (await orderRecords.get(till.world.tables, order))?.value
const kinds = async (till: Till, { learner, course }: Paid): Promise<string[]> =>
  (await enrolmentOf(till.world.tables, learner.id, course))?.value.facts.map(({ kind }) => kind) ?? []
const lessonIsOpen = async ({ learner, course }: Pick<Paid, 'learner' | 'course'>): Promise<string> => {
  const { sections } = await learner.client.learning.curriculum({ course })
  return refusalOf(learner.client.learning.lesson({ lesson: sections[0]?.lessons[0]?.id ?? '' }))
}
const hookState = async (till: Till, id: string) => (await hookRecords.get(till.world.tables, { id }))?.value.state
/** About the course; receipts have letters of their own. */
const lettersTo = (till: Till, { learner }: Paid): string[] =>
  till.letters.filter(({ to, subject }) => to === learner.email && subject.endsWith(': Colour')).map(({ subject }) => subject)

test('A buyer reads on the order that it waits for their bank, until that is decided', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidOrder(till)
  const disputeOf = async () => (await paid.learner.client.payments.order({ order: paid.order.id })).dispute
  const tell = async (type: string) => {
    await till.tell(await till.event(type))
    await till.settle()
  }
  assert.equal(await disputeOf(), undefined)
  await till.dispute(paid.order.checkoutUrl)
  await tell('charge.dispute.created')
  assert.equal(await disputeOf(), 'waits')
  await till.dispute(paid.order.checkoutUrl, 'won')
  await tell('charge.dispute.closed')
  assert.equal(await disputeOf(), undefined)
  const again = await buy(paid.learner, (await aSale(till)).course)
  await till.pay(again.checkoutUrl)
  await tell('checkout.session.completed')
  await till.dispute(again.checkoutUrl, 'lost')
  await tell('charge.dispute.created')
  await tell('charge.dispute.closed')
  assert.deepEqual([(await paid.learner.client.payments.order({ order: again.id })).dispute, await disputeOf()], ['lost', undefined])
})

test('A payment given back takes the course back, says so in one letter, and lets the learner buy it again', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidOrder(till)
  assert.equal(await lessonIsOpen(paid), 'answered')
  await till.refund(paid.order.checkoutUrl)
  const refunded = await till.event('charge.refunded')
  await till.tell(refunded)
  await till.settle()
  assert.equal(await stateOf(paid), 'refunded')
  assert.equal(await lessonIsOpen(paid), 'access-ended')
  assert.equal(await hookState(till, refunded.id), 'done')
  assert.deepEqual(lettersTo(till, paid), ['You are in: Colour', 'Refunded: Colour'])
  assert.equal((await paid.learner.client.payments.retry({ order: paid.order.id })).state, 'refunded')
  const second = await buy(paid.learner, paid.course)
  assert.notEqual(second.id, paid.order.id)
  await till.pay(second.checkoutUrl)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  assert.equal(await lessonIsOpen(paid), 'answered')
  assert.deepEqual(lettersTo(till, paid), ['You are in: Colour', 'Refunded: Colour', 'You are in: Colour'])
  // Old news of the first payment is no news of the second.
  await till.tell({ ...refunded, id: 'evt_late' })
  await till.settle()
  assert.equal(await lessonIsOpen(paid), 'answered')
})

test('A part given back is written down and takes nothing; when the rest follows, the course goes', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidOrder(till)
  await till.refund(paid.order.checkoutUrl, 1900)
  const part = await till.event('charge.refunded')
  await till.tell(part)
  await till.settle()
  assert.equal(await stateOf(paid), 'paid')
  assert.equal((await storedOrder(till, paid))?.refundedMinor, 1900)
  assert.equal(await lessonIsOpen(paid), 'answered')
  assert.deepEqual(lettersTo(till, paid), ['You are in: Colour'])
  await till.refund(paid.order.checkoutUrl, 3000)
  // The news is of the part; what counts is what the provider says now.
  await till.tell({ ...part, id: 'evt_part_again' })
  await till.settle()
  assert.equal(await stateOf(paid), 'refunded')
  assert.equal((await storedOrder(till, paid))?.refundedMinor, 4900)
  assert.equal(await lessonIsOpen(paid), 'access-ended')
})

test('News of one refund, twenty times and five at once, ends access once', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidOrder(till)
  await till.refund(paid.order.checkoutUrl)
  const [charge, refund] = [await till.event('charge.refunded'), await till.event('refund.created')]
  for (let round = 0; round < 4; round += 1) {
    const events = [charge, refund, { ...charge, id: `evt_${round}a` }, { ...refund, id: `evt_${round}b`, type: 'refund.updated' }, charge]
    const answers = await Promise.all(events.map((event) => till.tell(event)))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    await till.settle()
  }
  assert.deepEqual(await kinds(till, paid), ['paid', 'refunded'])
  assert.equal(till.happened('enrolment.ended'), 1)
  assert.equal(lettersTo(till, paid).length, 2)
  assert.deepEqual(till.told, [])
})

test('Duplicated and reordered by the provider itself, a refund ends the same', { timeout: 20_000 }, async (t) => {
  for (const faults of [{ webhooks: 'duplicate', times: 5 } as const, { webhooks: 'reorder' } as const]) {
    const till = await aTill(t)
    const paid = await aPaidOrder(till)
    await till.faults(faults)
    await till.refund(paid.order.checkoutUrl)
    // The reordered ones wait for a clock that stands still here: both are told anyway, by hand.
    if (faults.webhooks === 'reorder') for (const type of ['charge.refunded', 'refund.created']) await till.tell(await till.event(type))
    else await till.hooks.arrived(10)
    await till.settle()
    assert.equal(await stateOf(paid), 'refunded')
    assert.deepEqual(await kinds(till, paid), ['paid', 'refunded'])
  }
})

test('In whatever order payment and refund are told, the order ends refunded and the course closed', async (t) => {
  const till = await aTill(t)
  const { course, teacher } = await aSale(till)
  await till.faults({ webhooks: 'drop' })
  const orders = permutations([0, 1, 2, 3])
  for (const [run, places] of orders.entries()) {
    const learner = await till.person(`Learner${run}`)
    const order = await buy(learner, course)
    await till.pay(order.checkoutUrl)
    await till.refund(order.checkoutUrl)
    const story: StripeEvent[] = []
    for (const type of ['payment_intent.succeeded', 'checkout.session.completed', 'refund.created', 'charge.refunded']) story.push(await till.event(type))
    for (const place of places) {
      const event = story[place]
      if (event) assert.equal((await till.tell(event)).status, 200)
      await till.settle()
    }
    const paid: Paid = { learner, course, order, teacher, slug: 'colour', isEnrolled: async () => false }
    assert.equal(await stateOf(paid), 'refunded', `order ${places.join('')}`)
    assert.deepEqual(await kinds(till, paid), ['paid', 'refunded'], `order ${places.join('')}`)
  }
  assert.equal(orders.length, 24)
  assert.equal(till.happened('enrolment.ended'), 24)
  assert.deepEqual(till.told, [])
})

test('An order from before payments were written down is found through the provider', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidOrder(till)
  const payment = (await storedOrder(till, paid))?.payment ?? ''
  await till.world.tables.commit([paymentRecords.remove({ payment })])
  await till.refund(paid.order.checkoutUrl)
  await till.tell(await till.event('charge.refunded'))
  await till.settle()
  assert.equal(await stateOf(paid), 'refunded')
  assert.deepEqual(await kinds(till, paid), ['paid', 'refunded'])
})

test('A refund of a payment that was for no order, or that names none, is kept where a person sees it', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidOrder(till)
  await till.refund(paid.order.checkoutUrl)
  const event = await till.event('charge.refunded')
  const { object } = event.data
  await till.tell({ ...event, id: 'evt_stranger', data: { object: { ...object, payment_intent: 'pi_stranger' } } })
  await till.tell({ ...event, id: 'evt_none', data: { object: { ...object, payment_intent: null } } })
  await till.settle()
  const parked = (await hookRecords.listIndex(till.world.tables, 'hooks#parked')).items
  assert.deepEqual(parked.map(({ parkedBecause }) => parkedBecause).sort(), ['it names no payment', 'payment pi_stranger belongs to no order of the school'])
  assert.ok(till.told.length > 0)
  assert.equal(await stateOf(paid), 'paid')
  assert.equal(await lessonIsOpen(paid), 'answered')
})

test('What the news itself claims is not believed', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidOrder(till)
  await till.refund(paid.order.checkoutUrl, 100)
  const event = await till.event('charge.refunded')
  await till.tell({ ...event, data: { object: { ...event.data.object, amount_refunded: 4900, refunded: true } } })
  await till.settle()
  assert.equal(await stateOf(paid), 'paid')
  assert.equal((await storedOrder(till, paid))?.refundedMinor, 100)
})

test('A refund told while the provider cannot be asked is worked off when it can', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidOrder(till)
  await till.refund(paid.order.checkoutUrl)
  const event = await till.event('charge.refunded')
  await till.faults({ api: '500' })
  assert.equal((await till.tell(event)).status, 200)
  await till.settle()
  assert.equal(await lessonIsOpen(paid), 'answered')
  await till.faults({ api: 'none' })
  till.clock.pass(60)
  await till.settle()
  assert.equal(await lessonIsOpen(paid), 'access-ended')
})

test('Someone who was given the course as well keeps it, and hears nothing of an end', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidOrder(till)
  const { learner, course } = paid
  const at = till.clock.now().toISOString()
  const enrolment = await enrolmentOf(till.world.tables, learner.id, course)
  await till.world.tables.commit([withFact(enrolment, { learner: learner.id, course }, { id: 'fct_gift', kind: 'gifted', at })])
  await till.refund(paid.order.checkoutUrl)
  await till.tell(await till.event('charge.refunded'))
  await till.settle()
  assert.equal(await stateOf(paid), 'refunded')
  assert.equal(await lessonIsOpen(paid), 'answered')
  assert.equal(till.happened('enrolment.ended'), 0)
})

test('A second payment for one order is given back without taking what the first one bought', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidOrder(till)
  const { id: order, price } = paid.order
  const urls = { successUrl: 'http://school.test/', cancelUrl: 'http://school.test/' }
  const asked = { order, idempotencyKey: 'another', price, quantity: 1, title: 'Colour', email: paid.learner.email, isTaxed: false, ...urls }
  const { url } = await till.world.payments.openCheckout(asked)
  await till.pay(url)
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  assert.equal(till.happened('order.paid-twice'), 1)
  await till.refund(url)
  const event = await till.event('charge.refunded')
  await till.tell(event)
  await till.settle()
  assert.equal(await hookState(till, event.id), 'done')
  assert.equal(await stateOf(paid), 'paid')
  assert.equal(await lessonIsOpen(paid), 'answered')
  await till.refund(paid.order.checkoutUrl)
  await till.tell(await till.event('charge.refunded'))
  await till.settle()
  assert.equal(await lessonIsOpen(paid), 'access-ended')
})

test('A held order that is refunded is out of the way: the course can be ordered anew, and nothing was ever granted', async (t) => {
  const till = await aTill(t)
  const paid = await aPaidPage(till, { amount_total: 100 })
  await till.tell(await till.event('checkout.session.completed'))
  await till.settle()
  assert.equal(await stateOf(paid), 'held')
  await till.refund(paid.order.checkoutUrl)
  await till.tell(await till.event('charge.refunded'))
  await till.settle()
  assert.equal(await stateOf(paid), 'refunded')
  assert.deepEqual(await kinds(till, paid), [])
  assert.equal(till.happened('enrolment.ended'), 0)
  const again = await buy(paid.learner, paid.course)
  assert.notEqual(again.id, paid.order.id)
  assert.equal(again.state, 'open')
})

test('A refund that fails later, or was made in another currency, is for a person to look at', () => {
  const known = { entries: [], policy: USUAL_POLICY, at: '2026-05-05T09:00:00.000Z' }
  const order = anOrder({ payment: 'pi_1', refundedMinor: 4900, refundedAt: '2026-05-04T10:00:00.000Z' })
  const judged = (state: StoredOrder['state'], amountMinor: number, currency = 'EUR') =>
    judgePayment({ ...order, state }, aPayment({ refunded: { amountMinor, currency } }), known)
  assert.match(judged('paid', 4900, 'USD').odd ?? '', /refunded in USD/)
  assert.equal(judged('refunded', 4900).odd, undefined)
  assert.match(judged('refunded', 100).odd ?? '', /its money has come back since; access stays ended/)
  assert.equal(judged('refunded', 100).order.state, 'refunded')
  assert.deepEqual([judged('paid', 4900).order.state, judged('held', 4900).order.state, judged('open', 4900).isChanged], ['refunded', 'refunded', false])
})

function permutations(of: number[]): number[][] {
  return of.length < 2 ? [of] : of.flatMap((first) => permutations(of.filter((each) => each !== first)).map((rest) => [first, ...rest]))
}

test('What was bought while the clock was fast is open once it is put right, and a refund closes it for good', async (t) => {
  const till = await aTill(t)
  const owner = await till.person('Olive', 'admin')
  const right = till.clock.now().toISOString()
  till.clock.pass(600)
  const paid = await aPaidOrder(till)
  till.clock.pass(-590)
  assert.equal(await lessonIsOpen(paid), 'answered')
  await till.refund(paid.order.checkoutUrl)
  await till.tell(await till.event('charge.refunded'))
  await till.settle()
  assert.equal(await lessonIsOpen(paid), 'access-ended')
  till.clock.pass(24 * 3600)
  assert.equal(await lessonIsOpen(paid), 'access-ended')
  const { sections } = await paid.learner.client.learning.curriculum({ course: paid.course })
  const ask = (at?: string) =>
    owner.client.grants.explain({ email: paid.learner.email, lesson: sections[0]?.lessons[0]?.id ?? '', ...(at !== undefined && { at }) })
  const { facts, because } = await ask()
  assert.deepEqual([facts.map(({ kind }) => kind), because], [['paid', 'refunded'], 'refunded'])
  assert.deepEqual(
    facts.map(({ at }) => at),
    facts.map(({ at }) => at).toSorted(),
  )
  assert.deepEqual([(await ask(right)).because, (await ask(right)).rights], ['not-enrolled', []])
})

test('A membership begun while the clock was fast is open once it is put right, and closes for good when it is given back', async (t) => {
  const till = await aTill(t)
  const { learner, course } = await aSale(till)
  const at = till.clock.now().toISOString()
  const of = { id: 'mem_1', learner: learner.id, email: learner.email, order: 'ord_1', offer: 'off_1', title: 'All', kind: 'instalments' as const, count: 3 }
  const about = {
    courses: [{ id: course, slug: 'colour', title: 'Colour' }],
    paidCount: 1,
    price: { amountMinor: 2000, currency: 'EUR' },
    every: 'month' as const,
  }
  till.clock.pass(600)
  const begun = till.clock.now().toISOString()
  const paidUntil = new Date(till.clock.now().getTime() + 30 * 24 * 3600_000).toISOString()
  const standing = { state: 'active' as const, isLive: false, subscription: 'sub_1', startedAt: begun, paidUntil, readAt: at, invoices: [] }
  const facts = [{ id: 'fct_1', kind: 'subscribed' as const, at: begun, order: 'ord_1', until: paidUntil }]
  await till.world.tables.commit([membershipRecords.add({ ...of, ...about, ...standing, facts })])
  till.clock.pass(-590)
  const paid = { learner, course }
  assert.equal(await lessonIsOpen(paid), 'answered')
  const { changes } = await stopping(till.world, anOrder({ id: 'ord_1', learner: learner.id }), 'refunded', till.clock.now().toISOString())
  await till.world.tables.commit(changes)
  assert.equal(await lessonIsOpen(paid), 'access-ended')
  till.clock.pass(3600)
  assert.equal(await lessonIsOpen(paid), 'access-ended')
})
