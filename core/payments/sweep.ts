import { PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { after } from './checkout.ts'
import { sweptRecords } from './records.ts'
import { orderPaidBy, refund } from './refund.ts'

const FIRST_LOOK_BACK_MS = 30 * 24 * 3600_000
/** The provider's clock is not ours. */
const OVERLAP_MS = 3600_000

const refundOne = async (world: World, payment: string): Promise<void> => {
  const order = await orderPaidBy(world, payment)
  const odd = order === undefined ? `payment ${payment} belongs to no order of the school` : await refund(world, order, payment)
  if (odd !== undefined) world.log.warn('refund not acted on', { payment, because: odd })
}

const refundEach = async (world: World, payments: readonly string[]): Promise<unknown[]> => {
  const failures: unknown[] = []
  for (const payment of new Set(payments)) {
    try {
      await refundOne(world, payment)
    } catch (error) {
      if (error instanceof PaymentsUnavailable) throw error
      failures.push(error)
    }
  }
  return failures
}

/** A page at a time, however many there are: an account may sell other things as well. */
const sweep = async (world: World, since: string): Promise<unknown[]> => {
  let { items, next } = await world.payments.listRefunded(since)
  const failures = await refundEach(world, items)
  while (next !== undefined) {
    ;({ items, next } = await world.payments.listRefunded(since, next))
    failures.push(...(await refundEach(world, items)))
  }
  return failures
}

/**
 * Asks the provider what was refunded since it was asked last, so that access follows a refund whose news was lost. One list for
 * all orders: it costs as much as there are refunds, not as there are orders. What fails is looked at again by the next run.
 */
export const sweepRefunds = async (world: World): Promise<void> => {
  const { tables, log } = world
  const until = after(world, -OVERLAP_MS)
  const since = (await sweptRecords.get(tables, { what: 'refunds' }))?.value.until ?? after(world, -FIRST_LOOK_BACK_MS)
  try {
    const failures = await sweep(world, since)
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} refunds could not be looked at.`)
  } catch (error) {
    if (!(error instanceof PaymentsUnavailable)) throw error
    log.warn('payments unavailable: looking for refunds again later', { reason: error.message })
    return
  }
  await tables.commit([sweptRecords.put({ what: 'refunds', until })])
}
