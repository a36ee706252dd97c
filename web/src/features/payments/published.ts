import type { Money } from '#contract/base.ts'
import type { CatalogueEntry } from '#contract/catalogue.ts'
import type { Offer, OfferPrice } from '#contract/offers.ts'
import type { Quote, Terms } from '#contract/payments.ts'
import { pricesIn } from './offering.ts'

/*
 * What something costs by the static files: whoever only looks around costs the school no call. Before anything is ordered
 * the school says so itself, and an order names the price that was shown.
 */

const preferred = (prices: readonly Money[], currency: string | undefined): Money | undefined => prices.find((each) => each.currency === currency) ?? prices[0]

export const publishedCourseQuote = ({ id, slug, title, price, otherPrices }: CatalogueEntry, currency: string | undefined): Quote => {
  const prices = [price, ...otherPrices]
  const unit = preferred(prices, currency) ?? price
  return {
    title,
    courses: [{ id, slug, title }],
    terms: { kind: 'once' },
    seats: 1,
    unit,
    dueNow: unit,
    isTaxed: false,
    currencies: prices.map((each) => each.currency),
  }
}

const termsOf = ({ terms }: Offer, every: OfferPrice['every']): Terms => {
  if (terms.kind !== 'membership') return terms
  return { ...terms, every: every === 'year' ? 'year' : 'month' }
}

export const publishedOfferQuote = (offer: Offer, every: OfferPrice['every'], currency: string | undefined): Quote | undefined => {
  const unit = pricesIn(offer, currency).find((each) => each.every === every)?.price
  if (!unit) return undefined
  const terms = termsOf(offer, every)
  const isTrial = terms.kind === 'membership' && terms.trialDays > 0
  return {
    ...{ title: offer.title, courses: offer.courses, terms, seats: 1, unit, isTaxed: false },
    dueNow: isTrial ? { ...unit, amountMinor: 0 } : unit,
    ...(terms.kind !== 'once' && { later: unit }),
    currencies: offer.prices.filter((each) => each.every === every).map(({ price }) => price.currency),
  }
}
