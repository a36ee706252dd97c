import type { StoredOrder } from '#core/payments/records.ts'
import type { Writing } from '#core/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import type { Checkout, Subscription } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { judge } from './judge.ts'
import { membershipOfRecords, membershipRecords, type StoredMembership } from './records.ts'
import { beside } from './writing.ts'

/** A membership is named after its order: however often one is settled, it begins one. */
export const membershipIdOf = (order: string): string => order.replace(/^ord_/, 'mem_')

/** What begins, and what its order then keeps of it; or why it cannot. */
export type Beginning = (Writing & { keeps: Pick<StoredOrder, 'membership' | 'payment'> }) | { heldBecause: string }

const everyOf = ({ terms }: StoredOrder): Subscription['every'] => (terms.kind === 'membership' ? terms.every : 'month')

/** Why the subscription that was made is not the one that was agreed. */
const differing = (order: StoredOrder, { order: named, price, every }: Subscription): string | undefined => {
  const { unit, id } = order
  if (named !== id) return `the provider’s subscription names order ${named ?? '(none)'}`
  if (price.amountMinor !== unit.amountMinor || price.currency !== unit.currency || every !== everyOf(order)) {
    return `the provider charges ${price.amountMinor} ${price.currency} (minor units) each ${every} where ${unit.amountMinor} ${unit.currency} each ${everyOf(order)} was agreed`
  }
  return undefined
}

const unbegun = (order: StoredOrder, told: Subscription, at: string): StoredMembership => {
  const { id, learner, email, item, title, courses, terms, unit, isLive } = order
  const offer = item.kind === 'offer' ? item.offer : item.course
  return {
    ...{ id: membershipIdOf(id), learner, email, order: id, offer, title, isLive },
    ...(terms.kind === 'instalments' ? { kind: 'instalments' as const, courses, count: terms.count } : { kind: 'membership' as const }),
    ...{ paidCount: 0, price: unit, every: everyOf(order), state: told.status === 'trialing' ? ('trial' as const) : ('active' as const) },
    ...{ subscription: told.id, customer: told.customer, startedAt: told.startedAt, paidUntil: told.startedAt, readAt: at },
    ...{ invoices: [], facts: [] },
  }
}

/**
 * What a paid order of something recurring begins: the membership, its first invoice in the ledger, and what tells of it. The
 * subscription is read here, after the order was: the commit holds only while that is as it was, so no answer is older than it.
 */
export const beginning = async (world: World, order: StoredOrder, checkout: Checkout, at: string): Promise<Beginning> => {
  if (checkout.subscription === undefined) return { heldBecause: 'the provider names no subscription of it' }
  const told = await world.payments.readSubscription(checkout.subscription)
  const because = differing(order, told)
  if (because !== undefined) return { heldBecause: because }
  const verdict = judge(unbegun(order, told, at), told, { now: at, policy: await moneyPolicy(world.tables) })
  if (verdict.is !== 'so') return { heldBecause: verdict.is === 'odd' ? verdict.because : 'the provider’s answer is older than the order' }
  const { membership, paid, happenings } = verdict
  const { id, learner, subscription } = membership
  const more = beside(world, { before: undefined, after: membership, paid, happenings }, checkout.buyer)
  const payment = paid.find(({ payment: of }) => of !== undefined)?.payment
  return {
    changes: [membershipRecords.add(membership), ...[subscription, id].map((by) => membershipOfRecords.put({ by, learner, id })), ...more.changes],
    events: more.events,
    keeps: { membership: id, ...(payment !== undefined && { payment }) },
  }
}
