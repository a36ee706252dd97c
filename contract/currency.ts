import type { Money } from './base.ts'

/*
 * How many digits the minor unit has, by ISO 4217 (amendment 179). Intl is not asked: it follows what people write, so that forints
 * have none there and two in one browser, and an amount of money must not depend on who reads it.
 */
const NONE = new Set(['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'])
const THREE = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'])
const FOUR = new Set(['CLF', 'UYW'])

/** 2 for EUR, 0 for JPY, 3 for KWD. */
export const minorDigits = (currency: string): number => {
  if (NONE.has(currency)) return 0
  if (THREE.has(currency)) return 3
  return FOUR.has(currency) ? 4 : 2
}

/** In major units, exact, without a sign of the currency: `1999` EUR is `19.99`, `-5` JPY is `-5`. */
export const decimalText = (amountMinor: number, currency: string): string => {
  const digits = minorDigits(currency)
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0')
  const sign = amountMinor < 0 ? '-' : ''
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** As letters and alerts say it: `19.99 EUR`. */
export const inWords = ({ amountMinor, currency }: Money): string => `${decimalText(amountMinor, currency)} ${currency}`
