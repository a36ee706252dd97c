import type { Money } from '#contract/base.ts'
import type { CatalogueEntry } from '#contract/catalogue.ts'
import type { Offer, OfferPrice } from '#contract/offers.ts'

/** The price people are told first: in the school’s currency where there is one. */
export const leading = (prices: readonly OfferPrice[], every: OfferPrice['every'], currency: string): Money | undefined => {
  const of = prices.filter((each) => each.every === every).map(({ price }) => price)
  return of.find((price) => price.currency === currency) ?? of[0]
}

/** In which other currencies it is sold. */
export const otherCurrencies = (prices: readonly OfferPrice[], leads: Money | undefined): string[] =>
  [...new Set(prices.map(({ price }) => price.currency))].filter((currency) => currency !== leads?.currency)

export const times = ({ amountMinor, currency }: Money, count: number): Money => ({ amountMinor: amountMinor * count, currency })

/** Where an offer costs more in all than its courses one by one, currency by currency; what is for good is compared, a membership is not. */
export const dearer = (
  { terms, prices, courses }: Pick<Offer, 'terms' | 'prices' | 'courses'>,
  catalogue: readonly CatalogueEntry[],
): { whole: Money; apart: Money }[] => {
  if (terms.kind === 'membership') return []
  const count = terms.kind === 'instalments' ? terms.count : 1
  return prices.flatMap(({ price }) => {
    const [whole, sum] = [times(price, count), apart(courses, catalogue, price.currency)]
    return sum && whole.amountMinor > sum.amountMinor ? [{ whole, apart: sum }] : []
  })
}

/** What courses cost bought one by one, in one currency; undefined while one of them is not sold in it. */
export const apart = (courses: readonly { id: string }[], catalogue: readonly CatalogueEntry[], currency: string): Money | undefined => {
  const prices = courses.map(({ id }) => {
    const entry = catalogue.find((course) => course.id === id)
    return entry && [entry.price, ...entry.otherPrices].find((price) => price.currency === currency)
  })
  if (prices.length === 0 || prices.some((price) => price === undefined)) return undefined
  return { amountMinor: prices.reduce((sum, price) => sum + (price?.amountMinor ?? 0), 0), currency }
}
