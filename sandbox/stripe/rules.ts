/** What an account sets in Stripe's dashboard, under Billing. */
export type Rules = {
  /** Days from one try of a failed renewal to the next. */
  retryDays: number[]
  /** What becomes of a subscription after the last of them. */
  afterRetries: 'cancel' | 'unpaid' | 'past_due'
  /** How long before a renewal `invoice.upcoming` is told. */
  upcomingDays: number
  /** Whether money given back arrives. */
  refunds: 'succeed' | 'fail'
}
export const AFTER_RETRIES = ['cancel', 'unpaid', 'past_due'] as const
export const FIRST_RULES: Rules = { retryDays: [3, 5, 7], afterRetries: 'cancel', upcomingDays: 7, refunds: 'succeed' }

export const readRules = (asked: Record<string, unknown>, before: Rules): Rules => {
  const days = (Array.isArray(asked['retryDays']) ? asked['retryDays'] : String(asked['retryDays'] ?? before.retryDays).split(/[\s,]+/)).map(Number)
  const upcoming = Number(asked['upcomingDays'] ?? before.upcomingDays)
  return {
    retryDays: days.every((each) => Number.isInteger(each) && each > 0 && each <= 60) ? days.slice(0, 8) : before.retryDays,
    afterRetries: AFTER_RETRIES.find((each) => each === asked['afterRetries']) ?? before.afterRetries,
    upcomingDays: Number.isInteger(upcoming) && upcoming >= 1 && upcoming <= 60 ? upcoming : before.upcomingDays,
    refunds: (['succeed', 'fail'] as const).find((each) => each === asked['refunds']) ?? before.refunds,
  }
}
