import * as z from 'zod/mini'
import { CouponWanted, OfferPrice, OfferTerms } from '#contract/offers.ts'
import { BOOKS, ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'

export const StoredOffer = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  terms: OfferTerms,
  prices: z.array(OfferPrice),
  courses: z.array(z.string()),
  isOnSale: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type StoredOffer = z.infer<typeof StoredOffer>

export const OFFERS = 'offers'

export const offerRecords = records({
  schema: StoredOffer,
  key: ({ id }: { id: string }) => ({ pk: `offer#${id}`, sk: 'offer' }),
  index: ({ id, createdAt }) => ({ ipk: OFFERS, isk: `${createdAt}#${id}` }),
  people: ofNobody,
})

export const StoredCoupon = z.object({
  ...CouponWanted.shape,
  isActive: z.boolean(),
  /** Reserved by orders that may still be paid, and paid: together never more than `limit`. */
  used: z.int(),
  paid: z.int(),
  createdAt: z.string(),
})
export type StoredCoupon = z.infer<typeof StoredCoupon>

export const COUPONS = 'coupons'

export const couponRecords = records({
  schema: StoredCoupon,
  key: ({ code }: { code: string }) => ({ pk: `coupon#${code}`, sk: 'coupon' }),
  index: ({ code, createdAt }) => ({ ipk: COUPONS, isk: `${createdAt}#${code}` }),
  people: ofNobody,
})

/** The one use a person has of a coupon, and for which order. `isCounted`: it is among the coupon’s `paid`. */
export const couponUseRecords = records({
  schema: z.object({ code: z.string(), learner: z.string(), order: z.string(), isPaid: z.boolean(), isCounted: z.optional(z.boolean()) }),
  key: ({ code, learner }: { code: string; learner: string }) => ({ pk: `coupon#${code}`, sk: `by#${learner}` }),
  people: { what: 'stays', says: 'Coupons you have used', because: BOOKS, whose: ({ learner }) => learner },
})

/** The order that holds a person's one coupon for a first purchase, whichever coupon that is. It stays once that is paid. */
export const firstUseRecords = records({
  schema: z.object({ learner: z.string(), order: z.string() }),
  key: ({ learner }: { learner: string }) => ({ pk: `learner#${learner}`, sk: 'first-coupon' }),
  people: { what: 'goes', says: 'Your coupon for a first purchase', whose: ({ learner }) => learner },
})

/** Somebody has paid for something, whether or not they have been given it back. An item of its own, for an index of orders would tell of it later. */
export const boughtRecords = records({
  schema: z.object({ learner: z.string(), order: z.string() }),
  key: ({ learner }: { learner: string }) => ({ pk: `learner#${learner}`, sk: 'has-bought' }),
  people: { what: 'goes', says: 'That you have bought something', whose: ({ learner }) => learner },
})
