import { PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'

const AT_ONCE = 5

type Asking<T> = { what: string; done: string; items: readonly T[]; ask(item: T): Promise<unknown> }

/**
 * Has the provider asked about each of some things, five at once. While it is down the run ends early, for the next to go on; what
 * single ones fail on is thrown when the others are done. `what` are they, and what is `done` to them: “orders”, “reconciled”.
 */
export const askAboutEach = async <T>({ log }: Pick<World, 'log'>, { what, done, items, ask }: Asking<T>): Promise<void> => {
  const failures: unknown[] = []
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const outcomes = await Promise.allSettled(items.slice(at, at + AT_ONCE).map((item) => ask(item)))
    const reasons = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }): unknown => reason)
    failures.push(...reasons.filter((reason) => !(reason instanceof PaymentsUnavailable)))
    if (reasons.some((reason) => reason instanceof PaymentsUnavailable)) {
      log.warn(`payments unavailable: ${what} are ${done} later`, { left: items.length - at })
      break
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} ${what} could not be ${done}.`)
}
