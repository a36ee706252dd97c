import { enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import { ledgerOf } from '#core/grants/access.ts'
import { isRunning } from '#core/grants/decide.ts'
import { stopping } from '#core/memberships/stop.ts'
import { together, type Writing } from '#core/records.ts'
import { unseating } from '#core/seats/open.ts'
import type { World } from '#ports/world.ts'
import type { StoredOrder } from './records.ts'

/** `lost`: of something recurring, which waited for its dispute and now ends. What is bought once was closed when it was disputed. */
export type Turn = { kind: 'refunded' | 'disputed' | 'lost' | 'cleared'; at: string; id: string }
type Once = Turn & { kind: 'refunded' | 'disputed' | 'cleared' }

/** What becomes of the buyer's right to a course. Someone who has it by other means as well goes on. */
const turned = async (world: World, { id: order, learner }: StoredOrder, course: string, { kind, at, id }: Once): Promise<Writing> => {
  const enrolment = await enrolmentOf(world.tables, learner, course)
  // All that opens the course counts: a membership beside the purchase keeps them in, and nothing is told then.
  const facts = await ledgerOf(world.tables, { id: learner }, course)
  const fact = { id: `fct_${order}.${id}`, kind, at, order }
  const [was, is] = [isRunning(facts, at), isRunning([...facts, fact], at)]
  const key = `${order}.${course}.${id}`
  const told =
    kind === 'cleared' ? event(world, 'enrolment.returned', { learner, course }, key) : event(world, 'enrolment.ended', { learner, course, because: kind }, key)
  return { changes: [withFact(enrolment, { learner, course }, fact)], events: was === is ? [] : [told] }
}

/** The rights that a paid order began end with it, wait, or come back. Of an order that was held there are none. `id` tells one turn from the next. */
export const turning = async (world: World, order: StoredOrder, turn: Turn): Promise<Writing> => {
  if (order.terms.kind !== 'once') return stopping(world, order, turn.kind, turn.at)
  const once: Once = { ...turn, kind: turn.kind === 'lost' ? 'disputed' : turn.kind }
  if (order.recipient.kind !== 'me') return unseating(world, order, once.kind, once.at)
  return together(await Promise.all(order.courses.map(({ id }) => turned(world, order, id, once))))
}
