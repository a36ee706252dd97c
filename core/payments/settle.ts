import { event } from '#core/events.ts'
import { redeeming, releasing } from '#core/offers/coupons.ts'
import { type Stored, together, type Writing } from '#core/records.ts'
import type { Checkout } from '#ports/payments.ts'
import type { Change, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { delivering } from './deliver.ts'
import { orderRecords, type StoredOrder, unpaidRecords, wantedOf } from './records.ts'
import { takenBy, unassigned } from './unassigned.ts'

type Verdict = { is: 'paid' | 'expired' | 'unchanged' } | { is: 'held'; because: string }

const differences = (order: StoredOrder, { paid, isLive, order: named }: Checkout): string[] => {
  const { price } = order
  const found: string[] = []
  if (named !== order.id) found.push(`the provider names order ${named ?? '(none)'}`)
  if (paid.currency !== price.currency || paid.amountMinor !== price.amountMinor) {
    found.push(`paid ${paid.amountMinor} ${paid.currency} (minor units) where ${price.amountMinor} ${price.currency} was agreed`)
  }
  if (isLive !== order.isLive) found.push(isLive ? 'a live payment for a test order' : 'a test payment for a live order')
  return found
}

/** What a checkout means for its order. Only a refund leads out of `paid`, and only a person out of `held`, by refunding it or otherwise. */
export const judge = (order: StoredOrder, checkout: Checkout): Verdict => {
  if (order.state === 'paid' || order.state === 'held' || order.state === 'refunded') return { is: 'unchanged' }
  if (checkout.isPaid) {
    const found = differences(order, checkout)
    return found.length > 0 ? { is: 'held', because: found.join('; ') } : { is: 'paid' }
  }
  // An earlier attempt's page running out says nothing of the present one.
  const isCurrent = order.state === 'open' && order.session === checkout.session
  return { is: checkout.status === 'expired' && isCurrent ? 'expired' : 'unchanged' }
}

/** The guard of this order, if it is still this order's. */
export const guardOf = async (tables: Tables, order: StoredOrder) => {
  const { id, learner } = order
  const guard = await unpaidRecords.get(tables, { learner, wanted: wantedOf(order) })
  return guard?.value.order === id ? guard : undefined
}

/** The order gives up waiting for its checkout page: the provider is no longer asked about it. One that has run out gives its coupon back. */
export const closing = async (world: World, before: Stored<StoredOrder>, closed: Partial<StoredOrder>): Promise<Writing> => {
  const { tables } = world
  const { checkoutUrl: _, ...rest } = before.value
  const given = closed.state === 'expired' ? await releasing(world, before.value) : []
  const changes = [orderRecords.replace(before, { ...rest, ...closed }), ...given]
  const guard = await guardOf(tables, before.value)
  if (guard) {
    const { dueAt: _due, ...kept } = guard.value
    changes.push(unpaidRecords.replace(guard, kept))
  }
  return { changes, events: [] }
}

const holding = async (world: World, before: Stored<StoredOrder>, checkout: Checkout, because: string): Promise<Writing> => {
  const { id } = before.value
  const { payment, session, customer, buyer } = checkout
  const about = { session, buyer, ...(payment !== undefined && { payment }), ...(customer !== undefined && { customer }) }
  const closed = await closing(world, before, { state: 'held', heldBecause: because, ...about })
  const told = { changes: takenBy(id, payment), events: [event(world, 'order.held', { order: id, reason: because }, `${id}.held`)] }
  return together([closed, await unassigned(world, before.value, checkout), told])
}

const paying = async (world: World, before: Stored<StoredOrder>, checkout: Checkout): Promise<Writing> => {
  const { tables, clock } = world
  const { session, payment, customer, buyer } = checkout
  const { checkoutUrl: _, ...rest } = before.value
  const { id, learner } = rest
  const paidAt = clock.now().toISOString()
  const given = await delivering(world, rest, checkout, paidAt)
  if ('heldBecause' in given) return holding(world, before, checkout, given.heldBecause)
  const paid = { state: 'paid' as const, session, paidAt, buyer, ...(payment !== undefined && { payment }), ...(customer !== undefined && { customer }) }
  const { keeps } = given
  const guard = await guardOf(tables, rest)
  const changes = [
    orderRecords.replace(before, { ...rest, ...paid, ...keeps }),
    // What is recurring names its own payments.
    ...(keeps ? [] : takenBy(id, payment)),
    ...(guard ? [unpaidRecords.remove({ learner, wanted: wantedOf(rest) }, guard)] : []),
    ...(await redeeming(world, rest)),
  ]
  return together([{ changes, events: [event(world, 'order.paid', { order: id, learner }, `${id}.paid`)] }, given])
}

/** The order is settled and its page is another: what came in by this one has bought nothing. */
const isSecondPayment = ({ state, session }: StoredOrder, checkout: Checkout): boolean =>
  (state === 'paid' || state === 'held' || state === 'refunded') && checkout.isPaid && checkout.session !== session

const writing = async (world: World, before: Stored<StoredOrder>, checkout: Checkout): Promise<Writing> => {
  const { id } = before.value
  const { session } = checkout
  if (isSecondPayment(before.value, checkout)) {
    const booked = await unassigned(world, before.value, checkout)
    const changes = booked.changes.length > 0 ? takenBy(id, checkout.payment) : []
    const twice = { changes, events: [event(world, 'order.paid-twice', { order: id, session }, `${id}.${session}.paid-twice`)] }
    return together([twice, booked])
  }
  const verdict = judge(before.value, checkout)
  if (verdict.is === 'held') return holding(world, before, checkout, verdict.because)
  if (verdict.is === 'paid') return paying(world, before, checkout)
  return verdict.is === 'expired' ? closing(world, before, { state: 'expired' }) : { changes: [], events: [] }
}

/** Pages that run out at once give uses of one coupon back: each that is overtaken was overtaken by one that was written. */
const MOST_TRIES = 50

/**
 * Writes what `writing` says of an order as it is now. Any number of these may run at once: all but one lose the commit, read
 * again, and find it done. Answers undefined when there is no such order (nothing was written then).
 */
export const rewrite = async ({ tables }: World, id: string, writing: (before: Stored<StoredOrder>) => Promise<Writing>): Promise<StoredOrder | undefined> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const before = await orderRecords.get(tables, { id })
    if (!before) return undefined
    const { changes, events } = await writing(before)
    if (changes.length + events.length === 0) return before.value
    if ((await tables.commit(changes, events)) === 'done') return (await orderRecords.get(tables, { id }))?.value
  }
  throw new Error(`Order ${id} was written by others ${MOST_TRIES} times while it was being brought up to date.`)
}

/** Brings an order to where its checkout, as the provider tells it now, says it must be; `beside` is written in the same commit. */
export const settle = (world: World, id: string, checkout: Checkout, beside: Change[] = []): Promise<StoredOrder | undefined> =>
  rewrite(world, id, async (before) => together([await writing(world, before, checkout), { changes: beside, events: [] }]))

/** The same where a coupon pays for all of it. Nothing pays for what another window has agreed to buy at a price meanwhile. */
export const settleFree = (world: World, id: string, checkout: Checkout): Promise<StoredOrder | undefined> =>
  rewrite(world, id, async (before) => (before.value.price.amountMinor === 0 ? writing(world, before, checkout) : { changes: [], events: [] }))
