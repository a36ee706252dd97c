import * as z from 'zod/mini'
import { StoredCoupon } from '#core/offers/records.ts'
import { type Charge, chargesOf } from './bank.ts'
import { hasDelivered, type Invariant } from './ending.ts'
import { shownKey } from './story.ts'

const CouponUse = z.object({ code: z.string(), order: z.string(), isPaid: z.boolean() })

const SIGNS = { charged: 1, 'dispute-won': 1, 'refund-failed': 1, refunded: -1, disputed: -1 } as const

/** What the provider keeps of a charge for the school. */
const netOf = ({ amount, refundedMinor, dispute }: Charge): number =>
  amount.amountMinor - refundedMinor - (dispute && dispute.outcome !== 'won' ? dispute.amount.amountMinor : 0)

const ledger: Invariant = {
  name: 'the ledger says what the provider keeps for the school, order by order',
  check: ({ orders, entries, scene: { bank } }) =>
    orders.flatMap(({ id, state }) => {
      const booked = entries.filter((entry) => entry.order === id).reduce((sum, { kind, amount }) => sum + SIGNS[kind] * amount.amountMinor, 0)
      const kept = chargesOf(bank, id).reduce((sum, charge) => sum + netOf(charge), 0)
      return booked === kept ? [] : [`${id} is ${state}: ${booked} is booked and ${kept} is kept`]
    }),
}

const receipts: Invariant = {
  name: 'what came in and what went back has one receipt each, and one letter with it',
  check: ({ entries, scene: { disk } }) => {
    const issued = disk.tables
      .bodies('order#')
      .flatMap((body) => (typeof body['receipt'] === 'string' ? [{ entry: body['entry'], receipt: body['receipt'] }] : []))
    return entries.flatMap(({ id, kind, order }) => {
      if (kind !== 'charged' && kind !== 'refunded') return []
      const of = issued.filter(({ entry }) => entry === id)
      const letters = of.filter(({ receipt }) => disk.letters.some((letter) => letter.id === `${receipt}.issued`)).length
      return of.length === 1 && letters === 1 ? [] : [`${id} of ${order} has ${of.length} receipts and ${letters} letters`]
    })
  },
}

const givenBack: Invariant = {
  name: 'what is paid again and again tells how much of it the provider has given back, and is over once that is all',
  check: ({ orders, scene: { bank } }) =>
    orders.flatMap(({ id, state, membership, refundedMinor = 0 }) => {
      const begun = [...bank.contracts.values()].filter(({ order }) => order === id)
      // Of what was paid on two pages one bought nothing: somebody has been told of it.
      if (membership === undefined || begun.length !== 1) return []
      const charges = chargesOf(bank, id)
      const back = charges.reduce((sum, charge) => sum + charge.refundedMinor, 0)
      const isAll = back > 0 && back >= charges.reduce((sum, { amount }) => sum + amount.amountMinor, 0)
      return back === refundedMinor && (!isAll || state === 'refunded')
        ? []
        : [`${id} is ${state} with ${refundedMinor} given back, the provider has given back ${back}`]
    }),
}

const memberships: Invariant = {
  name: 'whatever the provider has begun is one membership, and over where it is over',
  check: ({ orders, scene: { bank, disk } }) => {
    const stored = disk.tables.bodies('learner#').filter((body) => typeof body['subscription'] === 'string')
    return [...bank.contracts.values()].flatMap(({ id, order, status }) => {
      const of = stored.filter((body) => body['subscription'] === id)
      const state = of[0]?.['state']
      const isHeld = orders.some((each) => each.id === order && each.heldBecause !== undefined)
      // It waits for what its bank decides.
      const isWaiting = state === 'paused' && order !== undefined && chargesOf(bank, order).some(({ dispute }) => dispute?.outcome === 'open')
      if (isHeld || (of.length === 1 && (status !== 'canceled' || state === 'ended' || state === 'complete' || state === 'lapsed' || isWaiting))) return []
      return [`${id} of ${order} is ${status}; ${of.length} memberships are kept, ${String(state)}`]
    })
  },
}

const coupons: Invariant = {
  name: 'a coupon is used by as many orders as hold it, and never more often than its limit',
  check: ({ orders, scene: { disk } }) => {
    const bodies = disk.tables.bodies('coupon#')
    const uses = bodies.flatMap((body) => ('order' in body ? [CouponUse.parse(body)] : []))
    const broken = bodies
      .filter((body) => !('order' in body))
      .map((body) => StoredCoupon.parse(body))
      .flatMap(({ code, used, paid, limit = 0 }) => {
        const [held, settled] = [uses.filter((use) => use.code === code), uses.filter((use) => use.code === code && use.isPaid)]
        const says = `${code}: ${used} of ${limit} used, ${paid} paid; ${held.length} are held, ${settled.length} paid`
        return used > limit || used !== held.length || paid !== settled.length ? [says] : []
      })
    const idle = uses.filter(({ order, isPaid, code }) => {
      const holder = orders.find(({ id }) => id === order)
      const isHeld = holder?.coupon?.code === code && holder.state !== 'expired'
      return !isHeld || (holder !== undefined && isPaid !== (holder.state === 'paid' || holder.state === 'refunded'))
    })
    const without = orders.filter((order) => hasDelivered(order) && order.coupon && !uses.some((use) => use.order === order.id))
    return [
      ...broken,
      ...idle.map(({ code, order }) => `${order} holds ${code} in vain`),
      ...without.map(({ id, coupon }) => `${id} was paid with ${coupon?.code} and holds no use of it`),
    ]
  },
}

const prices: Invariant = {
  name: 'whoever pays is charged what they were shown and agreed to',
  check: ({ orders, paidPages, scene: { shown } }) =>
    orders.flatMap((order) => {
      const { id, learner, price, heldBecause } = order
      const paid = (paidPages.get(id) ?? []).filter((page) => page.id === order.session)
      if (heldBecause !== undefined || paid.length === 0) return []
      const seen = shown.get(shownKey(learner, order))
      const agreed = seen?.has(price.amountMinor) ? [] : [`${id} costs ${price.amountMinor}, shown was ${[...(seen ?? [])].join(', ') || 'nothing'}`]
      const charged = paid.filter((page) => page.paid.amountMinor !== price.amountMinor)
      return [...agreed, ...charged.map((page) => `${page.id} of ${id} was paid with ${page.paid.amountMinor}, agreed was ${price.amountMinor}`)]
    }),
}

export const MONEY: readonly Invariant[] = [prices, ledger, receipts, givenBack, memberships, coupons]
