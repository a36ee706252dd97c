import { rightsOf } from '#core/grants/decide.ts'
import type { StoredMembership } from '#core/memberships/records.ts'
import { after } from '#core/moments.ts'
import type { StoredOrder } from '#core/payments/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import { PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import type { Misfit } from './misfits.ts'

/** How often the provider may still be asked, and whether it has answered so far. */
export type Asks = { left: number; isAnswered: boolean }

const HOUR_MS = 3600_000
/** As far back as the provider's own list of events goes. */
const LOOK_BACK_MS = 30 * 24 * HOUR_MS
/** Younger pages are the reconciler's, which asks about them every few minutes. */
const SETTLED_BY_NOW_MS = HOUR_MS
/** Memberships that were read since have nothing to hide. */
const READ_LATELY_MS = 24 * HOUR_MS

/** Asks unless enough has been asked, or the provider could not be reached before. */
const asked = async <T>(asks: Asks, ask: () => Promise<T>): Promise<T | undefined> => {
  if (asks.left <= 0 || !asks.isAnswered) return undefined
  asks.left -= 1
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof PaymentsUnavailable)) throw error
    asks.isAnswered = false
    return undefined
  }
}

/** An order that the school takes for unpaid, and the provider for paid. */
export const paidAtProvider = async (world: World, order: StoredOrder, asks: Asks): Promise<Misfit | undefined> => {
  const { id, learner, title, state, session, openedAt } = order
  if ((state !== 'open' && state !== 'expired') || session === undefined || openedAt === undefined) return undefined
  if (openedAt < after(world, -LOOK_BACK_MS) || openedAt > after(world, -SETTLED_BY_NOW_MS)) return undefined
  const checkout = await asked(asks, () => world.payments.readCheckout(session))
  if (!checkout?.isPaid) return undefined
  return {
    ...{ id: `paid-at-provider.${id}`, kind: 'paid-at-provider', order: id, learner, canRepair: true },
    says: `The payment provider has the money for “${title}”, and the school has the order as ${state === 'open' ? 'not paid yet' : 'run out'}.`,
  }
}

const HAS_ENDED: readonly string[] = ['canceled', 'incomplete_expired']

/** A membership that runs here though the provider has ended it, and what was paid for is over. */
export const endedAtProvider = async (world: World, membership: StoredMembership, asks: Asks): Promise<Misfit | undefined> => {
  const { id, learner, order, title, subscription, state, readAt, facts } = membership
  const now = world.clock.now().toISOString()
  const isRunning = rightsOf(facts, now).some((right) => right.isRunning)
  if (!isRunning || state === 'complete' || readAt > after(world, -READ_LATELY_MS)) return undefined
  const told = await asked(asks, () => world.payments.readSubscription(subscription))
  if (!told || !HAS_ENDED.includes(told.status)) return undefined
  // Access may go on for the grace after the last payment that was owed, and to the end of what is paid for.
  const { graceHours } = await moneyPolicy(world.tables)
  const last = [told.endedAt ?? told.periodEnd, membership.paidUntil].toSorted().at(-1) ?? now
  if (Date.parse(last) + graceHours * HOUR_MS > Date.parse(now)) return undefined
  return {
    ...{ id: `access-no-payment.${id}`, kind: 'access-no-payment', order, learner, membership: id, canRepair: true },
    says: `“${title}” is open to them, and the payment provider has ended it on ${last.slice(0, 10)}.`,
  }
}
