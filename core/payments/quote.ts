import type { Interval, OfferPrice } from '#contract/offers.ts'
import type { Item, Quote, Recipient, Terms } from '#contract/payments.ts'
import { publicationRecords, type StoredPublication } from '#core/courses/records.ts'
import { offerRecords, type StoredOffer } from '#core/offers/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Money } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'

export type Basket = { item: Item; currency?: string | undefined; coupon?: string | undefined; recipient: Recipient }

/** What somebody may order, and for how much. */
export type Quoted = Quote & {
  item: Item
  recipient: Recipient
  /** The page to go back to. */
  path: string
}

type Priced = Pick<Quoted, 'title' | 'courses' | 'terms' | 'path'> & { prices: Money[] }

const named = ({ id, slug, title }: StoredPublication) => ({ id, slug, title })

const listed = async ({ tables }: World, id: string, what: string): Promise<StoredPublication> => {
  const publication = (await publicationRecords.get(tables, { id }))?.value
  if (!publication?.isListed) throw missing(what)
  return publication
}

const pricedCourse = async (world: World, id: string): Promise<Priced> => {
  const course = await listed(world, id, 'course')
  if (course.price.amountMinor === 0) throw new Refusal('not-for-sale', 'This course is free: enrol in it instead.')
  return { title: course.title, courses: [named(course)], terms: { kind: 'once' }, path: `/courses/${course.slug}`, prices: [course.price] }
}

const termsOf = ({ terms }: StoredOffer, every: OfferPrice['every']): Terms => {
  if (terms.kind !== 'membership') return terms
  // The prices of a membership are of a month or a year: `every` has found one.
  return { ...terms, every: every as Interval }
}

const pricedOffer = async (world: World, id: string, every: OfferPrice['every']): Promise<Priced> => {
  const offer = (await offerRecords.get(world.tables, { id }))?.value
  if (!offer?.isOnSale) throw missing('offer')
  const prices = offer.prices.filter((each) => each.every === every).map(({ price }) => price)
  if (prices.length === 0) throw missing('offer')
  const courses = await Promise.all(offer.courses.map((course) => listed(world, course, 'offer')))
  return { title: offer.title, courses: courses.map(named), terms: termsOf(offer, every), path: `/offers/${id}`, prices }
}

/** The price in the currency asked for, or else in the school's, or else the first. */
const chosen = (prices: readonly Money[], wanted: string | undefined, school: string): Money => {
  const price = prices.find(({ currency }) => currency === (wanted ?? school)) ?? (wanted === undefined ? prices[0] : undefined)
  if (!price) throw new Refusal('not-for-sale', 'This is not sold in that currency.')
  return price
}

const seatsOf = (recipient: Recipient): number => (recipient.kind === 'team' ? recipient.seats : 1)

/** What a basket costs now. Nothing else says what anything costs: what it answers is what is shown, agreed and charged. */
export const quote = async (world: World, { item, currency, coupon, recipient }: Basket): Promise<Quoted> => {
  const { payments, settings, tables } = world
  const priced = await (item.kind === 'course' ? pricedCourse(world, item.course) : pricedOffer(world, item.offer, item.every))
  const { title, courses, terms, path, prices } = priced
  if (recipient.kind !== 'me' && terms.kind !== 'once') throw new Refusal('not-for-sale', 'Only what is paid once can be a gift, or be bought for a team.')
  const unit = chosen(prices, currency, settings.currency)
  const seats = seatsOf(recipient)
  const each = { amountMinor: unit.amountMinor * seats, currency: unit.currency }
  if (coupon !== undefined) throw new Refusal('coupon-refused', 'There is no such coupon.', 'unknown')
  const isTrial = terms.kind === 'membership' && terms.trialDays > 0
  // Refused when it is priced; the provider may be another since.
  if (!payments.canCharge(each)) throw new Refusal('not-for-sale', 'The price of this cannot be charged. Tell the school.')
  return {
    ...{ item, recipient, path, title, courses, terms, seats, unit },
    dueNow: isTrial ? { ...each, amountMinor: 0 } : each,
    ...(terms.kind !== 'once' && { later: each }),
    isTaxed: (await moneyPolicy(tables)).isTaxed,
    currencies: prices.map((price) => price.currency),
  }
}
