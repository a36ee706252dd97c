import type { Money } from '#contract/base.ts'

/** A price as it goes along in the address to the sign-up and back. */
export const shownText = ({ amountMinor, currency }: Money): string => `${amountMinor}-${currency}`

/** The price that was shown before signing up; undefined where nothing was to be paid. */
export const shownIn = (text: unknown): Money | undefined => {
  const [, amount, currency] = /^(\d{1,9})-([A-Z]{3})$/.exec(typeof text === 'string' ? text : '') ?? []
  return amount !== undefined && currency !== undefined ? { amountMinor: Number(amount), currency } : undefined
}
