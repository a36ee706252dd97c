import type { Money } from '#contract/base.ts'
import { minorDigits } from '#contract/currency.ts'
import { i18n } from './i18n.ts'

type Digits = 'stripIfInteger' | 'auto'

const format = ({ amountMinor, currency }: Money, trailingZeroDisplay: Digits): string => {
  const digits = minorDigits(currency)
  return new Intl.NumberFormat(i18n.global.locale.value, {
    ...{ style: 'currency', currency, currencyDisplay: 'narrowSymbol', trailingZeroDisplay },
    ...{ minimumFractionDigits: digits, maximumFractionDigits: digits },
  }).format(amountMinor / 10 ** digits)
}

/** `€49`, `€49.50`, `¥4,900`: how many digits the minor unit has is the currency's own affair. Below nought for what went back. */
export const formatMoney = (money: Money): string => format(money, 'stripIfInteger')

/** `€49.00`, for columns and receipts. */
export const formatAmount = (money: Money): string => format(money, 'auto')
