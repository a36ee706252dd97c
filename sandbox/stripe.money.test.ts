import assert from 'node:assert/strict'
import { test } from 'node:test'
import type Stripe from 'stripe'
import { aClock, aMember, aStandIn, DAY, linesOf, membership, type StandIn } from './stripe.fixture.ts'

const HOUR = 3600

type Case = {
  says: string
  from: string
  amount: number
  /** How far into the period the change is made. */
  after: number
  to: { unit_amount?: number; quantity?: number; interval?: 'month' | 'year' }
  proration: 'none' | 'create_prorations' | 'always_invoice'
  more?: Partial<Stripe.Checkout.SessionCreateParams>
  /** The lines of the invoice made at once; none when none is made. */
  lines: number[] | undefined
  paid: number
}

/** Reckoned by hand: June has 2,592,000 seconds, July 2,678,400, 2026 31,536,000. */
const CASES: Case[] = [
  // 1000 × 15/30 back, 3000 × 15/30 to pay.
  {
    says: 'half a month of a dearer price',
    from: '2026-06-01',
    amount: 1000,
    after: 15 * DAY,
    to: { unit_amount: 3000 },
    proration: 'always_invoice',
    lines: [-500, 1500],
    paid: 1000,
  },
  // 1000 × 2/3 = 666.67 and 2500 × 2/3 = 1666.67, each to the nearest cent.
  {
    says: 'a third of a month, rounded line by line',
    from: '2026-06-01',
    amount: 1000,
    after: 10 * DAY,
    to: { unit_amount: 2500 },
    proration: 'always_invoice',
    lines: [-667, 1667],
    paid: 1000,
  },
  // After one second: 1900 × 2591999/2592000 = 1899.999.
  { says: 'one second', from: '2026-06-01', amount: 1900, after: 1, to: { unit_amount: 2900 }, proration: 'always_invoice', lines: [-1900, 2900], paid: 1000 },
  // One second before the end: 1900/2592000 is less than half a cent.
  {
    says: 'the last second',
    from: '2026-06-01',
    amount: 1900,
    after: 30 * DAY - 1,
    to: { unit_amount: 2900 },
    proration: 'always_invoice',
    lines: [0],
    paid: 0,
  },
  // 999 × 20/31 = 644.516, 1999 × 20/31 = 1289.677.
  {
    says: 'a month of 31 days',
    from: '2026-07-01',
    amount: 999,
    after: 11 * DAY,
    to: { unit_amount: 1999 },
    proration: 'always_invoice',
    lines: [-645, 1290],
    paid: 645,
  },
  // 1000 × 15/30 back and 3 × 1000 × 15/30.
  {
    says: 'more of the same',
    from: '2026-06-01',
    amount: 1000,
    after: 15 * DAY,
    to: { quantity: 3 },
    proration: 'always_invoice',
    lines: [-500, 1500],
    paid: 1000,
  },
  // 5000 × 20/30 = 3333.33 back, 1000 × 20/30 = 666.67: 2666 in the customer's favour, nothing to pay.
  {
    says: 'a cheaper price',
    from: '2026-06-01',
    amount: 5000,
    after: 10 * DAY,
    to: { unit_amount: 1000 },
    proration: 'always_invoice',
    lines: [-3333, 667],
    paid: 0,
  },
  // A year begins now: 1000 × 15/30 back, 10000 whole.
  {
    says: 'a month that becomes a year',
    from: '2026-06-01',
    amount: 1000,
    after: 15 * DAY,
    to: { unit_amount: 10_000, interval: 'year' },
    proration: 'create_prorations',
    lines: [-500, 10_000],
    paid: 9500,
  },
  // Nothing is given back, and the year is paid whole.
  {
    says: 'a month that becomes a year without proration',
    from: '2026-06-01',
    amount: 1000,
    after: 15 * DAY,
    to: { unit_amount: 10_000, interval: 'year' },
    proration: 'none',
    lines: [10_000],
    paid: 10_000,
  },
  {
    says: 'a change that costs nothing now',
    from: '2026-06-01',
    amount: 1000,
    after: 15 * DAY,
    to: { unit_amount: 3000 },
    proration: 'none',
    lines: undefined,
    paid: 0,
  },
  {
    says: 'a change that waits for the next invoice',
    from: '2026-06-01',
    amount: 1000,
    after: 15 * DAY,
    to: { unit_amount: 3000 },
    proration: 'create_prorations',
    lines: undefined,
    paid: 0,
  },
  {
    says: 'a change on trial',
    from: '2026-06-01',
    amount: 1000,
    after: 3 * DAY,
    to: { unit_amount: 3000 },
    proration: 'always_invoice',
    more: { subscription_data: { trial_period_days: 7 } },
    lines: undefined,
    paid: 0,
  },
]

const aChange = async (standIn: StandIn, clock: ReturnType<typeof aClock>, { amount, more, after, to, proration }: Case) => {
  const { client, run } = standIn
  const { subscription, item, product, customer } = await aMember(standIn, amount, more)
  clock.pass(after)
  await run()
  const { quantity, unit_amount = amount, interval = 'month' } = to
  const price_data = { currency: 'eur', product, unit_amount, recurring: { interval } }
  const items = [{ id: item.id, price_data, ...(quantity !== undefined && { quantity }) }]
  return { subscription, customer, items, proration_behavior: proration, client }
}

for (const each of CASES) {
  test(`Proration: ${each.says}`, async (t) => {
    const clock = aClock(`${each.from}T00:00:00Z`)
    const { subscription, items, proration_behavior, client } = await aChange(await aStandIn(t, clock), clock, each)
    const previewed =
      each.lines && (await client().invoices.createPreview({ subscription: subscription.id, subscription_details: { items, proration_behavior } }))
    const before = await client().subscriptions.retrieve(subscription.id)
    const after = await client().subscriptions.update(subscription.id, { items, proration_behavior, expand: ['latest_invoice'] })
    const invoice = after.latest_invoice
    assert.ok(invoice && typeof invoice === 'object')
    if (each.lines === undefined) {
      assert.equal(invoice.id, before.latest_invoice)
      return
    }
    assert.deepEqual([linesOf(invoice), invoice.billing_reason, invoice.status, invoice.amount_paid], [each.lines, 'subscription_update', 'paid', each.paid])
    // What was previewed is what was billed, and previewing changed nothing.
    assert.ok(previewed)
    assert.deepEqual([linesOf(previewed), previewed.amount_due], [each.lines, each.paid])
    assert.notEqual(before.latest_invoice, invoice.id)
  })
}

test('What a change gave back is used up by the invoices after it', async (t) => {
  const clock = aClock('2026-06-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, run } = standIn
  const cheaper = CASES.find(({ says }) => says === 'a cheaper price')
  assert.ok(cheaper)
  const { subscription, customer, items, proration_behavior } = await aChange(standIn, clock, cheaper)
  await client().subscriptions.update(subscription.id, { items, proration_behavior })
  const balance = async () => {
    const { deleted, ...rest } = await client().customers.retrieve(customer)
    assert.ok(!deleted && 'balance' in rest)
    return rest.balance
  }
  assert.equal(await balance(), -2666)
  const dues: number[] = []
  for (let month = 0; month < 3; month += 1) {
    clock.pass(31 * DAY)
    await run()
    clock.pass(HOUR)
    await run()
    dues.push((await client().invoices.list({ customer, limit: 1 })).data[0]?.amount_due ?? -1)
  }
  assert.deepEqual([dues, await balance()], [[0, 0, 334], 0])
})

test('Prorations that wait are on the next invoice, beside the new price', async (t) => {
  const clock = aClock('2026-06-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, run } = standIn
  const waiting = CASES.find(({ says }) => says === 'a change that waits for the next invoice')
  assert.ok(waiting)
  const { subscription, items, proration_behavior } = await aChange(standIn, clock, waiting)
  await client().subscriptions.update(subscription.id, { items, proration_behavior })
  const upcoming = await client().invoices.createPreview({ subscription: subscription.id })
  assert.deepEqual([linesOf(upcoming), upcoming.amount_due], [[-500, 1500, 3000], 4000])
  clock.pass(15 * DAY + HOUR)
  await run()
  const [invoice] = (await client().invoices.list({ subscription: subscription.id, limit: 1 })).data
  assert.ok(invoice)
  assert.deepEqual([linesOf(invoice), invoice.amount_paid], [[-500, 1500, 3000], 4000])
  assert.deepEqual(
    invoice.lines.data.map(({ parent }) => parent?.subscription_item_details?.proration),
    [true, true, false],
  )
})

test('A second change in one period gives back what the first one took', async (t) => {
  const clock = aClock('2026-06-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, run } = standIn
  const { subscription, item, product } = await aMember(standIn, 1000)
  const change = async (unit_amount: number): Promise<number[]> => {
    clock.pass(10 * DAY)
    await run()
    const price_data = { currency: 'eur', product, unit_amount, recurring: { interval: 'month' as const } }
    const { latest_invoice: invoice } = await client().subscriptions.update(subscription.id, {
      ...{ items: [{ id: item.id, price_data }], proration_behavior: 'always_invoice', expand: ['latest_invoice'] },
    })
    assert.ok(invoice && typeof invoice === 'object')
    return linesOf(invoice)
  }
  // 1000 × 20/30 back, 3000 × 20/30 = 2000; then 2000 × 10/20 back and 6000 × 10/30.
  assert.deepEqual(
    [await change(3000), await change(6000)],
    [
      [-667, 2000],
      [-1000, 2000],
    ],
  )
})

test('A coupon takes off the first payment, once, and what was really paid is what a change gives back', async (t) => {
  const clock = aClock('2026-06-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, run } = standIn
  const coupon = await client().coupons.create({ id: 'ord_2', amount_off: 400, currency: 'eur', duration: 'once', max_redemptions: 1 })
  assert.deepEqual([coupon.valid, coupon.times_redeemed], [true, 0])
  const { session, subscription, item, product } = await aMember(standIn, 1000, { discounts: [{ coupon: 'ord_2' }] })
  assert.deepEqual([session.amount_subtotal, session.amount_total, session.total_details?.amount_discount], [1000, 600, 400])
  const first = await client().invoices.retrieve(String(session.invoice))
  assert.deepEqual([first.subtotal, first.total, first.amount_paid, first.total_discount_amounts?.[0]?.amount], [1000, 600, 600, 400])
  const used = await client().coupons.retrieve('ord_2')
  assert.deepEqual([used.valid, used.times_redeemed], [false, 1])
  await assert.rejects(client().checkout.sessions.create(membership(1000, { discounts: [{ coupon: 'ord_2' }] })), { code: 'coupon_expired' })
  clock.pass(15 * DAY)
  await run()
  const price_data = { currency: 'eur', product, unit_amount: 3000, recurring: { interval: 'month' as const } }
  const { latest_invoice: invoice } = await client().subscriptions.update(subscription.id, {
    ...{ items: [{ id: item.id, price_data }], proration_behavior: 'always_invoice', expand: ['latest_invoice'] },
  })
  assert.ok(invoice && typeof invoice === 'object')
  // 600 × 15/30 back.
  assert.deepEqual(linesOf(invoice), [-300, 1500])
  clock.pass(15 * DAY + HOUR)
  await run()
  assert.equal((await client().invoices.list({ subscription: subscription.id, limit: 1 })).data[0]?.amount_paid, 3000)
})

test('Percent coupons hold for months or for ever, and all of it off asks for no payment', async (t) => {
  const clock = aClock('2026-06-01T00:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, run } = standIn
  await client().coupons.create({ id: 'HALF', percent_off: 33.33, duration: 'repeating', duration_in_months: 2 })
  await client().coupons.create({ id: 'ALL', percent_off: 100, duration: 'forever' })
  const [half, all] = [await aMember(standIn, 1000, { discounts: [{ coupon: 'HALF' }] }), await aMember(standIn, 1000, { discounts: [{ coupon: 'ALL' }] })]
  for (let month = 0; month < 3; month += 1) {
    clock.pass(31 * DAY)
    await run()
  }
  const paid = async (subscription: string) => (await client().invoices.list({ subscription })).data.map(({ amount_paid: amount }) => amount).reverse()
  // 33.33 % of 1000 is 333.3.
  assert.deepEqual(await paid(half.subscription.id), [667, 667, 1000, 1000])
  assert.deepEqual(await paid(all.subscription.id), [0, 0, 0, 0])
})

test('Tax is contained in the price: a fifth on top of what is left without it', async (t) => {
  const standIn = await aStandIn(t)
  const { client } = standIn
  const about = { automatic_tax: { enabled: true }, tax_id_collection: { enabled: true } }
  const { session } = await aMember(standIn, 1990, about)
  // 1990 / 1.2 = 1658.33.
  assert.deepEqual([session.amount_total, session.total_details?.amount_tax, session.automatic_tax.status], [1990, 332, 'complete'])
  assert.equal(session.customer_details?.address?.country, 'DE')
  const invoice = await client().invoices.retrieve(String(session.invoice))
  assert.deepEqual([invoice.total, invoice.total_excluding_tax, invoice.total_taxes?.[0]?.amount], [1990, 1658, 332])
  assert.equal(invoice.total_taxes?.[0]?.tax_behavior, 'inclusive')
})

test('A yearly membership bought on 29 February renews on 28 February, and on the 29th again when there is one', async (t) => {
  const clock = aClock('2024-02-29T12:00:00Z')
  const standIn = await aStandIn(t, clock)
  const { client, run } = standIn
  const { subscription } = await aMember(standIn, 9900, {}, 'year')
  const ends: string[] = []
  for (let year = 0; year < 4; year += 1) {
    const { items } = await client().subscriptions.retrieve(subscription.id)
    ends.push(new Date((items.data[0]?.current_period_end ?? 0) * 1000).toISOString().slice(0, 10))
    clock.pass(366 * DAY)
    await run()
  }
  assert.deepEqual(ends, ['2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29'])
})
