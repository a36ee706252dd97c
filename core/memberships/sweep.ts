import { PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { plus } from './calendar.ts'
import { close, isToClose } from './close.ts'
import { DUE_MEMBERSHIPS, membershipDueRecords, membershipRecords } from './records.ts'
import { bringUpToDate } from './standing.ts'

const AT_ONCE = 5
const MOST_A_RUN = 300
const AGAIN_MS = 5 * 60_000

const tellOdd = ({ alerts }: World, id: string, because: string): Promise<void> =>
  alerts.tell({
    id: `memberships.odd.${id}`,
    subject: `Membership ${id} does not agree with the payment provider`,
    text: `Membership ${id} was read, and ${because}. Nothing was changed. Look at it with the provider.`,
  })

const readOne = async (world: World, id: string): Promise<void> => {
  const { tables, clock } = world
  const due = await membershipDueRecords.get(tables, { id })
  if (!due) return
  const { learner } = due.value
  // Put off before it is read: one that cannot be read must not stand in front of the others for ever.
  const claim = membershipDueRecords.replace(due, { ...due.value, dueAt: plus(clock.now().toISOString(), AGAIN_MS) })
  if ((await tables.commit([claim])) === 'conflict') return
  const membership = (await membershipRecords.get(tables, { learner, id }))?.value
  if (!membership) return
  const odd = await bringUpToDate(world, membership.subscription)
  if (odd !== undefined) return tellOdd(world, id, odd)
  const after = (await membershipRecords.get(tables, { learner, id }))?.value
  if (after && isToClose(after)) await close(world, after)
}

/**
 * Asks the provider about each membership that is due, so that a renewal and an end are seen when no webhook ever comes. While the
 * provider is down the run ends early; what one fails on is thrown when the others are done.
 */
export const readDue = async (world: World): Promise<void> => {
  const now = world.clock.now().toISOString()
  const { items } = await membershipDueRecords.listIndex(world.tables, DUE_MEMBERSHIPS, { limit: MOST_A_RUN })
  const due = items.filter(({ dueAt }) => dueAt <= now)
  const failures: unknown[] = []
  for (let at = 0; at < due.length; at += AT_ONCE) {
    const outcomes = await Promise.allSettled(due.slice(at, at + AT_ONCE).map(({ id }) => readOne(world, id)))
    const reasons = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }): unknown => reason)
    failures.push(...reasons.filter((reason) => !(reason instanceof PaymentsUnavailable)))
    if (reasons.some((reason) => reason instanceof PaymentsUnavailable)) {
      world.log.warn('payments unavailable: reading memberships again later', { left: due.length - at })
      break
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} memberships could not be read.`)
}
