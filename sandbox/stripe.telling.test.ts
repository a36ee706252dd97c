import assert from 'node:assert/strict'
import { test } from 'node:test'
import Stripe from 'stripe'
import { aClock, aMember, aStandIn, DAY, membership, PARAMS, SECRET, type StandIn } from './stripe.fixture.ts'

const aSale = async ({ client, pay }: StandIn, paidWith: object = {}): Promise<string> => {
  const { id } = await client().checkout.sessions.create(PARAMS)
  assert.equal((await pay(id, paidWith)).status, 200)
  return String((await client().checkout.sessions.retrieve(id)).payment_intent)
}

test('A dispute takes the money, keeps it from being refunded, and is won or lost', async (t) => {
  const standIn = await aStandIn(t)
  const { client, control, types, run } = standIn
  const [won, lost] = [await aSale(standIn), await aSale(standIn)]
  const opened = await control(`payments/${won}/dispute`, { reason: 'product_not_received' })
  await control(`payments/${lost}/dispute`, { outcome: 'lost' })
  const dispute = await client().disputes.retrieve(String(opened['id']))
  assert.deepEqual([dispute.status, dispute.amount, dispute.reason, dispute.payment_intent], ['needs_response', 4900, 'product_not_received', won])
  assert.equal((await client().charges.retrieve(String(dispute.charge))).disputed, true)
  for (const payment_intent of [won, lost]) await assert.rejects(client().refunds.create({ payment_intent }), { code: 'charge_disputed' })
  await control(`disputes/${dispute.id}/close`, { outcome: 'won' })
  await assert.rejects(control(`disputes/${dispute.id}/close`, { outcome: 'lost' }))
  assert.equal((await client().disputes.list({ payment_intent: won, created: { gte: 1 } })).data[0]?.status, 'won')
  assert.equal((await client().refunds.create({ payment_intent: won })).status, 'succeeded')
  await run()
  const told = types().filter((type) => type.startsWith('charge.dispute'))
  const [all, closed] = [['created', 'funds_withdrawn', 'updated', 'closed'], ['funds_reinstated']]
  assert.deepEqual(told.sort(), [...all, ...all, ...closed].map((what) => `charge.dispute.${what}`).sort())
})

test('Test cards dispute, warn and take no refund, as Stripe’s do', async (t) => {
  const clock = aClock('2026-05-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, run, types, pay } = standIn
  const disputed = await aSale(standIn, { card: '4000 0000 0000 0259' })
  const warned = await aSale(standIn, { card: '4000 0000 0000 5423' })
  const refunded = await aSale(standIn, { card: '4000 0000 0000 5126' })
  assert.equal((await client().disputes.list({ payment_intent: disputed })).data.length, 1)
  const [warning] = (await client().radar.earlyFraudWarnings.list({ payment_intent: warned })).data
  assert.deepEqual([warning?.actionable, warning?.payment_intent], [true, warned])
  const { id } = await client().refunds.create({ payment_intent: refunded })
  clock.pass(60)
  await run()
  const failed = await client().refunds.retrieve(id, { expand: ['charge'] })
  assert.ok(typeof failed.charge === 'object')
  assert.deepEqual([failed.status, failed.failure_reason, failed.charge?.amount_refunded], ['failed', 'expired_or_canceled_card', 0])
  assert.ok(types().includes('radar.early_fraud_warning.created') && types().includes('refund.failed'))
  const { id: session } = await client().checkout.sessions.create(PARAMS)
  assert.equal((await pay(session, { card: '4000000000000341' })).status, 402)
})

test('A renewal’s payment is given back like any other, and leads to its invoice', async (t) => {
  const standIn = await aStandIn(t)
  const { client } = standIn
  const { session } = await aMember(standIn, 1900)
  const [payment] = (await client().invoicePayments.list({ invoice: String(session.invoice) })).data
  const payment_intent = String(payment?.payment.payment_intent)
  const refund = await client().refunds.create({ payment_intent, amount: 900 }, { idempotencyKey: 'back' })
  assert.equal((await client().refunds.create({ payment_intent, amount: 900 }, { idempotencyKey: 'back' })).id, refund.id)
  const intent = await client().paymentIntents.retrieve(payment_intent, { expand: ['latest_charge'] })
  assert.ok(typeof intent.latest_charge === 'object')
  assert.deepEqual([intent.latest_charge?.amount_refunded, intent.customer], [900, session.customer])
  const deep = { payment: { type: 'payment_intent' as const, payment_intent }, expand: ['data.invoice.parent.subscription_details.subscription'] }
  const [led] = (await client().invoicePayments.list(deep)).data
  assert.ok(typeof led?.invoice === 'object' && !led.invoice.deleted)
  assert.ok(typeof led.invoice.parent?.subscription_details?.subscription === 'object')
})

test('Events are listed by type, time and whether they were taken, a page at a time in both directions', async (t) => {
  const standIn = await aStandIn(t)
  const { client, ear, requests, run } = standIn
  await aSale(standIn)
  await requests(2)
  ear.status = 500
  await aSale(standIn)
  await requests(4)
  await run()
  const types = ['checkout.session.completed' as const]
  const [late, early] = (await client().events.list({ types, created: { gte: 1 } })).data
  assert.ok(late && early)
  assert.deepEqual([late.pending_webhooks, early.pending_webhooks], [1, 0])
  const ids = async (params: Stripe.EventListParams) => (await client().events.list({ types, ...params })).data.map(({ id }) => id)
  assert.deepEqual(await ids({ delivery_success: false }), [late.id])
  assert.deepEqual(await ids({ delivery_success: true }), [early.id])
  assert.deepEqual(await ids({ starting_after: late.id }), [early.id])
  assert.deepEqual(await ids({ ending_before: early.id }), [late.id])
  assert.deepEqual(await ids({ created: { lt: 1000 } }), [])
  await assert.rejects(client().events.list({ type: 'charge.refunded', types }), Stripe.errors.StripeInvalidRequestError)
  assert.equal((await client().events.retrieve(late.id)).pending_webhooks, 1)
})

test('Two endpoints at one address, each with its secret, are each sent every event they ask for', async (t) => {
  const more = [{ url: '', secret: 'whsec_other', events: ['charge.refunded'] }]
  const standIn = await aStandIn(t, { moreWebhooks: more })
  const { ear, heard, client, run } = standIn
  ear.secrets.push('whsec_other')
  const payment_intent = await aSale(standIn)
  await client().refunds.create({ payment_intent })
  await run()
  const count = (type: string): number => heard.filter((event) => event.type === type).length
  assert.deepEqual([count('charge.refunded'), count('refund.created')], [2, 1])
  ear.secrets = [SECRET]
  const again = await aSale(standIn)
  await client().refunds.create({ payment_intent: again })
  await run()
  // One of the two no longer takes it.
  assert.equal((await client().events.list({ type: 'charge.refunded', limit: 1 })).data[0]?.pending_webhooks, 1)
})

test('A test clock takes only its own customers ahead', async (t) => {
  const clock = aClock('2026-05-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, pay } = standIn
  const frozen = await client().testHelpers.testClocks.create({ frozen_time: Date.parse('2027-01-01T00:00:00Z') / 1000, name: 'later' })
  const customer = (await client().customers.create({ email: 'c@lectern.test', test_clock: frozen.id })).id
  const { customer_email: _, ...asked } = membership(1900)
  const session = await client().checkout.sessions.create({ ...asked, customer })
  await pay(session.id)
  const other = await aMember(standIn, 1900)
  const advanced = await client().testHelpers.testClocks.advance(frozen.id, { frozen_time: frozen.frozen_time + 62 * DAY })
  assert.deepEqual([advanced.status, (await client().testHelpers.testClocks.retrieve(frozen.id)).frozen_time], ['ready', frozen.frozen_time + 62 * DAY])
  const count = async (of: string) => (await client().invoices.list({ customer: of, status: 'paid' })).data.length
  assert.deepEqual([await count(customer), await count(other.customer)], [3, 1])
  const [event] = (await client().events.list({ type: 'invoice.paid', limit: 1 })).data
  assert.equal(event?.created, clock.seconds())
  await assert.rejects(client().testHelpers.testClocks.advance(frozen.id, { frozen_time: 1 }), Stripe.errors.StripeInvalidRequestError)
})

test('The stand-in’s own clock is moved by hand: what comes due happens in order, and a restart keeps all of it', async (t) => {
  const standIn = await aStandIn(t)
  const { client, control, restart, run, heard } = standIn
  const { subscription } = await aMember(standIn, 1900)
  await control('clock', { advanceSeconds: 65 * DAY })
  await restart()
  const [later] = (await client().subscriptions.list({ status: 'active' })).data
  assert.equal(later?.id, subscription.id)
  const invoices = (await client().invoices.list({ subscription: subscription.id })).data
  assert.deepEqual(
    invoices.map(({ billing_reason: reason, status }) => [reason, status]),
    [
      ['subscription_cycle', 'paid'],
      ['subscription_cycle', 'paid'],
      ['subscription_create', 'paid'],
    ],
  )
  await run()
  const { now } = JSON.parse(await (await fetch(standIn.boxUrl('/sandbox/stripe/api/clock'))).text())
  assert.ok(now > Date.now() / 1000 + 64 * DAY)
  assert.ok(heard.every(({ created }) => created <= Date.now() / 1000 + 1))
  await assert.rejects(control('clock', { to: 1 }))
})

test('The same seed and the same calls make the same faults; another seed makes others', async (t) => {
  const faulty = async (seed: number): Promise<string[]> => {
    const standIn = await aStandIn(t)
    const { client, faults, pay } = standIn
    await faults({ seed, rate: 60, seconds: 1 })
    const told: string[] = []
    for (let call = 0; call < 12; call += 1) {
      const made = await client()
        .checkout.sessions.create(PARAMS)
        .catch((error: Stripe.errors.StripeError) => error.type + error.statusCode)
      told.push(typeof made === 'string' ? made : 'made')
      if (typeof made !== 'string') await pay(made.id)
    }
    await faults({ seed: null })
    const types = ['checkout.session.completed' as const]
    const pending = (await client().events.list({ types, limit: 100 })).data.map(({ pending_webhooks: left }) => left)
    return [...told, ...pending.map(String)]
  }
  const [first, again, other] = [await faulty(7), await faulty(7), await faulty(8)]
  const calls = (all: string[]): string[] => all.slice(0, 12)
  assert.deepEqual(calls(first), calls(again))
  assert.notDeepEqual(calls(first), calls(other))
  assert.ok(new Set(calls(first)).size > 2)
})

test('Answers that are half, wrong, or come with 429 are made by a switch each', async (t) => {
  const { client, faults, see } = await aStandIn(t)
  await faults({ api: '429' })
  await assert.rejects(client().checkout.sessions.create(PARAMS), { statusCode: 429 })
  await faults({ api: 'malformed' })
  await assert.rejects(client().checkout.sessions.create(PARAMS), Stripe.errors.StripeAPIError)
  await faults({ api: 'amounts' })
  assert.equal((await client().checkout.sessions.create(PARAMS)).amount_total, 4901)
  await faults({ api: 'hang' })
  await assert.rejects(client().events.list({}, { timeout: 100 }), Stripe.errors.StripeConnectionError)
  assert.match(await see('/sandbox/stripe/faults'), /value="hang" checked/)
})

test('Every new call made twice under one key is done once', async (t) => {
  const standIn = await aStandIn(t)
  const { client } = standIn
  const { subscription, customer } = await aMember(standIn, 1900)
  const calls: Record<string, (options: Stripe.RequestOptions) => Promise<{ id: string }>> = {
    customer: (options) => client().customers.create({ email: 'x@lectern.test' }, options),
    coupon: (options) => client().coupons.create({ percent_off: 10, duration: 'once' }, options),
    product: (options) => client().products.create({ name: 'x' }, options),
    portal: (options) => client().billingPortal.sessions.create({ customer, return_url: 'http://school.test/' }, options),
    update: (options) => client().subscriptions.update(subscription.id, { metadata: { a: '1' } }, options),
    session: (options) => client().checkout.sessions.create(membership(1900), options),
  }
  for (const [name, call] of Object.entries(calls)) {
    const before = (await client().events.list({ limit: 100 })).data.length
    const first = await call({ idempotencyKey: name })
    const between = (await client().events.list({ limit: 100 })).data.length
    assert.equal((await call({ idempotencyKey: name })).id, first.id, name)
    assert.equal((await client().events.list({ limit: 100 })).data.length, between, name)
    assert.ok(between >= before)
  }
})

test('What Stripe would refuse of a session is refused', async (t) => {
  const { client } = await aStandIn(t)
  const { id: customer } = await client().customers.create({ email: 'lena@lectern.test' })
  const now = Math.floor(Date.now() / 1000)
  const { customer_email: _, ...without } = PARAMS
  const refused: [string, Stripe.Checkout.SessionCreateParams][] = [
    ['customer_creation', { ...membership(1900), customer_creation: 'always' }],
    ['payment_intent_data', { ...membership(1900), payment_intent_data: { description: 'x' } }],
    ['subscription_data', { ...PARAMS, subscription_data: { description: 'x' } }],
    ['expires_at', { ...PARAMS, expires_at: now + 60 }],
    ['expires_at', { ...PARAMS, expires_at: now + 25 * 3600 }],
    ['customer', { ...PARAMS, customer }],
    ['tax_id_collection', { ...without, customer, tax_id_collection: { enabled: true } }],
    ['automatic_tax', { ...without, customer, automatic_tax: { enabled: true } }],
    ['discounts[0][coupon]', { ...PARAMS, discounts: [{ coupon: 'NONE' }] }],
    ['line_items', { ...PARAMS, automatic_tax: { enabled: true } }],
    ['shipping_options[][shipping_rate]', { ...PARAMS, shipping_options: [{ shipping_rate: 'shr_1' }] }],
  ]
  for (const [param, params] of refused) await assert.rejects(client().checkout.sessions.create(params), { param, type: 'StripeInvalidRequestError' }, param)
})
