import { isCurrency } from '#core/offers/prices.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import type { StoredCourse } from './records.ts'

type Till = Pick<World, 'settings' | 'payments'>

export const checkPrice = ({ settings, payments }: Till, price: StoredCourse['price']): void => {
  if (price.currency !== settings.currency) throw new Refusal('bad-input', `This school sells in ${settings.currency}.`)
  if (price.amountMinor > 0 && !payments.canCharge(price))
    throw new Refusal('bad-input', 'This price cannot be charged exactly. Choose a rounder or a larger one.')
}

/** Beside the price in the school's currency, one in each further. */
export const checkOtherPrices = ({ settings, payments }: Till, prices: StoredCourse['otherPrices']): void => {
  const currencies = new Set([settings.currency, ...prices.map(({ currency }) => currency)])
  if (currencies.size <= prices.length) throw new Refusal('bad-input', 'A course has one price in each currency.')
  for (const price of prices) {
    if (!isCurrency(price.currency)) throw new Refusal('bad-input', `${price.currency} is no currency.`)
    if (!payments.canCharge(price))
      throw new Refusal('bad-input', `The price in ${price.currency} cannot be charged exactly. Choose a rounder or a larger one.`)
  }
}
