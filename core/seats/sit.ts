import { followed, publicationRecords } from '#core/courses/records.ts'
import { enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import { isRunning, rightsOf } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import { type Stored, together, type Writing } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { invitationRecords, type StoredSeats, seatsRecords } from './records.ts'

/** Two hundred may sit down at once, each a commit of the same record. */
const MOST_TRIES = 60

export const busy = (): Refusal => new Refusal('conflict', 'Others are being served at this moment. Try again.')

/** The seats an invitation leads to. */
export const invited = async ({ tables }: Pick<World, 'tables'>, token: string): Promise<Stored<StoredSeats>> => {
  const order = (await invitationRecords.get(tables, { token }))?.value.order
  const seats = order === undefined ? undefined : await seatsRecords.get(tables, { order })
  if (!seats) throw missing('invitation')
  return seats
}

const letIn = async (world: World, person: string, { order }: StoredSeats, course: string): Promise<Writing> => {
  const { tables, clock, ids } = world
  const publication = await publicationRecords.get(tables, { id: course })
  if (!publication || publication.value.isClosed) throw new Refusal('no-seat', 'A course of this invitation has been removed. Ask whoever sent it.', 'ended')
  const at = clock.now().toISOString()
  const enrolment = await enrolmentOf(tables, person, course)
  const fact = { id: ids.make('fct'), kind: 'seated' as const, at, order }
  const isBegun = isRunning(enrolment?.value.facts ?? [], at)
  const events = isBegun ? [] : [event(world, 'enrolment.started', { learner: person, course }, `${fact.id}.seated`)]
  return { changes: [followed(publication), withFact(enrolment, { learner: person, course }, fact)], events }
}

const hasAll = async ({ tables, clock }: World, person: string, { courses }: StoredSeats): Promise<boolean> => {
  const at = clock.now().toISOString()
  const ledgers = await Promise.all(courses.map(({ id }) => enrolmentOf(tables, person, id)))
  return ledgers.every((ledger) => rightsOf(ledger?.value.facts ?? [], at).some(({ isRunning: runs, until }) => runs && until === undefined))
}

export const sits = ({ taken }: StoredSeats, person: string): boolean => taken.some(({ id }) => id === person)

/** Takes a free seat. Asked again by somebody who sits already, it changes nothing. */
export const sit = async (world: World, actor: Actor, token: string): Promise<StoredSeats> => {
  const { tables, clock } = world
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const before = await invited(world, token)
    const seats = before.value
    if (sits(seats, actor.id)) return seats
    if (seats.isEnded) throw new Refusal('no-seat', 'This invitation has ended. Ask whoever sent it.', 'ended')
    if (seats.taken.length >= seats.seats) throw new Refusal('no-seat', 'All seats of this invitation are taken.', 'taken')
    if (await hasAll(world, actor.id, seats)) throw new Refusal('already-enrolled', 'You have this already: pass the invitation on to somebody else.')
    const { id, name, email } = actor
    const after = { ...seats, taken: [...seats.taken, { id, name, email, at: clock.now().toISOString() }] }
    const entered = await Promise.all(seats.courses.map((course) => letIn(world, actor.id, seats, course.id)))
    const { changes, events } = together([{ changes: [seatsRecords.replace(before, after)], events: [] }, ...entered])
    if ((await tables.commit(changes, events)) === 'done') return after
  }
  throw busy()
}

const letOut = async (world: World, person: string, { order }: StoredSeats, course: string): Promise<Writing> => {
  const at = world.clock.now().toISOString()
  const enrolment = await enrolmentOf(world.tables, person, course)
  const facts = enrolment?.value.facts ?? []
  const fact = { id: world.ids.make('fct'), kind: 'unseated' as const, at, order }
  const isOut = isRunning(facts, at) && !isRunning([...facts, fact], at)
  const ended = event(world, 'enrolment.ended', { learner: person, course, because: 'unseated' }, `${fact.id}.ended`)
  return { changes: [withFact(enrolment, { learner: person, course }, fact)], events: isOut ? [ended] : [] }
}

/** Takes a seat of a team back, for somebody else. */
export const unsit = async (world: World, order: string, person: string): Promise<StoredSeats> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const before = await seatsRecords.get(world.tables, { order })
    if (!before || !sits(before.value, person)) throw missing('seat')
    const seats = before.value
    if (seats.kind === 'gift') throw new Refusal('not-allowed', 'A gift that has been taken up stays with whoever took it up.')
    const after = { ...seats, taken: seats.taken.filter(({ id }) => id !== person) }
    const out = await Promise.all(seats.courses.map((course) => letOut(world, person, seats, course.id)))
    const { changes, events } = together([{ changes: [seatsRecords.replace(before, after)], events: [] }, ...out])
    if ((await world.tables.commit(changes, events)) === 'done') return after
  }
  throw busy()
}
