import * as z from 'zod/mini'
import { endpoint, id, Money, nothing, when } from './base.ts'
import { CourseName, couponCode } from './offers.ts'

/**
 * `waiting`: stored, the provider could not be asked yet · `open`: the checkout page is there · `paid` · `expired`: the page
 * ran out, nothing was paid · `held`: what was paid does not match the order, a person is looking at it · `refunded`: all that
 * was paid has been given back.
 */
export const OrderState = z.enum(['waiting', 'open', 'paid', 'expired', 'held', 'refunded'])
export type OrderState = z.infer<typeof OrderState>

/** What is bought: a course at its own price, or an offer. */
export const Item = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('course'), course: id('crs') }),
  z.object({ kind: z.literal('offer'), offer: id('off'), every: z.enum(['once', 'month', 'year']) }),
])
export type Item = z.infer<typeof Item>

/** Gifts and teams are of what is paid once. `gift`: one invitation, sent to `to` if given · `team`: one link for so many people. */
export const Recipient = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('me') }),
  z.object({ kind: z.literal('gift'), to: z.optional(z.email()), message: z.optional(z.string().check(z.trim(), z.maxLength(500))) }),
  z.object({ kind: z.literal('team'), seats: z.int().check(z.minimum(2), z.maximum(200)) }),
])
export type Recipient = z.infer<typeof Recipient>

/** How what was ordered is paid; agreed with the order. */
export const Terms = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once') }),
  z.object({ kind: z.literal('instalments'), count: z.int() }),
  z.object({ kind: z.literal('membership'), every: z.enum(['month', 'year']), trialDays: z.int() }),
])
export type Terms = z.infer<typeof Terms>

export const Quote = z.object({
  title: z.string(),
  courses: z.array(CourseName),
  terms: Terms,
  seats: z.int(),
  /** Of one seat, each time. Where the school collects tax it is contained. */
  unit: Money,
  coupon: z.optional(z.object({ code: z.string(), off: Money })),
  /** Due at checkout; nought during a trial. */
  dueNow: Money,
  /** Due each later time; absent for what is paid once. */
  later: z.optional(Money),
  isTaxed: z.boolean(),
  /** In which currencies the same can be bought. */
  currencies: z.array(z.string()),
})
export type Quote = z.infer<typeof Quote>

const basket = z.object({
  item: Item,
  /** ISO 4217; the school’s own, or else the first there is, when left out. */
  currency: z.optional(z.string().check(z.regex(/^[A-Z]{3}$/))),
  coupon: z.optional(couponCode),
  recipient: z._default(Recipient, { kind: 'me' }),
})

export const Order = z.object({
  id: id('ord'),
  item: Item,
  title: z.string(),
  courses: z.array(CourseName),
  terms: Terms,
  recipient: Recipient,
  /** Agreed at checkout: due then. */
  price: Money,
  coupon: z.optional(z.object({ code: z.string(), off: Money })),
  state: OrderState,
  refundedMinor: z.optional(z.int()),
  /** The bank disputes what was paid: access `waits` until that is decided, or has been `lost` with the money. Absent where it goes on. */
  dispute: z.optional(z.enum(['waits', 'lost'])),
  /** Where to pay, while `open`. */
  checkoutUrl: z.optional(z.string()),
  createdAt: when,
  paidAt: z.optional(when),
  /** What a paid order of something recurring has begun. */
  membership: z.optional(z.string()),
})
export type Order = z.infer<typeof Order>

export const payments = {
  quote: endpoint({
    method: 'POST',
    path: '/quotes',
    access: 'anyone',
    summary: 'What something costs, with a coupon, for so many people, in a currency',
    input: basket,
    output: Quote,
  }),
  checkout: endpoint({
    method: 'POST',
    path: '/orders',
    access: 'person',
    summary: 'Order something; an unpaid order of mine for it is taken up again',
    /** `shown`: the `dueNow` that was shown. When it is another now, nothing is ordered. */
    input: z.object({ ...basket.shape, shown: Money }),
    output: Order,
  }),
  order: endpoint({
    method: 'GET',
    path: '/orders/{order}',
    access: 'person',
    summary: 'An order of mine',
    input: z.object({ order: id('ord') }),
    output: Order,
  }),
  retry: endpoint({
    method: 'POST',
    path: '/orders/{order}/checkout',
    access: 'person',
    summary: 'Ask again for the checkout page of an order',
    input: z.object({ order: id('ord') }),
    output: Order,
  }),
  mine: endpoint({
    method: 'GET',
    path: '/orders',
    access: 'person',
    summary: 'My orders, newest first',
    input: nothing,
    output: z.object({ orders: z.array(Order) }),
  }),
}
