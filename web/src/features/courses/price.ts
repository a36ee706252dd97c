import type { Money } from '#contract/base.ts'
import { decimalText, minorDigits } from '#contract/currency.ts'

/** The contract's own bound. */
const MOST_MINOR = 100_000_000

/**
 * What a teacher typed, in minor units; exact, for it never becomes a fraction. One comma or point may part the minor
 * units. Undefined for everything else: grouped thousands would be a guess.
 */
export const parsePrice = (typed: string, currency: string): Money | undefined => {
  const [, whole = '', fraction = ''] = /^(\d{1,9})(?:[.,](\d+))?$/.exec(typed.trim()) ?? []
  const digits = minorDigits(currency)
  if (whole === '' || fraction.length > digits) return undefined
  const amountMinor = Number(whole + fraction.padEnd(digits, '0'))
  return amountMinor <= MOST_MINOR ? { amountMinor, currency } : undefined
}

/** The inverse, for a text box: `1999` EUR is `19.99`. */
export const typedPrice = ({ amountMinor, currency }: Money): string => decimalText(amountMinor, currency)

/** A price as it stands in a form. */
export type TypedPrice = { currency: string; typed: string }

export const isWrongPrice = ({ currency, typed }: TypedPrice): boolean => {
  const amount = parsePrice(typed, currency)
  return !amount || amount.amountMinor === 0
}

export const typedPrices = (prices: readonly Money[]): TypedPrice[] => prices.map((price) => ({ currency: price.currency, typed: typedPrice(price) }))

/** All of them in minor units; undefined while one is no price. */
export const parsePrices = (rows: readonly TypedPrice[]): Money[] | undefined => {
  const parsed = rows.flatMap(({ currency, typed }) => parsePrice(typed, currency) ?? [])
  return parsed.length === rows.length && parsed.every(({ amountMinor }) => amountMinor > 0) ? parsed : undefined
}
