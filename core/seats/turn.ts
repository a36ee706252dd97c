import { enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import { isRunning, rightsOf } from '#core/grants/decide.ts'
import type { World } from '#ports/world.ts'
import { type StoredSeats, seatsRecords } from './records.ts'

const MOST_TRIES = 12

/**
 * Brings a right that somebody sits in to what the seats say now. What is asked is their state and not the news, which may
 * come twice and in any order.
 */
const turn = async (world: World, { order, isEnded }: StoredSeats, person: string, course: string): Promise<void> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const at = world.clock.now().toISOString()
    const before = await enrolmentOf(world.tables, person, course)
    const facts = before?.value.facts ?? []
    const last = rightsOf(facts, at).findLast(({ begunBy }) => begunBy.order === order)
    const endedBy = last?.endedBy?.kind
    const isRight = isEnded === undefined ? endedBy !== 'disputed' : endedBy === isEnded || endedBy === 'refunded' || endedBy === 'unseated'
    if (!last || isRight) return
    const fact = { id: world.ids.make('fct'), kind: isEnded ?? ('cleared' as const), at, order }
    // They have paid nothing: the letter says that their seat has ended, not that they get money.
    const isOut = isRunning(facts, at) && !isRunning([...facts, fact], at)
    const events = isEnded && isOut ? [event(world, 'enrolment.ended', { learner: person, course, because: 'unseated' }, `${fact.id}.ended`)] : []
    if ((await world.tables.commit([withFact(before, { learner: person, course }, fact)], events)) === 'done') return
  }
  throw new Error(`The right of ${person} to ${course} was written by others ${MOST_TRIES} times.`)
}

/** Lets out, or in again, everybody who sits in an order. */
export const turnSeats = async (world: World, order: string): Promise<void> => {
  const seats = (await seatsRecords.get(world.tables, { order }))?.value
  if (!seats) return
  for (const { id: person } of seats.taken) for (const { id: course } of seats.courses) await turn(world, seats, person, course)
}
