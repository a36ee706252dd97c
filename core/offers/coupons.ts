import { orderRecords, unpaidRecords } from '#core/payments/records.ts'
import { all, type Stored } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Money } from '#ports/payments.ts'
import type { Change, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { offOf } from './prices.ts'
import { boughtRecords, couponRecords, couponUseRecords, firstUseRecords, type StoredCoupon } from './records.ts'

type Because = 'unknown' | 'over' | 'used-up' | 'used' | 'not-first' | 'not-for-this'

const WHY: Record<Because, string> = {
  unknown: 'There is no such coupon.',
  over: 'This coupon is over.',
  'used-up': 'This coupon has been used as often as it may be.',
  used: 'You have used this coupon already.',
  'not-first': 'This coupon is for a first purchase, and you have bought something before.',
  'not-for-this': 'This coupon is not for this.',
}

const refused = (because: Because, words = WHY[because]): Refusal => new Refusal('coupon-refused', words, because)

/** For what a coupon is to be used. `item` is the id of the course or offer, `wanted` tells orders of one learner apart. */
export type CouponFor = { code: string; learner: string | undefined; item: string; wanted: string; price: Money; hasTrial: boolean }

/** Somebody who has paid before, whether or not they have been given it back. What was paid before there was an item for that is known of orders alone. */
const hasBought = async (tables: Tables, learner: string): Promise<boolean> => {
  if (await boughtRecords.get(tables, { learner })) return true
  const orders = await all((page) => orderRecords.listIndex(tables, `orders-of#${learner}`, { ...(page !== undefined && { page }) }))
  return orders.some(({ paidAt }) => paidAt !== undefined)
}

const refuseOver = ({ clock }: Pick<World, 'clock'>, { isActive, until }: StoredCoupon): void => {
  if (!isActive || (until !== undefined && Date.parse(until) <= clock.now().getTime())) throw refused('over')
}

const isUsedUp = ({ used, limit }: StoredCoupon): boolean => limit !== undefined && used >= limit

/** Whether the learner's one use is held for the very order that is asked about; refuses when it is another's. */
const holdsUse = async ({ tables }: World, learner: string, { code, wanted }: CouponFor): Promise<boolean> => {
  const use = (await couponUseRecords.get(tables, { code, learner }))?.value
  if (!use) return false
  const unpaid = (await unpaidRecords.get(tables, { learner, wanted }))?.value.order
  if (use.isPaid) throw refused('used')
  if (use.order !== unpaid) throw refused('used', 'You are using this coupon for another order that is not paid yet.')
  return true
}

const heldElsewhere = (): Refusal => refused('used', 'You are using a coupon for a first purchase on another order that is not paid yet.')

const refuseNotFirst = async ({ tables }: World, learner: string, { wanted }: CouponFor): Promise<void> => {
  if (await hasBought(tables, learner)) throw refused('not-first')
  const held = (await firstUseRecords.get(tables, { learner }))?.value.order
  if (held !== undefined && held !== (await unpaidRecords.get(tables, { learner, wanted }))?.value.order) throw heldElsewhere()
}

const offHere = ({ payments }: World, { off }: StoredCoupon, { price, hasTrial }: CouponFor): Money => {
  if (hasTrial) throw refused('not-for-this', 'This begins with a free trial, and coupons are for what is paid at once.')
  const taken = offOf(payments, off, price)
  if (!taken) throw refused('not-for-this', 'This coupon is for prices in another currency.')
  const left = price.amountMinor - taken.amountMinor
  // What is left is free or can be charged: nothing is rounded up to what a provider would take.
  if (left > 0 && !payments.canCharge({ ...price, amountMinor: left }))
    throw refused('not-for-this', 'What this coupon leaves to pay is too little to be charged.')
  return taken
}

/** What a coupon takes off, as things are now. What depends on who asks is looked at once somebody has signed in. @throws Refusal `coupon-refused` */
export const couponOff = async (world: World, wanted: CouponFor): Promise<Money> => {
  const { code, learner, item } = wanted
  const coupon = (await couponRecords.get(world.tables, { code }))?.value
  if (!coupon) throw refused('unknown')
  refuseOver(world, coupon)
  if (coupon.items.length > 0 && !coupon.items.includes(item)) throw refused('not-for-this')
  const off = offHere(world, coupon, wanted)
  const isHeld = learner !== undefined && (await holdsUse(world, learner, wanted))
  if (isUsedUp(coupon) && !isHeld) throw refused('used-up')
  if (coupon.isFirstTimeOnly && learner !== undefined) await refuseNotFirst(world, learner, wanted)
  return off
}

/** An order as far as coupons care. */
type Using = { id: string; learner: string; coupon?: { code: string; off: Money } | undefined }

const counted = (coupon: Stored<StoredCoupon>, by: 1 | -1): Change =>
  couponRecords.replace(coupon, { ...coupon.value, used: Math.max(0, coupon.value.used + by) })

/** What holds the learner's first purchase for an order, or gives it back. @throws Refusal `coupon-refused` */
const first = async ({ tables }: World, { id: order, learner, coupon: wanted }: Using): Promise<Change[]> => {
  const held = await firstUseRecords.get(tables, { learner })
  const isWanted = wanted !== undefined && (await couponRecords.get(tables, { code: wanted.code }))?.value.isFirstTimeOnly === true
  if (!isWanted) return held?.value.order === order ? [firstUseRecords.remove({ learner }, held)] : []
  if (!held) return [firstUseRecords.add({ learner, order })]
  if (held.value.order !== order) throw heldElsewhere()
  return []
}

/**
 * Keeps a use for an order, to be written in the commit that makes or changes it; nothing where it has one already. Of all who
 * try for the last use at once one commit holds, for each replaces the coupon as it was read. @throws Refusal `coupon-refused`
 */
const using = async (world: World, { id: order, learner, coupon: wanted }: Using): Promise<Change[]> => {
  if (!wanted) return []
  const { tables } = world
  const { code } = wanted
  const use = (await couponUseRecords.get(tables, { code, learner }))?.value
  if (use && !use.isPaid && use.order === order) return []
  if (use) throw refused('used')
  const coupon = await couponRecords.get(tables, { code })
  if (!coupon) throw refused('unknown')
  refuseOver(world, coupon.value)
  if (isUsedUp(coupon.value)) throw refused('used-up')
  return [counted(coupon, 1), couponUseRecords.add({ code, learner, order, isPaid: false })]
}

/** For an order that is made. @throws Refusal `coupon-refused` */
export const reserving = async (world: World, order: Using): Promise<Change[]> => [...(await using(world, order)), ...(await first(world, order))]

const dropping = async ({ tables }: World, { id: order, learner, coupon: held }: Using): Promise<Change[]> => {
  if (!held) return []
  const { code } = held
  const use = await couponUseRecords.get(tables, { code, learner })
  if (use?.value.order !== order || use.value.isPaid) return []
  const coupon = await couponRecords.get(tables, { code })
  return [couponUseRecords.remove({ code, learner }, use), ...(coupon ? [counted(coupon, -1)] : [])]
}

/** Gives back the use an order holds, in the commit in which it can no longer be paid with it. */
export const releasing = async (world: World, order: Using): Promise<Change[]> => [
  ...(await dropping(world, order)),
  ...(order.coupon ? await first(world, { ...order, coupon: undefined }) : []),
]

/** From the coupon an order had to the one it is to have. */
export const exchanging = async (world: World, before: Using, after: Using): Promise<Change[]> => {
  const given = before.coupon?.code === after.coupon?.code ? [] : await dropping(world, before)
  return [...given, ...(await reserving(world, after))]
}

/**
 * Its use is used up with the order, in the commit that settles it. An order whose use was given back and that turns out to
 * be paid has used it all the same, beyond the limit if need be: the price was agreed. With or without a coupon it is a purchase, and the next
 * one no first.
 */
export const redeeming = async ({ tables }: World, { id: order, learner, coupon: held }: Using): Promise<Change[]> => {
  const bought = boughtRecords.put({ learner, order })
  if (!held) return [bought]
  const { code } = held
  const use = await couponUseRecords.get(tables, { code, learner })
  if (use) return use.value.order === order ? [bought, couponUseRecords.replace(use, { ...use.value, isPaid: true })] : [bought]
  const coupon = await couponRecords.get(tables, { code })
  return [bought, couponUseRecords.add({ code, learner, order, isPaid: true }), ...(coupon ? [counted(coupon, 1)] : [])]
}

const MOST_TRIES = 100

/** Counts a paid use, once. Not in the commit that settles: everybody who pays with one coupon would stand in line for it. */
export const countPaid = async ({ tables }: World, id: string): Promise<void> => {
  const order = (await orderRecords.get(tables, { id }))?.value
  if (!order?.coupon) return
  const { code } = order.coupon
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const use = await couponUseRecords.get(tables, { code, learner: order.learner })
    const coupon = await couponRecords.get(tables, { code })
    if (!coupon || use?.value.order !== id || !use.value.isPaid || use.value.isCounted) return
    const changes = [
      couponUseRecords.replace(use, { ...use.value, isCounted: true }),
      couponRecords.replace(coupon, { ...coupon.value, paid: coupon.value.paid + 1 }),
    ]
    if ((await tables.commit(changes)) === 'done') return
  }
  throw new Error(`Coupon ${code} was written by others ${MOST_TRIES} times while a use of it was counted.`)
}
