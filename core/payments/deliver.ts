import { followed, publicationRecords } from '#core/courses/records.ts'
import { enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import { isRunning } from '#core/grants/decide.ts'
import { beginning } from '#core/memberships/begin.ts'
import { together, type Writing } from '#core/records.ts'
import { seating } from '#core/seats/open.ts'
import type { Checkout } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { booking } from './ledger.ts'
import { chargedAt } from './movements.ts'
import type { StoredOrder } from './records.ts'

/** Lets the buyer into a course. */
const letIn = async (world: World, { id: order, learner }: StoredOrder, course: string, at: string): Promise<Writing> => {
  const enrolment = await enrolmentOf(world.tables, learner, course)
  const fact = { id: `fct_${order}.paid`, kind: 'paid' as const, at, order }
  // Someone who got in by other means has still paid, but nothing is begun twice.
  const isBegun = isRunning(enrolment?.value.facts ?? [], at)
  const events = isBegun ? [] : [event(world, 'enrolment.started', { learner, course }, `${order}.${course}.enrolled`)]
  return { changes: [withFact(enrolment, { learner, course }, fact)], events }
}

/** So that a course is not removed while somebody is let in; undefined when one has been. */
const there = async ({ tables }: World, { courses, terms, recipient }: StoredOrder): Promise<Writing | undefined> => {
  const publications = await Promise.all(courses.map(({ id }) => publicationRecords.get(tables, { id })))
  // Seats and memberships are counted where they lie.
  const held = terms.kind === 'once' && recipient.kind === 'me' ? followed : publicationRecords.holds
  const changes = publications.flatMap((publication) => (publication && !publication.value.isClosed ? [held(publication)] : []))
  return changes.length === courses.length ? { changes, events: [] } : undefined
}

/** What is given, and what the order keeps of it; or why it cannot be given. */
type Delivery = (Writing & { keeps?: Pick<StoredOrder, 'membership' | 'payment'> }) | { heldBecause: string }

/** What a paid order gives: courses, seats to pass on, or a membership. */
export const delivering = async (world: World, order: StoredOrder, checkout: Checkout, at: string): Promise<Delivery> => {
  const open = await there(world, order)
  if (!open) return { heldBecause: 'a course of it has been removed' }
  if (order.terms.kind !== 'once') {
    const begun = await beginning(world, order, checkout, at)
    return 'heldBecause' in begun ? begun : { ...together([open, begun]), keeps: begun.keeps }
  }
  const given =
    order.recipient.kind === 'me' ? await Promise.all(order.courses.map(({ id }) => letIn(world, order, id, at))) : [await seating(world, order, at)]
  const charged = chargedAt(order, checkout, { at, isAssigned: true })
  return together([open, ...given, booking(world, ...(charged ? [charged] : []))])
}
