import type { Money } from '#ports/payments.ts'

/*
 * Our minor units are ISO 4217's, and so are Stripe's save in these cases (docs.stripe.com/currencies):
 * krónur and Ugandan shillings have no minor unit but are sent with two decimals, ariary have one but are sent without,
 * and of currencies with three decimals the last digit must be nought.
 */
const SENT_WITH_TWO_DECIMALS = new Set(['ISK', 'UGX'])
const SENT_WITHOUT_DECIMALS = new Set(['MGA'])
const THREE_DECIMALS = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'])

/**
 * The least Stripe charges, in its own units (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). It applies to
 * the currency an account is paid out in as well, which is not known here: a currency that is not listed has no least amount.
 */
const LEAST: Record<string, number> = {
  ...{ AED: 200, AUD: 50, BRL: 50, CAD: 50, CHF: 50, CZK: 1500, DKK: 250, EUR: 50, GBP: 30, HKD: 400, HUF: 17_500, INR: 50 },
  ...{ JPY: 50, MXN: 1000, MYR: 200, NOK: 300, NZD: 50, PLN: 200, RON: 200, SEK: 300, SGD: 50, THB: 1000, USD: 50 },
}
/** Eight digits. */
const MOST = 99_999_999

/** @throws when Stripe cannot charge exactly this much: nothing is ever rounded. */
export const toStripe = ({ amountMinor, currency }: Money): { amount: number; currency: string } => {
  const exact = (amount: number, multipleOf: number): { amount: number; currency: string } => {
    if (!Number.isSafeInteger(amount) || amountMinor % multipleOf !== 0)
      throw new RangeError(`Stripe cannot charge ${amountMinor} minor units of ${currency} exactly.`)
    return { amount, currency: currency.toLowerCase() }
  }
  if (SENT_WITH_TWO_DECIMALS.has(currency)) return exact(amountMinor * 100, 1)
  if (SENT_WITHOUT_DECIMALS.has(currency)) return exact(amountMinor / 100, 100)
  return exact(amountMinor, THREE_DECIMALS.has(currency) ? 10 : 1)
}

export const isChargeable = (price: Money): boolean => {
  try {
    const { amount } = toStripe(price)
    return amount >= (LEAST[price.currency] ?? 1) && amount <= MOST
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** An amount that is no whole number of our units stays a fraction, and so equals no order. */
export const fromStripe = (amount: number, stripeCurrency: string): Money => {
  const currency = stripeCurrency.toUpperCase()
  if (SENT_WITH_TWO_DECIMALS.has(currency)) return { amountMinor: amount / 100, currency }
  if (SENT_WITHOUT_DECIMALS.has(currency)) return { amountMinor: amount * 100, currency }
  return { amountMinor: amount, currency }
}
