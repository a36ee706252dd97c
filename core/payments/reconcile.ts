import { after } from '#core/moments.ts'
import { PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { READ_EVERY_MS } from './checkout.ts'
import { DUE_CHECKOUTS, orderRecords, type StoredUnpaid, unpaidRecords } from './records.ts'
import { settle } from './settle.ts'

const AT_ONCE = 5
const MOST_A_RUN = 500

const readOne = async (world: World, { learner, wanted, order: id }: StoredUnpaid): Promise<void> => {
  const { tables, payments } = world
  const guard = await unpaidRecords.get(tables, { learner, wanted })
  if (guard?.value.order !== id || guard.value.dueAt === undefined) return
  // Put off before it is read: an order that cannot be read must not stand in front of the others for ever.
  const claim = unpaidRecords.replace(guard, { ...guard.value, dueAt: after(world, READ_EVERY_MS) })
  if ((await tables.commit([claim])) === 'conflict') return
  const session = (await orderRecords.get(tables, { id }))?.value.session
  if (session === undefined) return
  await settle(world, id, await payments.readCheckout(session))
}

const due = async ({ tables, clock }: World): Promise<StoredUnpaid[]> => {
  const now = clock.now().toISOString()
  const { items } = await unpaidRecords.listIndex(tables, DUE_CHECKOUTS, { limit: MOST_A_RUN })
  return items.filter(({ dueAt }) => dueAt !== undefined && dueAt <= now)
}

/**
 * Asks the provider about every open checkout page each five minutes, so that access follows payment when no webhook ever
 * comes. While the provider is down the run ends early; what one order fails on is thrown when the others are done.
 */
export const reconcile = async (world: World): Promise<void> => {
  const orders = await due(world)
  const failures: unknown[] = []
  for (let at = 0; at < orders.length; at += AT_ONCE) {
    const outcomes = await Promise.allSettled(orders.slice(at, at + AT_ONCE).map((order) => readOne(world, order)))
    const reasons = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }): unknown => reason)
    failures.push(...reasons.filter((reason) => !(reason instanceof PaymentsUnavailable)))
    if (failures.length < reasons.length && reasons.some((reason) => reason instanceof PaymentsUnavailable)) {
      world.log.warn('payments unavailable: reconciling again later', { left: orders.length - at })
      break
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} orders could not be reconciled.`)
}
