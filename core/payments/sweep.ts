import { after } from '#core/moments.ts'
import { PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { followPayment } from './follow.ts'
import { orderPaidBy } from './paid-by.ts'
import { sweptRecords } from './records.ts'

const FIRST_LOOK_BACK_MS = 30 * 24 * 3600_000
/** The provider's clock is not ours. */
const OVERLAP_MS = 3600_000

type Failure = { payment: string; error: unknown }

const refundOne = async (world: World, payment: string): Promise<void> => {
  const order = await orderPaidBy(world, payment)
  const odd = order === undefined ? `payment ${payment} belongs to no order of the school` : await followPayment(world, order, payment)
  if (odd !== undefined) world.log.warn('refund not acted on', { payment, because: odd })
}

const refundEach = async (world: World, payments: readonly string[]): Promise<Failure[]> => {
  const failures: Failure[] = []
  for (const payment of new Set(payments)) {
    try {
      await refundOne(world, payment)
    } catch (error) {
      if (error instanceof PaymentsUnavailable) throw error
      failures.push({ payment, error })
    }
  }
  return failures
}

/** A page at a time, however many there are: an account may sell other things as well. */
const sweep = async (world: World, since: string, failed: readonly string[]): Promise<Failure[]> => {
  let { items, next } = await world.payments.listRefunded(since)
  const failures = await refundEach(world, [...failed, ...items])
  while (next !== undefined) {
    ;({ items, next } = await world.payments.listRefunded(since, next))
    failures.push(...(await refundEach(world, items)))
  }
  return failures
}

/** More than that is no matter of single payments: all of them have been told of, and the newest are tried again. */
const MOST_KEPT = 500

/** Somebody has to look at it. However often it fails, it is told once. */
const park = async ({ alerts, log }: World, { payment, error }: Failure): Promise<void> => {
  log.error('a refund could not be looked at', error, { payment })
  await alerts.tell({
    kind: 'payments',
    id: `payments.refund-failed.${payment}`,
    subject: 'A refund could not be looked at',
    text: `Payment ${payment} was refunded, and the school could not act on it. It tries again every hour. Look at it with the provider; its access may have to be ended by hand.`,
  })
}

/**
 * Asks the provider what was refunded since it was asked last, so that access follows a refund whose news was lost. One list for
 * all orders: it costs as much as there are refunds, not as there are orders. A payment that fails is told of and kept for the next
 * run, and holds up no other: the next list begins where this one ended.
 */
export const sweepRefunds = async (world: World): Promise<void> => {
  const { tables, log } = world
  const until = after(world, -OVERLAP_MS)
  const before = (await sweptRecords.get(tables, { what: 'refunds' }))?.value
  try {
    const failures = await sweep(world, before?.until ?? after(world, -FIRST_LOOK_BACK_MS), before?.failed ?? [])
    for (const failure of failures) await park(world, failure)
    const failed = [...new Set(failures.map(({ payment }) => payment))].slice(-MOST_KEPT)
    await tables.commit([sweptRecords.put({ what: 'refunds', until, failed })])
  } catch (error) {
    if (!(error instanceof PaymentsUnavailable)) throw error
    log.warn('payments unavailable: looking for refunds again later', { reason: error.message })
  }
}
