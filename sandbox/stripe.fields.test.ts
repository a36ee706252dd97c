import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { aMember, aStandIn, PARAMS } from './stripe.fixture.ts'

const RESOURCES = join(dirname(fileURLToPath(import.meta.resolve('stripe'))), 'resources')

/** What the official package's own types say is always there: every field without a question mark. */
const requiredFields = async (file: string, name: string): Promise<string[]> => {
  const source = (await readFile(join(RESOURCES, file), 'utf8')).replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
  const [, body = ''] = new RegExp(`export interface ${name} \\{\\n([\\s\\S]*?)\\n {0,4}\\}`).exec(source) ?? []
  const indent = /^ */.exec(body.replace(/^\n+/, ''))?.[0] ?? ''
  return [...body.matchAll(new RegExp(`^${indent}(\\w+): `, 'gm'))].flatMap(([, field]) => field ?? [])
}

test('Every thing told has the fields that the official package says it has', async (t) => {
  const standIn = await aStandIn(t)
  const { client, pay, control } = standIn
  const stripe = client()
  await stripe.coupons.create({ id: 'TEN', percent_off: 10, duration: 'forever' })
  const { subscription, session, customer, item } = await aMember(standIn, 1900, { discounts: [{ coupon: 'TEN' }], automatic_tax: { enabled: true } })
  const once = await stripe.checkout.sessions.create(PARAMS)
  await pay(once.id)
  const intent = await stripe.paymentIntents.retrieve(String((await stripe.checkout.sessions.retrieve(once.id)).payment_intent))
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 100 })
  await control(`payments/${intent.id}/warn`)
  await control(`payments/${intent.id}/dispute`)
  const invoice = await stripe.invoices.retrieve(String(session.invoice), { expand: ['payments', 'discounts'] })
  const things: [object | undefined, string, string][] = [
    [subscription, 'Subscriptions.d.ts', 'Subscription'],
    [item, 'SubscriptionItems.d.ts', 'SubscriptionItem'],
    [item.price, 'Prices.d.ts', 'Price'],
    [item.plan, 'Plans.d.ts', 'Plan'],
    [session, 'Checkout/Sessions.d.ts', 'Session'],
    [invoice, 'Invoices.d.ts', 'Invoice'],
    [invoice.lines.data[0], 'InvoiceLineItems.d.ts', 'InvoiceLineItem'],
    [invoice.payments?.data[0], 'InvoicePayments.d.ts', 'InvoicePayment'],
    [Object(invoice.discounts[0]), 'Discounts.d.ts', 'Discount'],
    [await stripe.customers.retrieve(customer), 'Customers.d.ts', 'Customer'],
    [await stripe.coupons.retrieve('TEN'), 'Coupons.d.ts', 'Coupon'],
    [await stripe.products.retrieve(String(item.price.product)), 'Products.d.ts', 'Product'],
    [intent, 'PaymentIntents.d.ts', 'PaymentIntent'],
    [await stripe.charges.retrieve(String(intent.latest_charge)), 'Charges.d.ts', 'Charge'],
    [refund, 'Refunds.d.ts', 'Refund'],
    [(await stripe.disputes.list({})).data[0], 'Disputes.d.ts', 'Dispute'],
    [(await stripe.radar.earlyFraudWarnings.list({})).data[0], 'Radar/EarlyFraudWarnings.d.ts', 'EarlyFraudWarning'],
    [await stripe.billingPortal.sessions.create({ customer }), 'BillingPortal/Sessions.d.ts', 'Session'],
    [await stripe.testHelpers.testClocks.create({ frozen_time: 1 }), 'TestHelpers/TestClocks.d.ts', 'TestClock'],
    [(await stripe.events.list({ limit: 1 })).data[0], 'Events.d.ts', 'EventBase'],
  ]
  const missing: Record<string, string[]> = {}
  for (const [thing, file, name] of things) {
    const fields = await requiredFields(file, name)
    assert.ok(fields.length > 3 && thing, name)
    const left = fields.filter((field) => !(field in thing))
    if (left.length > 0) missing[name] = left
  }
  assert.deepEqual(missing, {})
})
