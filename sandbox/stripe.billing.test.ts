import assert from 'node:assert/strict'
import { test } from 'node:test'
import Stripe from 'stripe'
import { aClock, aMember, aStandIn, DAY, linesOf, membership } from './stripe.fixture.ts'

const HOUR = 3600

test('A membership is bought on the page, renews an hour after its month is over, and every payment leads back to it', async (t) => {
  const clock = aClock('2026-01-31T10:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, types, run } = standIn
  const about = { subscription_data: { metadata: { order: 'ord_2' } }, metadata: { order: 'ord_2' } }
  const { session, subscription, item, customer } = await aMember(standIn, 1900, about)
  assert.deepEqual([session.status, session.payment_status, session.mode, session.payment_intent], ['complete', 'paid', 'subscription', null])
  assert.deepEqual([subscription.status, subscription.metadata, subscription.customer], ['active', { order: 'ord_2' }, customer])
  assert.equal(item.current_period_end, Date.parse('2026-02-28T10:00:00Z') / 1000)
  const first = await client().invoices.retrieve(String(session.invoice), { expand: ['payments'] })
  assert.deepEqual([first.status, first.billing_reason, first.amount_paid, linesOf(first)], ['paid', 'subscription_create', 1900, [1900]])
  assert.equal(first.parent?.subscription_details?.subscription, subscription.id)
  const payment = String(first.payments?.data[0]?.payment.payment_intent)
  const [led] = (await client().invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: payment } })).data
  assert.equal(led?.invoice, first.id)
  assert.equal((await client().checkout.sessions.list({ subscription: subscription.id })).data[0]?.id, session.id)

  clock.pass(28 * DAY)
  await run()
  const [draft] = (await client().invoices.list({ subscription: subscription.id, limit: 1 })).data
  assert.deepEqual([draft?.status, draft?.billing_reason, draft?.number], ['draft', 'subscription_cycle', null])
  clock.pass(HOUR)
  await run()
  const [second] = (await client().invoices.list({ customer, status: 'paid', limit: 1 })).data
  assert.ok(second && second.id === draft?.id)
  assert.match(second.number ?? '', /-0002$/)
  const after = await client().subscriptions.retrieve(subscription.id, { expand: ['latest_invoice.payments'] })
  assert.equal(after.items.data[0]?.current_period_end, Date.parse('2026-03-31T10:00:00Z') / 1000)
  assert.ok(typeof after.latest_invoice === 'object' && after.latest_invoice?.payments?.data[0]?.status === 'paid')
  for (const type of ['checkout.session.completed', 'customer.subscription.created', 'invoice.upcoming', 'invoice.paid'] as const)
    assert.ok(types().includes(type), type)
})

test('A renewal that fails is tried again after 3, 5 and 7 days, and then the subscription ends', async (t) => {
  const clock = aClock('2026-03-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, control, run, types } = standIn
  const { subscription, customer } = await aMember(standIn, 1900)
  await control('cards', { customer, number: '4000000000000341' })
  clock.pass(31 * DAY + HOUR)
  await run()
  const failed = await client().subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
  const invoice = failed.latest_invoice
  assert.ok(invoice && typeof invoice === 'object')
  assert.deepEqual([failed.status, invoice.status, invoice.attempt_count], ['past_due', 'open', 1])
  assert.equal(invoice.next_payment_attempt, clock.seconds() + 3 * DAY)
  await assert.rejects(client().invoices.pay(invoice.id), { code: 'card_declined', statusCode: 402 })
  assert.equal((await client().invoices.retrieve(invoice.id)).attempt_count, 2)
  clock.pass(5 * DAY)
  await run()
  assert.equal((await client().invoices.retrieve(invoice.id)).attempt_count, 3)
  clock.pass(7 * DAY)
  await run()
  const ended = await client().subscriptions.retrieve(subscription.id)
  assert.deepEqual([ended.status, ended.cancellation_details?.reason], ['canceled', 'payment_failed'])
  assert.equal(types().filter((type) => type === 'invoice.payment_failed').length, 4)
  assert.equal(types().at(-1), 'customer.subscription.deleted')
})

test('A card that pays again brings a past-due subscription back at the next try; `unpaid` is what stays otherwise, by rule', async (t) => {
  const clock = aClock('2026-03-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, control, run } = standIn
  await control('rules', { retryDays: [2], afterRetries: 'unpaid' })
  const [one, other] = [await aMember(standIn, 1900), await aMember(standIn, 2900)]
  await control('cards', { number: '4000000000009995' })
  clock.pass(31 * DAY + HOUR)
  await run()
  await control('cards', { customer: one.customer })
  clock.pass(2 * DAY)
  await run()
  const status = async (id: string) => (await client().subscriptions.retrieve(id)).status
  assert.deepEqual([await status(one.subscription.id), await status(other.subscription.id)], ['active', 'unpaid'])
  clock.pass(31 * DAY)
  await run()
  const drafts = (await client().invoices.list({ subscription: other.subscription.id, status: 'draft' })).data
  assert.deepEqual([drafts.length, await status(other.subscription.id)], [1, 'unpaid'])
})

test('A trial takes a card and no money, is told of before it ends, and then is paid for', async (t) => {
  const clock = aClock('2026-05-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, run, types } = standIn
  const { session, subscription } = await aMember(standIn, 1900, { subscription_data: { trial_period_days: 14 } })
  assert.deepEqual([session.payment_status, session.amount_total, subscription.status], ['no_payment_required', 0, 'trialing'])
  assert.ok(String(session.setup_intent).startsWith('seti_'))
  assert.equal(subscription.trial_end, clock.seconds() + 14 * DAY)
  clock.pass(11 * DAY)
  await run()
  assert.ok(types().includes('customer.subscription.trial_will_end'))
  clock.pass(3 * DAY)
  await run()
  assert.equal((await client().subscriptions.retrieve(subscription.id)).status, 'active')
  clock.pass(HOUR)
  await run()
  const paid = (await client().invoices.list({ subscription: subscription.id })).data.map(({ amount_paid: amount }) => amount)
  assert.deepEqual(paid, [1900, 0])
})

test('A subscription is cancelled at the end of its period, taken back, and cancelled at once', async (t) => {
  const clock = aClock('2026-05-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, run } = standIn
  const [one, other] = [await aMember(standIn, 1900), await aMember(standIn, 1900)]
  const end = one.item.current_period_end
  for (const { subscription } of [one, other]) {
    const leaving = await client().subscriptions.update(subscription.id, { cancel_at_period_end: true })
    assert.deepEqual([leaving.cancel_at_period_end, leaving.cancel_at, leaving.status], [true, end, 'active'])
  }
  const back = await client().subscriptions.update(other.subscription.id, { cancel_at_period_end: false, metadata: { kept: 'yes' } })
  assert.deepEqual([back.cancel_at, back.canceled_at, back.metadata], [null, null, { kept: 'yes' }])
  clock.pass(32 * DAY)
  await run()
  assert.equal((await client().subscriptions.retrieve(one.subscription.id)).ended_at, end)
  assert.deepEqual(
    (await client().subscriptions.list({ customer: one.customer })).data.map(({ id }) => id),
    [],
  )
  assert.equal((await client().subscriptions.list({ status: 'canceled' })).data[0]?.id, one.subscription.id)
  const gone = await client().subscriptions.cancel(other.subscription.id)
  assert.deepEqual([gone.status, gone.ended_at], ['canceled', clock.seconds()])
  await assert.rejects(client().subscriptions.cancel(other.subscription.id), { code: 'resource_missing' })
})

test('A card whose bank always asks pays on the page, and its renewal waits for its owner', async (t) => {
  const clock = aClock('2026-05-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, pay, run, types, control } = standIn
  const [once, always] = ['4000002500003155', '4000002760003184']
  const subscribe = async (number: string): Promise<string> => {
    const { id } = await client().checkout.sessions.create(membership(1900))
    assert.equal((await pay(id, { card: number, isAuthenticated: false })).status, 402)
    assert.equal((await pay(id, { card: number })).status, 200)
    return String((await client().checkout.sessions.retrieve(id)).subscription)
  }
  const [quiet, asked] = [await subscribe(once), await subscribe(always)]
  clock.pass(31 * DAY + HOUR)
  await run()
  const statuses = await Promise.all([quiet, asked].map(async (id) => (await client().subscriptions.retrieve(id)).status))
  assert.deepEqual(statuses, ['active', 'past_due'])
  assert.ok(types().includes('invoice.payment_action_required'))
  const [open] = (await client().invoices.list({ subscription: asked, status: 'open', expand: ['data.confirmation_secret'] })).data
  assert.match(open?.confirmation_secret?.client_secret ?? '', /^pi_\w+_secret_/)
  await control(`invoices/${open?.id}/pay`)
  assert.equal((await client().subscriptions.retrieve(asked)).status, 'active')
})

test('A subscription made without a page waits for its first payment, and expires without it', async (t) => {
  const clock = aClock('2026-05-01T00:00:00Z')
  const { client, run } = await aStandIn(t, clock)
  const { id: customer } = await client().customers.create({ email: 'lena@lectern.test' })
  const { id: product } = await client().products.create({ name: 'Membership' })
  const price = await client().prices.create({ currency: 'eur', product, unit_amount: 900, recurring: { interval: 'year' } })
  const made = await client().subscriptions.create({
    customer,
    items: [{ price: price.id }],
    payment_behavior: 'default_incomplete',
    expand: ['latest_invoice'],
  })
  assert.equal(made.status, 'incomplete')
  clock.pass(DAY)
  await run()
  assert.equal((await client().subscriptions.retrieve(made.id)).status, 'incomplete_expired')
  await assert.rejects(client().subscriptions.retrieve('sub_none'), Stripe.errors.StripeInvalidRequestError)
})

test('Before anything is sold the clock can be put back, so that a month that was bought then ends now by the clock on the wall', async (t) => {
  const standIn = await aStandIn(t)
  const wall = Math.floor(Date.now() / 1000)
  await standIn.control('clock', { advanceSeconds: -32 * DAY })
  assert.match(await standIn.see('/sandbox/stripe/billing'), /32 days behind the wall/)
  const { subscription, item } = await aMember(standIn, 1900)
  assert.ok(item.current_period_end < wall, 'its month is over')
  await assert.rejects(standIn.control('clock', { advanceSeconds: -DAY }), /forwards only/)
  await standIn.control('clock', { to: wall })
  const { data } = await standIn.client().invoices.list({ subscription: subscription.id })
  assert.deepEqual(
    data.map(({ billing_reason: why, status }) => [why, status]),
    [
      ['subscription_cycle', 'paid'],
      ['subscription_create', 'paid'],
    ],
  )
})
