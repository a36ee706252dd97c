import type { Interval, OfferPrice } from '#contract/offers.ts'
import type { Item, Quote, Recipient, Terms } from '#contract/payments.ts'
import { publicationRecords, type StoredPublication } from '#core/courses/records.ts'
import { membershipsOf } from '#core/memberships/records.ts'
import { couponOff } from '#core/offers/coupons.ts'
import { offerRecords, type StoredOffer } from '#core/offers/records.ts'
import { listedCourses } from '#core/offers/shown.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Money } from '#ports/payments.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { orderRecords, wantedOf } from './records.ts'

export type Basket = {
  item: Item
  currency?: string | undefined
  coupon?: string | undefined
  recipient: Recipient
  /** Who asks, where somebody has signed in: some coupons are not for everybody. */
  learner?: string | undefined
}

/** What somebody may order, and for how much. */
export type Quoted = Quote & {
  item: Item
  recipient: Recipient
  /** The page to go back to. */
  path: string
}

type OfferItem = Extract<Item, { kind: 'offer' }>
type Priced = Pick<Quoted, 'title' | 'courses' | 'terms' | 'path'> & { prices: Money[] }

const named = ({ id, slug, title }: StoredPublication) => ({ id, slug, title })

const pricedCourse = async ({ tables }: World, id: string): Promise<Priced> => {
  const course = (await publicationRecords.get(tables, { id }))?.value
  if (!course?.isListed) throw missing('course')
  if (course.price.amountMinor === 0) throw new Refusal('not-for-sale', 'This course is free: enrol in it instead.')
  const prices = [course.price, ...course.otherPrices]
  return { title: course.title, courses: [named(course)], terms: { kind: 'once' }, path: `/courses/${course.slug}`, prices }
}

const termsOf = ({ terms }: StoredOffer, every: OfferPrice['every']): Terms => {
  if (terms.kind !== 'membership') return terms
  // The prices of a membership are of a month or a year: `every` has found one.
  return { ...terms, every: every as Interval }
}

/** Whether they have been a member by this offer: as it was ordered, or after a change. */
const hasHad = async (tables: Tables, learner: string, offer: string): Promise<boolean> => {
  for (const { offer: now, order } of await membershipsOf(tables, learner)) {
    const item = (await orderRecords.get(tables, { id: order }))?.value.item
    if (now === offer || (item?.kind === 'offer' && item.offer === offer)) return true
  }
  return false
}

/** There is one free trial of an offer for each learner; visitors are shown it. */
const triedOnce = async (tables: Tables, terms: Terms, { offer, learner }: { offer: string; learner: string | undefined }): Promise<Terms> => {
  const isTrial = terms.kind === 'membership' && terms.trialDays > 0
  return isTrial && learner !== undefined && (await hasHad(tables, learner, offer)) ? { ...terms, trialDays: 0 } : terms
}

const pricedOffer = async ({ tables }: World, { offer: id, every }: OfferItem, learner: string | undefined): Promise<Priced> => {
  const offer = (await offerRecords.get(tables, { id }))?.value
  if (!offer?.isOnSale) throw missing('offer')
  const prices = offer.prices.filter((each) => each.every === every).map(({ price }) => price)
  const courses = await listedCourses(tables, offer)
  if (prices.length === 0 || courses.length === 0) throw missing('offer')
  const terms = await triedOnce(tables, termsOf(offer, every), { offer: id, learner })
  return { title: offer.title, courses: courses.map(named), terms, path: `/offers/${id}`, prices }
}

/** The price in the currency asked for, or else in the school's, or else the first. */
const chosen = (prices: readonly Money[], wanted: string | undefined, school: string): Money => {
  const price = prices.find(({ currency }) => currency === (wanted ?? school)) ?? (wanted === undefined ? prices[0] : undefined)
  if (!price) throw new Refusal('not-for-sale', 'This is not sold in that currency.')
  return price
}

const seatsOf = (recipient: Recipient): number => (recipient.kind === 'team' ? recipient.seats : 1)

const couponOf = async (
  world: World,
  { item, recipient, coupon: code, learner }: Basket,
  of: { price: Money; hasTrial: boolean },
): Promise<Quote['coupon']> => {
  if (code === undefined) return undefined
  const id = item.kind === 'course' ? item.course : item.offer
  return { code, off: await couponOff(world, { code, learner, item: id, wanted: wantedOf({ item, recipient }), ...of }) }
}

/** What a basket costs now. Nothing else says what anything costs: what it answers is what is shown, agreed and charged. */
export const quote = async (world: World, basket: Basket): Promise<Quoted> => {
  const { payments, settings, tables } = world
  const { item, currency, recipient } = basket
  const priced = await (item.kind === 'course' ? pricedCourse(world, item.course) : pricedOffer(world, item, basket.learner))
  const { title, courses, terms, path, prices } = priced
  if (recipient.kind !== 'me' && terms.kind !== 'once') throw new Refusal('not-for-sale', 'Only what is paid once can be a gift, or be bought for a team.')
  const unit = chosen(prices, currency, settings.currency)
  const seats = seatsOf(recipient)
  const each = { amountMinor: unit.amountMinor * seats, currency: unit.currency }
  const hasTrial = terms.kind === 'membership' && terms.trialDays > 0
  // Refused when it is priced; the provider may be another since.
  if (!payments.canCharge(each)) throw new Refusal('not-for-sale', 'The price of this cannot be charged. Tell the school.')
  const coupon = await couponOf(world, basket, { price: each, hasTrial })
  return {
    ...{ item, recipient, path, title, courses, terms, seats, unit },
    ...(coupon && { coupon }),
    dueNow: { ...each, amountMinor: hasTrial ? 0 : each.amountMinor - (coupon?.off.amountMinor ?? 0) },
    ...(terms.kind !== 'once' && { later: each }),
    isTaxed: (await moneyPolicy(tables)).isTaxed,
    currencies: prices.map((price) => price.currency),
  }
}
