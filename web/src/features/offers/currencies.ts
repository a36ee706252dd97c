import { i18n } from '../../lib/i18n.ts'

/** What courses are sold in most; the rest is found by its name. */
const COMMON = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'CAD', 'AUD', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'INR', 'BRL', 'KWD', 'AED', 'SGD']

export type CurrencyChoice = { value: string; label: string }

/** Currencies with their names, without those that have a price already. */
export const currencyChoices = (without: readonly string[]): CurrencyChoice[] => {
  const names = new Intl.DisplayNames(i18n.global.locale.value, { type: 'currency' })
  const all = [...new Set([...COMMON, ...Intl.supportedValuesOf('currency')])]
  return all.filter((code) => !without.includes(code)).map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }))
}
