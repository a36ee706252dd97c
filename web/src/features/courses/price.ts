import type { Money } from '#contract/base.ts'

/** The contract's own bound. */
const MOST_MINOR = 100_000_000

/** Places behind the point by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD. */
export const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

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
export const typedPrice = ({ amountMinor, currency }: Money): string => {
  const digits = minorDigits(currency)
  const text = String(amountMinor).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}
