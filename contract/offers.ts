import * as z from 'zod/mini'
import { done, endpoint, id, Money, nothing, title, when } from './base.ts'
import { COUPON_CODE } from './coupon-code.ts'

/** What sales, receipts and offers say of a course: as it was called then. */
export const CourseName = z.object({ id: z.string(), slug: z.string(), title: z.string() })
export type CourseName = z.infer<typeof CourseName>

export const Interval = z.enum(['month', 'year'])
export type Interval = z.infer<typeof Interval>

/**
 * How an offer is paid. `once`: a bundle · `instalments`: a monthly payment, `count` times, and its courses for good after the
 * last · `membership`: each month or year until it is cancelled; its courses are open while it runs.
 */
export const OfferTerms = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once') }),
  z.object({ kind: z.literal('instalments'), count: z.int().check(z.minimum(2), z.maximum(24)) }),
  z.object({ kind: z.literal('membership'), trialDays: z.int().check(z.minimum(0), z.maximum(90)) }),
])
export type OfferTerms = z.infer<typeof OfferTerms>

/** What is due each time. `every` is `once` for bundles, `month` for instalments, `month` or `year` for memberships. */
export const OfferPrice = z.object({ every: z.enum(['once', 'month', 'year']), price: Money })
export type OfferPrice = z.infer<typeof OfferPrice>

/** More than a course sold by itself: those have a price of their own. */
export const Offer = z.object({
  id: id('off'),
  title: z.string(),
  /** One or two sentences. */
  summary: z.string(),
  terms: OfferTerms,
  /** One for each interval and currency. */
  prices: z.array(OfferPrice),
  courses: z.array(CourseName),
  isOnSale: z.boolean(),
  updatedAt: when,
})
export type Offer = z.infer<typeof Offer>

/** The static file `catalogue/offers.json`: what is on sale, without a call of the API. */
export const OfferCatalogue = z.object({ offers: z.array(Offer) })
export type OfferCatalogue = z.infer<typeof OfferCatalogue>

const wanted = z.object({
  title,
  summary: z.string().check(z.trim(), z.maxLength(300)),
  terms: OfferTerms,
  prices: z.array(OfferPrice).check(z.minLength(1), z.maxLength(20)),
  /** As many as one commit lets somebody into. */
  courses: z.array(id('crs')).check(z.minLength(1), z.maxLength(25)),
  isOnSale: z.boolean(),
})

/** What a coupon takes off: percent of the price, or an amount where the price is in its currency. */
export const CouponOff = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('percent'), percent: z.int().check(z.minimum(1), z.maximum(100)) }),
  z.object({ kind: z.literal('amount'), amount: Money }),
])
export type CouponOff = z.infer<typeof CouponOff>

/** As people type it: letters, digits and dashes, without regard to case. */
export const couponCode = z.string().check(z.trim(), z.toUpperCase(), z.regex(COUPON_CODE))

export const CouponWanted = z.object({
  code: couponCode,
  off: CouponOff,
  /** How often it may be used in all; without bound where absent. Each person uses it once. */
  limit: z.optional(z.int().check(z.minimum(1), z.maximum(1_000_000))),
  until: z.optional(when),
  /** Only for somebody who has bought nothing before. */
  isFirstTimeOnly: z.boolean(),
  /** Ids of courses and offers it is for; empty for all. */
  items: z.array(z.string()).check(z.maxLength(50)),
})
export type CouponWanted = z.infer<typeof CouponWanted>

export const Coupon = z.object({
  ...CouponWanted.shape,
  isActive: z.boolean(),
  /** Paid with it, or on the way to be: a page that runs out gives its use back. */
  used: z.int(),
  paid: z.int(),
  createdAt: when,
})
export type Coupon = z.infer<typeof Coupon>

export const offers = {
  list: endpoint({
    method: 'GET',
    path: '/school/offers',
    access: 'admin',
    summary: 'Bundles, instalment plans and memberships, on sale or not',
    input: nothing,
    output: z.object({ offers: z.array(Offer) }),
  }),
  create: endpoint({ method: 'POST', path: '/school/offers', access: 'admin', summary: 'Make an offer', input: wanted, output: Offer }),
  change: endpoint({
    method: 'PUT',
    path: '/school/offers/{offer}',
    access: 'admin',
    summary: 'Change an offer; who has bought it keeps what was agreed, members get its courses as they are now',
    input: z.object({ offer: id('off'), ...wanted.shape }),
    output: Offer,
  }),
  coupons: endpoint({
    method: 'GET',
    path: '/school/coupons',
    access: 'admin',
    summary: 'Coupons, newest first',
    input: nothing,
    output: z.object({ coupons: z.array(Coupon) }),
  }),
  createCoupon: endpoint({ method: 'POST', path: '/school/coupons', access: 'admin', summary: 'Make a coupon', input: CouponWanted, output: Coupon }),
  stopCoupon: endpoint({
    method: 'POST',
    path: '/school/coupons/{code}/stop',
    access: 'admin',
    summary: 'Take a coupon back: nobody can use it any more',
    input: z.object({ code: couponCode }),
    output: done,
  }),
}
