import type { Coupon, CouponWanted } from '#contract/offers.ts'
import { parsePrice } from '../courses/price.ts'

/** A coupon as it stands in a form. `until` is a day there (`2026-06-30`), and the coupon holds to its end. */
export type CouponDraft = {
  code: string
  kind: 'percent' | 'amount'
  percent: string
  amount: { currency: string; typed: string }
  limit: string
  until: string
  isFirstTimeOnly: boolean
  items: string[]
}

export const emptyCoupon = (currency: string): CouponDraft => ({
  ...{ code: '', kind: 'percent', percent: '20', amount: { currency, typed: '' }, limit: '', until: '', isFirstTimeOnly: false, items: [] },
})

const whole = (typed: string, most: number): number | undefined => {
  const value = /^\d{1,7}$/.test(typed.trim()) ? Number(typed) : 0
  return value >= 1 && value <= most ? value : undefined
}

const offOf = ({ kind, percent, amount }: CouponDraft): CouponWanted['off'] | undefined => {
  const share = whole(percent, 100)
  if (kind === 'percent') return share === undefined ? undefined : { kind, percent: share }
  const price = parsePrice(amount.typed, amount.currency)
  return price && price.amountMinor > 0 ? { kind, amount: price } : undefined
}

const endOfDay = (day: string): string => new Date(`${day}T23:59:59.999`).toISOString()

export type CouponProblem = 'code' | 'off' | 'limit' | 'until'

export const couponProblems = (draft: CouponDraft, today: string): CouponProblem[] => [
  ...(/^[A-Za-z0-9-]{3,30}$/.test(draft.code.trim()) ? [] : (['code'] as const)),
  ...(offOf(draft) ? [] : (['off'] as const)),
  ...(draft.limit.trim() === '' || whole(draft.limit, 1_000_000) !== undefined ? [] : (['limit'] as const)),
  ...(draft.until === '' || draft.until >= today ? [] : (['until'] as const)),
]

/** Undefined while something of it is missing or wrong. */
export const couponWanted = (draft: CouponDraft, today: string): CouponWanted | undefined => {
  const off = offOf(draft)
  if (!off || couponProblems(draft, today).length > 0) return undefined
  const limit = whole(draft.limit, 1_000_000)
  return {
    ...{ code: draft.code.trim().toUpperCase(), off, isFirstTimeOnly: draft.isFirstTimeOnly, items: draft.items },
    ...(limit !== undefined && { limit }),
    ...(draft.until !== '' && { until: endOfDay(draft.until) }),
  }
}

/** Letters that are not taken for one another. */
const SIGNS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A code that nobody guesses. */
export const randomCode = (bytes: Uint8Array): string => Array.from(bytes, (byte) => SIGNS[byte % SIGNS.length] ?? 'A').join('')

export type CouponState = 'running' | 'used-up' | 'over' | 'stopped'

export const stateOf = ({ isActive, until, limit, used }: Coupon, now: Date): CouponState => {
  if (!isActive) return 'stopped'
  if (until !== undefined && Date.parse(until) <= now.getTime()) return 'over'
  return limit !== undefined && used >= limit ? 'used-up' : 'running'
}
