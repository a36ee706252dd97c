import type { CouponOff } from '#contract/offers.ts'
import type { Money, Payments } from '#ports/payments.ts'

type Charging = Pick<Payments, 'canCharge'>

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

export const isCurrency = (code: string): boolean => CURRENCIES.has(code)

/** Of dinars the last digit is nought, of ariary the last two: no provider charges in finer or coarser steps than these. */
const STEPS = [1, 10, 100]

/** The smallest step between amounts that can be charged around a price that can, in minor units. */
export const stepOf = (payments: Charging, { amountMinor, currency }: Money): number =>
  STEPS.find((step) => [step, -step].some((by) => payments.canCharge({ amountMinor: amountMinor + by, currency }))) ?? 100

/** A whole number of steps: what a coupon takes off must leave something that can be charged. */
export const isWholeSteps = (payments: Charging, { amountMinor, currency }: Money): boolean =>
  amountMinor % stepOf(payments, { amountMinor: 1_000_000, currency }) === 0

/**
 * What a coupon takes off a price that can be charged; undefined for an amount in another currency. A share is rounded half up,
 * in the buyer’s favour, to the smallest step the price can be charged in. Whole numbers throughout: 50 % of 2.01 is 1.01 off.
 */
export const offOf = (payments: Charging, off: CouponOff, price: Money): Money | undefined => {
  const { amountMinor, currency } = price
  if (off.kind === 'amount') return off.amount.currency === currency ? { amountMinor: Math.min(off.amount.amountMinor, amountMinor), currency } : undefined
  const step = stepOf(payments, price)
  const whole = 100 * step
  const raised = amountMinor * off.percent + whole / 2
  return { amountMinor: Math.min(((raised - (raised % whole)) / whole) * step, amountMinor), currency }
}
