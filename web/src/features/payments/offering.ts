import type { Money } from '#contract/base.ts'
import type { CatalogueEntry } from '#contract/catalogue.ts'
import type { Interval, Offer, OfferPrice } from '#contract/offers.ts'
import type { Order } from '#contract/payments.ts'
import { daysAfter } from '../../lib/months.ts'

const MONTHS_OF_A_YEAR = 12

/** An offer's prices in a currency, or else in the first it has; of a membership the month first. */
export const pricesIn = ({ prices }: Pick<Offer, 'prices'>, currency: string | undefined): OfferPrice[] => {
  const wanted = prices.some(({ price }) => price.currency === currency) ? currency : prices[0]?.price.currency
  return prices.filter(({ price }) => price.currency === wanted).toSorted((a, b) => a.every.localeCompare(b.every))
}

/** What is less by a year than by twelve months; undefined where it is no less, or cannot be told. */
export const yearlySaving = (prices: readonly OfferPrice[]): Money | undefined => {
  const [month, year] = [prices.find(({ every }) => every === 'month')?.price, prices.find(({ every }) => every === 'year')?.price]
  if (!month || !year || month.currency !== year.currency) return undefined
  const amountMinor = MONTHS_OF_A_YEAR * month.amountMinor - year.amountMinor
  return amountMinor > 0 ? { amountMinor, currency: year.currency } : undefined
}

export const times = ({ amountMinor, currency }: Money, count: number): Money => ({ amountMinor: amountMinor * count, currency })

/** What all payments of an instalment plan come to. */
export const inAll = (offer: Pick<Offer, 'terms' | 'prices'>, currency: string | undefined): Money | undefined => {
  const [first] = pricesIn(offer, currency)
  return offer.terms.kind === 'instalments' && first ? times(first.price, offer.terms.count) : undefined
}

/** What the courses of a bundle cost one by one, where that is more and in the same currency. */
export const oneByOne = ({ courses }: Pick<Offer, 'courses'>, price: Money, catalogue: readonly CatalogueEntry[]): Money | undefined => {
  const prices = courses.map(({ id }) => catalogue.find((entry) => entry.id === id)?.price)
  if (prices.some((each) => each?.currency !== price.currency)) return undefined
  const amountMinor = prices.reduce((sum, each) => sum + (each?.amountMinor ?? 0), 0)
  return amountMinor > price.amountMinor ? { amountMinor, currency: price.currency } : undefined
}

/** Until when an order that began with a free trial was free. */
export const trialEndOf = ({ terms, state, paidAt }: Pick<Order, 'terms' | 'state' | 'paidAt'>): Date | undefined =>
  terms.kind === 'membership' && terms.trialDays > 0 && state === 'paid' && paidAt !== undefined ? daysAfter(new Date(paidAt), terms.trialDays) : undefined

export const monthsOf = (every: Interval): number => (every === 'year' ? MONTHS_OF_A_YEAR : 1)

/** Other ways to a course than its own price: what is paid in parts first, for it is the same course. */
export const waysTo = (offers: readonly Offer[], course: string): Offer[] => {
  const order = { instalments: 0, membership: 1, once: 2 }
  return offers
    .filter(({ courses, isOnSale }) => isOnSale && courses.some(({ id }) => id === course))
    .toSorted((a, b) => order[a.terms.kind] - order[b.terms.kind])
}
