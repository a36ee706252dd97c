import type { Money } from '#contract/base.ts'
import { i18n } from './i18n.ts'

/** `€49`, `€49.50`, `¥4,900`: how many digits the minor unit has is the currency's own affair. */
export const formatMoney = ({ amountMinor, currency }: Money): string => {
  const locale = i18n.global.locale.value
  const digits = new Intl.NumberFormat(locale, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  const amount = amountMinor / 10 ** digits
  return new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', trailingZeroDisplay: 'stripIfInteger' }).format(amount)
}
