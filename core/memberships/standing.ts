import { isBefore, plus } from '#core/moments.ts'
import { orderRecords, type StoredOrder } from '#core/payments/records.ts'
import { rewrite, settle } from '#core/payments/settle.ts'
import { unassignedInvoices } from '#core/payments/unassigned.ts'
import { type Stored, together, type Writing } from '#core/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { judge } from './judge.ts'
import { membershipOfRecords, membershipRecords, type StoredMembership } from './records.ts'
import { beside, due } from './writing.ts'

type Known = { learner: string; id: string }

const knownAs = async ({ tables }: World, by: string): Promise<Known | undefined> => (await membershipOfRecords.get(tables, { by }))?.value

/** When news of a subscription has overtaken its checkout's own, the order is settled first, which begins it. */
const begunBy = async (world: World, subscription: string): Promise<Known | 'not-ours' | { unbegun: string }> => {
  const { order: named } = await world.payments.readSubscription(subscription)
  const order = named === undefined ? undefined : (await orderRecords.get(world.tables, { id: named }))?.value
  if (!order) return 'not-ours'
  if (order.session !== undefined) await settle(world, order.id, await world.payments.readCheckout(order.session))
  return (await knownAs(world, subscription)) ?? { unbegun: order.id }
}

const DOUBTED_AGAIN_MS = 5 * 60_000
/** How exact it is known when it was read last. */
const READ_AGAIN_MS = 15_000

/** Whether an answer tells nothing new: it is then not written down, so that many that come at once are not in each other's way. */
const isSame = (before: StoredMembership, after: StoredMembership): boolean => {
  const said = ({ readAt: _, dueAt: _due, ...rest }: StoredMembership): string =>
    JSON.stringify(Object.entries(rest).toSorted(([one], [other]) => (one < other ? -1 : 1)))
  return said(before) === said(after) && isBefore(after.readAt, plus(before.readAt, READ_AGAIN_MS))
}

const writing = async (world: World, before: Stored<StoredMembership>): Promise<Writing | string> => {
  const { tables, payments, clock } = world
  // Read after the record, so that no answer is older than what the record was last written from.
  const told = await payments.readSubscription(before.value.subscription)
  const now = clock.now().toISOString()
  const verdict = judge(before.value, told, { now, policy: await moneyPolicy(tables) })
  if (verdict.is === 'odd') return verdict.because
  if (verdict.is === 'older') {
    const isToRead = before.value.dueAt !== undefined
    return { changes: isToRead ? [due({ ...before.value, dueAt: plus(now, DOUBTED_AGAIN_MS) })] : [], events: [] }
  }
  const { membership, paid, happenings } = verdict
  if (paid.length + happenings.length === 0 && isSame(before.value, membership))
    return { changes: [membershipRecords.holds(before), due(membership)], events: [] }
  const buyer = paid.length > 0 ? (await orderRecords.get(tables, { id: membership.order }))?.value.buyer : undefined
  const more = beside(world, { before: before.value, after: membership, paid, happenings }, buyer)
  return { changes: [membershipRecords.replace(before, membership), ...more.changes], events: more.events }
}

/** Whether what is paid for a subscription that began nothing has bought nothing: its order is held, or was paid by another page. */
const isInVain = ({ state, membership }: StoredOrder): boolean => state === 'held' || state === 'refunded' || (state === 'paid' && membership !== undefined)

/** An order that is not paid has news of its own, and is asked about. */
const bookUnbegun = (world: World, order: string, subscription: string, also: Change[]): Promise<StoredOrder | undefined> =>
  rewrite(world, order, async ({ value }) => {
    const booked = isInVain(value) ? [await unassignedInvoices(world, value, await world.payments.readSubscription(subscription))] : []
    return together([...booked, { changes: also, events: [] }])
  })

const MOST_TRIES = 12

/**
 * Brings a membership to where its subscription, read anew from the provider, says it must be; `also` is written in the same
 * commit. Answers what a person has to look at, if anything: nothing is written then.
 */
export const bringUpToDate = async (world: World, subscription: string, also: Change[] = []): Promise<string | undefined> => {
  const { tables } = world
  const known = (await knownAs(world, subscription)) ?? (await begunBy(world, subscription))
  if (known === 'not-ours') return `subscription ${subscription} belongs to no order of the school`
  if ('unbegun' in known) return void (await bookUnbegun(world, known.unbegun, subscription, also))
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const before = await membershipRecords.get(tables, known)
    if (!before) throw new Error(`Membership ${known.id} is named and not stored.`)
    const next = await writing(world, before)
    if (typeof next === 'string') return next
    if ((await tables.commit([...next.changes, ...also], next.events)) === 'done') return undefined
  }
  throw new Error(`Membership ${known.id} was written by others ${MOST_TRIES} times while it was being brought up to date.`)
}
