import type { Money } from '#contract/base.ts'
import { minorDigits } from '#contract/currency.ts'
import { figure } from './figures.ts'

type Digits = 'stripIfInteger' | 'auto'

const format = ({ amountMinor, currency }: Money, trailingZeroDisplay: Digits): string => {
  const digits = minorDigits(currency)
  return figure(`${amountMinor} ${currency} ${trailingZeroDisplay}`, amountMinor / 10 ** digits, {
    ...{ style: 'currency', currency, currencyDisplay: 'narrowSymbol', trailingZeroDisplay },
    ...{ minimumFractionDigits: digits, maximumFractionDigits: digits },
  })
}

/** `€49`, `€49.50`, `¥4,900`: how many digits the minor unit has is the currency's own affair. Below nought for what went back. */
export const formatMoney = (money: Money): string => format(money, 'stripIfInteger')

/** `€49.00`, for columns and receipts. */
export const formatAmount = (money: Money): string => format(money, 'auto')
