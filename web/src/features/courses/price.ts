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
