import type { Money } from '#contract/base.ts'
import { minorDigits } from '#contract/currency.ts'
import { i18n } from './i18n.ts'

/** `€49`, `€49.50`, `¥4,900`: how many digits the minor unit has is the currency's own affair. Below nought for what went back. */
export const formatMoney = ({ amountMinor, currency }: Money): string => {
  const digits = minorDigits(currency)
  return new Intl.NumberFormat(i18n.global.locale.value, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    trailingZeroDisplay: 'stripIfInteger',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amountMinor / 10 ** digits)
}
