import type { CouponWanted, OfferPrice, OfferTerms } from '#contract/offers.ts'
import { publicationRecords } from '#core/courses/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { isCurrency, isWholeSteps } from './prices.ts'
import { offerRecords, type StoredOffer } from './records.ts'

const bad = (words: string): Refusal => new Refusal('bad-input', words)

const EVERY: Record<OfferTerms['kind'], readonly OfferPrice['every'][]> = { once: ['once'], instalments: ['month'], membership: ['month', 'year'] }

const WORDS: Record<OfferTerms['kind'], string> = {
  once: 'A bundle is paid once: give it one price, or one in each currency.',
  instalments: 'Instalments are paid each month: give them a monthly price.',
  membership: 'A membership is paid each month or each year.',
}

export const checkPrices = ({ payments }: World, { terms, prices }: Pick<StoredOffer, 'terms' | 'prices'>): void => {
  if (!prices.every(({ every }) => EVERY[terms.kind].includes(every))) throw bad(WORDS[terms.kind])
  const kinds = new Set(prices.map(({ every, price }) => `${every} ${price.currency}`))
  if (kinds.size < prices.length) throw bad('There is one price for each interval and currency.')
  for (const { price } of prices) {
    if (!isCurrency(price.currency)) throw bad(`${price.currency} is no currency.`)
    if (!payments.canCharge(price)) throw bad(`The price in ${price.currency} cannot be charged exactly. Choose a rounder or a larger one.`)
  }
}

/** Courses come in while they are in the catalogue; one that has left it since may stay, and is not sold until it is back. */
export const checkCourses = async (tables: Tables, courses: readonly string[], before: readonly string[]): Promise<void> => {
  if (new Set(courses).size < courses.length) throw bad('A course is named twice.')
  const found = await Promise.all(courses.map((id) => publicationRecords.get(tables, { id })))
  const isMissing = found.some((publication, place) => {
    const id = courses[place]
    return !publication || (!publication.value.isListed && !before.includes(id ?? ''))
  })
  if (isMissing) throw bad('Every course of an offer must be published.')
}

const isThere = async (tables: Tables, id: string): Promise<boolean> =>
  (await publicationRecords.get(tables, { id })) !== undefined || (await offerRecords.get(tables, { id })) !== undefined

export const checkCoupon = async ({ tables, clock, payments }: World, { off, until, items }: CouponWanted): Promise<void> => {
  if (off.kind === 'amount') {
    const { amount } = off
    if (!isCurrency(amount.currency)) throw bad(`${amount.currency} is no currency.`)
    if (amount.amountMinor === 0 || !isWholeSteps(payments, amount)) throw bad('This amount cannot be taken off exactly. Choose a rounder or a larger one.')
  }
  if (until !== undefined && Date.parse(until) <= clock.now().getTime()) throw bad('That moment has passed: the coupon could not be used at all.')
  const known = await Promise.all(items.map((id) => isThere(tables, id)))
  if (!known.every(Boolean)) throw bad('The coupon names something the school does not sell.')
}
