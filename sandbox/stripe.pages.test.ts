import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aClock, aMember, aStandIn, card, DAY, membership } from './stripe.fixture.ts'

const HOUR = 3600
const answered = (number: string, authentication: 'complete' | 'fail'): URLSearchParams =>
  new URLSearchParams([...card(number), ['authentication', authentication]])

test('The page of a membership tells what is taken today and later, asks for a tax ID and an address, and takes both', async (t) => {
  const { client, see, send } = await aStandIn(t)
  await client().coupons.create({ id: 'SPRING', percent_off: 25, duration: 'once' })
  const about = { discounts: [{ coupon: 'SPRING' }], automatic_tax: { enabled: true }, tax_id_collection: { enabled: true } }
  const { id } = await client().checkout.sessions.create(membership(1900, about))
  const path = `/sandbox/stripe/checkout/${id}`
  const page = await see(path)
  for (const part of ['€14.25', 'Then €19.00 per month', 'Coupon SPRING', '−€4.75', '€2.37', 'Business tax ID', 'Country', 'Subscribe</button>'])
    assert.ok(page.includes(part), part)
  const filled = (more: Record<string, string>): URLSearchParams => new URLSearchParams([...card('4242424242424242'), ...Object.entries(more)])
  assert.match(await (await send(path, filled({ country: 'Germany' }))).text(), /two letters/)
  assert.match(await (await send(path, filled({ country: 'AT', tax: '12' }))).text(), /tax ID with its country/)
  assert.equal((await send(path, filled({ country: 'at', postal: '1010', tax: 'ATU 1234 5678' }))).status, 303)
  const { customer_details: person, customer } = await client().checkout.sessions.retrieve(id, { expand: ['customer.tax_ids'] })
  assert.deepEqual([person?.address?.country, person?.tax_ids], ['AT', [{ type: 'eu_vat', value: 'ATU12345678' }]])
  assert.ok(typeof customer === 'object' && customer && !customer.deleted && customer.address?.postal_code === '1010')
})

test('A trial’s page takes a card and says when it is charged', async (t) => {
  const { client, see, send } = await aStandIn(t)
  const { id } = await client().checkout.sessions.create(membership(1900, { subscription_data: { trial_period_days: 14 } }))
  const page = await see(`/sandbox/stripe/checkout/${id}`)
  for (const part of ['14 days free', 'Then €19.00 per month', 'Start trial']) assert.ok(page.includes(part), part)
  assert.equal((await send(`/sandbox/stripe/checkout/${id}`, card('4000000000000341'))).status, 303)
  assert.equal((await client().checkout.sessions.retrieve(id)).payment_status, 'no_payment_required')
})

test('A card whose bank asks is paid once its owner says so, and not when they do not', async (t) => {
  const { client, send } = await aStandIn(t)
  const { id } = await client().checkout.sessions.create(membership(1900))
  const path = `/sandbox/stripe/checkout/${id}`
  const asked = await send(path, card('4000 0027 6000 3184'))
  assert.match(await asked.text(), /Complete authentication[\s\S]*Fail authentication/)
  const failed = await send(path, answered('4000 0027 6000 3184', 'fail'))
  assert.match(await failed.text(), /unable to authenticate/)
  assert.equal((await client().checkout.sessions.retrieve(id)).status, 'open')
  assert.equal((await send(path, answered('4000 0027 6000 3184', 'complete'))).status, 303)
})

test('An open invoice is paid on its page with another card, and the subscription is back', async (t) => {
  const clock = aClock('2026-05-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, control, run, see, send } = standIn
  const { subscription, customer } = await aMember(standIn, 1900)
  await control('cards', { customer, number: '4000000000009995' })
  clock.pass(31 * DAY + HOUR)
  await run()
  const [invoice] = (await client().invoices.list({ customer, status: 'open' })).data
  const path = new URL(invoice?.hosted_invoice_url ?? '').pathname
  assert.match(await see(path), /Pay €19\.00/)
  assert.match(await (await send(path, card('4000000000000002'))).text(), /Your card was declined/)
  assert.equal((await send(path, card('4242424242424242'))).status, 303)
  assert.match(await see(path), /This invoice is paid/)
  assert.match(await see(new URL(invoice?.invoice_pdf ?? '').pathname), new RegExp(invoice?.number ?? 'none'))
  assert.equal((await client().subscriptions.retrieve(subscription.id)).status, 'active')
})

test('In the portal a customer cancels, takes it back, keeps another card and finds invoices; nobody else’s', async (t) => {
  const standIn = await aStandIn(t)
  const { client, see, send } = standIn
  const [mine, other] = [await aMember(standIn, 1900), await aMember(standIn, 2900)]
  const session = await client().billingPortal.sessions.create({ customer: mine.customer, return_url: 'http://school.test/me' })
  const path = new URL(session.url).pathname
  const press = (what: string, subscription: string) => send(path, new URLSearchParams({ do: what, subscription }))
  const page = await see(path)
  for (const part of ['Membership', '€19.00', 'visa', '4242', 'Back to Fern &amp; Quill', 'href="http://school.test/me"']) assert.ok(page.includes(part), part)
  assert.ok(!page.includes('€29.00'))
  assert.equal((await press('cancel', mine.subscription.id)).status, 303)
  const leaving = await client().subscriptions.retrieve(mine.subscription.id)
  assert.deepEqual([leaving.cancel_at_period_end, leaving.cancel_at], [false, mine.item.current_period_end])
  assert.match(await see(path), /is not charged again[\s\S]*Don’t cancel plan/)
  await press('resume', mine.subscription.id)
  assert.equal((await client().subscriptions.retrieve(mine.subscription.id)).cancel_at, null)
  assert.equal((await press('cancel', other.subscription.id)).status, 404)
  assert.match(await (await send(path, card('4000000000000002'))).text(), /declined/)
  assert.match(await (await send(path, card('4000002500003155'))).text(), /Complete authentication/)
  assert.equal((await send(path, answered('4000002500003155', 'complete'))).status, 303)
  assert.match(await see(path), /3155/)
  await assert.rejects(client().billingPortal.sessions.create({ customer: 'cus_none' }), { code: 'resource_missing' })
})

test('The board moves the clock, fails cards, ends subscriptions and decides disputes', async (t) => {
  const standIn = await aStandIn(t)
  const { client, see, send, run } = standIn
  const { subscription, customer } = await aMember(standIn, 1900)
  const press = async (path: string, fields: Record<string, string> = {}): Promise<number> =>
    (await send(`/sandbox/stripe/do/${path}`, new URLSearchParams(fields))).status
  assert.match(await see('/sandbox/stripe/billing'), /A month later[\s\S]*Card fails[\s\S]*Dispute/)
  assert.equal(await press('cards', { customer, number: '4000000000000341' }), 303)
  assert.equal(await press('clock', { advanceSeconds: String(32 * DAY) }), 303)
  assert.match(await see('/sandbox/stripe/billing'), /past due/)
  const [charge] = (await client().charges.list({ customer })).data.filter(({ paid }) => paid)
  assert.equal(await press(`payments/${charge?.id}/dispute`), 303)
  assert.equal(await press(`payments/${charge?.id}/dispute`), 400)
  const [dispute] = (await client().disputes.list({})).data
  assert.match(await see('/sandbox/stripe/billing'), /School wins[\s\S]*School loses/)
  assert.equal(await press(`disputes/${dispute?.id}/close`, { outcome: 'lost' }), 303)
  assert.equal(await press(`subscriptions/${subscription.id}/end`), 303)
  assert.equal((await client().subscriptions.retrieve(subscription.id)).status, 'canceled')
  await run()
})
