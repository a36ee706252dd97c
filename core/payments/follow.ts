import { event } from '#core/events.ts'
import { releasing } from '#core/offers/coupons.ts'
import { type Stored, together, type Writing } from '#core/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import type { Payment } from '#ports/payments.ts'
import type { Change, Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type Judged, judgePayment } from './judge.ts'
import { booking, entriesOf } from './ledger.ts'
import { orderRecords, type StoredOrder, unpaidRecords } from './records.ts'
import { guardOf, rewrite } from './settle.ts'
import { turning } from './take.ts'

const NOTHING: Writing = { changes: [], events: [] }

/** Disputes whose outcome is another than it was. */
const newDisputes = (before: StoredOrder, { disputes = [] }: StoredOrder) =>
  disputes.filter(({ id, outcome }) => before.disputes?.find((each) => each.id === id)?.outcome !== outcome)

const telling = (world: World, before: StoredOrder, { order, entries, isEnded }: Judged): Event[] => {
  const { id } = order
  const refunds = entries.filter(({ kind }) => kind === 'refunded')
  const warned = order.fraudWarning === before.fraudWarning ? undefined : order.fraudWarning
  return [
    ...refunds.map((entry) => event(world, 'order.refunded', { order: id, isWhole: isEnded }, `${id}.told.${entry.id}`)),
    ...newDisputes(before, order).map((dispute) =>
      event(world, 'order.disputed', { order: id, dispute: dispute.id, outcome: dispute.outcome }, `${id}.${dispute.id}.${dispute.outcome}`),
    ),
    ...(warned === undefined ? [] : [event(world, 'order.fraud-warning', { order: id, warning: warned }, `${id}.${warned}.warned`)]),
  ]
}

/** A held order that is refunded stood in the way of another one, and kept a coupon's use that bought nothing. */
const freeing = async (world: World, { state }: StoredOrder, before: StoredOrder): Promise<Change[]> => {
  if (state !== 'refunded' || before.state === 'refunded') return []
  const guard = await guardOf(world.tables, before)
  return [...(guard ? [unpaidRecords.remove(guard.value, guard)] : []), ...(await releasing(world, before))]
}

const writing = async (world: World, before: Stored<StoredOrder>, judged: Judged): Promise<Writing> => {
  const { order, entries, turn } = judged
  const turned = turn ? await turning(world, before.value, turn) : NOTHING
  // Written even where only the ledger grows: whoever read an older answer of the provider's loses the commit, and reads again.
  const changes = [orderRecords.replace(before, order), ...(await freeing(world, order, before.value))]
  return together([{ changes, events: telling(world, before.value, judged) }, booking(world, ...entries), turned])
}

const judged = async (world: World, { value: order }: Stored<StoredOrder>, told: Payment): Promise<Judged> => {
  const { tables, clock } = world
  return judgePayment(order, told, { entries: await entriesOf(tables, order.id), policy: await moneyPolicy(tables), at: clock.now().toISOString() })
}

/**
 * Brings an order, its ledger and what it opened to what a payment of it, read anew from the provider, says: what has gone back,
 * what the bank disputes, and whether it warns. Which news made somebody ask, how often and in what order does not matter.
 * `beside` is written in the same commit. Answers what a person has to look at, if anything: `beside` is not written then.
 */
export const followPayment = async (world: World, id: string, payment: string, beside: Change[] = []): Promise<string | undefined> => {
  let odd: string | undefined
  await rewrite(world, id, async (before) => {
    // Read after the order, so that no answer is older than what the order was last written from.
    const told = await world.payments.readPayment(payment)
    const verdict = told && (await judged(world, before, told))
    odd = verdict ? verdict.odd : `the provider knows no sale of payment ${payment}`
    const written = verdict?.isChanged ? await writing(world, before, verdict) : NOTHING
    return together([written, { changes: odd === undefined ? beside : [], events: [] }])
  })
  return odd
}
