import { i18n } from '../../lib/i18n.ts'

/** What courses are sold in most; the rest is found by its name. */
const COMMON = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'CAD', 'AUD', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'INR', 'BRL', 'KWD', 'AED', 'SGD']

/** Money that is in use: what the platform’s own list holds besides, nobody can pay with any more. */
export const CURRENCIES: readonly string[] = [
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CVE CZK DJF DKK DOP',
  'DZD EGP ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK',
  'LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD',
  'RUB RWF SAR SBD SCR SEK SGD SHP SOS SRD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW',
].flatMap((line) => line.split(' '))

export type CurrencyChoice = { value: string; label: string }

/** Currencies with their names, without those that have a price already. */
export const currencyChoices = (without: readonly string[]): CurrencyChoice[] => {
  const names = new Intl.DisplayNames(i18n.global.locale.value, { type: 'currency' })
  const all = [...new Set([...COMMON, ...CURRENCIES])]
  return all.filter((code) => !without.includes(code)).map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }))
}
