import type { Coupon, CouponWanted, offers as contract, Offer } from '#contract/offers.ts'
import { event, hearing } from '#core/events.ts'
import type { Feature } from '#core/handlers.ts'
import { all } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { checkCoupon, checkCourses, checkPrices } from './checks.ts'
import { countPaid } from './coupons.ts'
import { publishing } from './publishing.ts'
import { COUPONS, couponRecords, OFFERS, offerRecords, type StoredCoupon, type StoredOffer } from './records.ts'
import { offerForStaff } from './shown.ts'

const MOST_OFFERS = 200
const MOST_TRIES = 50

type Wanted = Pick<StoredOffer, 'title' | 'summary' | 'terms' | 'prices' | 'courses' | 'isOnSale'>

const listed = ({ tables }: World): Promise<StoredOffer[]> =>
  all((page) => offerRecords.listIndex(tables, OFFERS, { descending: true, limit: 1000, ...(page !== undefined && { page }) }))

const told = (world: World, offer: string) => event(world, 'offer.changed', { offer })

const create = async (world: World, wanted: Wanted): Promise<Offer> => {
  const { tables, clock, ids } = world
  checkPrices(world, wanted)
  await checkCourses(tables, wanted.courses, [])
  if ((await listed(world)).length >= MOST_OFFERS) throw new Refusal('too-many', `A school has at most ${MOST_OFFERS} offers. Change one that is not on sale.`)
  const at = clock.now().toISOString()
  const offer: StoredOffer = { ...wanted, id: ids.make('off'), createdAt: at, updatedAt: at }
  await tables.commit([offerRecords.add(offer)], [told(world, offer.id)])
  return offerForStaff(tables, offer)
}

/** Terms stay what they are: who has bought an offer, and who looks at its page, has been told them. */
const change = async (world: World, { offer: id, ...wanted }: Wanted & { offer: string }): Promise<Offer> => {
  const { tables, clock } = world
  const before = await offerRecords.get(tables, { id })
  if (!before) throw missing('offer')
  if (before.value.terms.kind !== wanted.terms.kind)
    throw new Refusal('bad-input', 'How an offer is paid cannot be changed. Take it off sale and make another.')
  checkPrices(world, wanted)
  await checkCourses(tables, wanted.courses, before.value.courses)
  const after: StoredOffer = { ...before.value, ...wanted, updatedAt: clock.now().toISOString() }
  const outcome = await tables.commit([offerRecords.replace(before, after)], [told(world, id)])
  if (outcome === 'conflict') throw new Refusal('conflict', 'The offer was changed elsewhere in the meantime. Load it again.')
  return offerForStaff(tables, after)
}

const createCoupon = async (world: World, wanted: CouponWanted): Promise<Coupon> => {
  const { tables, clock } = world
  await checkCoupon(world, wanted)
  const coupon: StoredCoupon = { ...wanted, isActive: true, used: 0, paid: 0, createdAt: clock.now().toISOString() }
  if ((await tables.commit([couponRecords.add(coupon)])) === 'conflict') throw new Refusal('conflict', 'There is a coupon with this code already.')
  return coupon
}

/** Orders that have it already keep it: their price was agreed. */
const stopCoupon = async ({ tables }: World, { code }: { code: string }): Promise<{ done: true }> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const coupon = await couponRecords.get(tables, { code })
    if (!coupon) throw missing('coupon')
    if (!coupon.value.isActive) return { done: true }
    if ((await tables.commit([couponRecords.replace(coupon, { ...coupon.value, isActive: false })])) === 'done') return { done: true }
  }
  throw new Refusal('conflict', 'The coupon is being used at this very moment. Try again.')
}

export const offers: Feature<typeof contract> = {
  handlers: {
    list: async (world) => ({ offers: await Promise.all((await listed(world)).map((offer) => offerForStaff(world.tables, offer))) }),
    create: (world, _actor, wanted) => create(world, wanted),
    change: (world, _actor, wanted) => change(world, wanted),
    coupons: async ({ tables }) => ({
      coupons: await all((page) => couponRecords.listIndex(tables, COUPONS, { descending: true, limit: 1000, ...(page !== undefined && { page }) })),
    }),
    createCoupon: (world, _actor, wanted) => createCoupon(world, wanted),
    stopCoupon: (world, _actor, wanted) => stopCoupon(world, wanted),
  },
  hearings: [...publishing, hearing('offers.count-paid', 'order.paid', (world, { order }) => countPaid(world, order))],
  timers: [],
}
