import type { Fact } from '#contract/grants.ts'
import { followed, publicationRecords } from '#core/courses/records.ts'
import { doneBy, enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { ledgerOf } from './access.ts'
import { isRunning, momentIn } from './decide.ts'
import { personWith } from './people.ts'

const MOST_TRIES = 5
/**
 * A gift is refused once the ledger has so many facts of any kind: it is the one that can be added at will, with the end that
 * follows it. Purchases and enrolments are not refused for their number. Each purchase is paid for, and one enrols again only
 * after an end; a ledger without gifts reaches the 400 KB of an item after some thousand of them, and its commit fails then.
 */
const MOST_FACTS = 200

type Done = { done: true }

const busy = (): Refusal => new Refusal('conflict', 'This ledger is being written by others. Try again.')

type Gift = { email: string; course: string; until?: string | undefined; note: string }

/** Gives somebody a course that has been published, also when it has left the catalogue since. */
export const give = async (world: World, admin: Actor, { email, course, until, note }: Gift): Promise<Done> => {
  const { tables, clock, ids } = world
  const { id: learner } = await personWith(world, email)
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const at = clock.now().toISOString()
    if (until !== undefined && Date.parse(until) <= Date.parse(at)) throw new Refusal('bad-input', 'This would have run out already: choose a later moment.')
    const publication = await publicationRecords.get(tables, { id: course })
    if (!publication || publication.value.isClosed) throw missing('published course')
    const enrolment = await enrolmentOf(tables, learner, course)
    const facts = enrolment?.value.facts ?? []
    if (facts.length >= MOST_FACTS) throw new Refusal('too-many', `More than ${MOST_FACTS} things have happened to this access: it takes no more gifts.`)
    const fact: Fact = { id: ids.make('fct'), kind: 'gifted', at, by: doneBy(admin), note, ...(until !== undefined && { until }) }
    const events = isRunning(facts, at) ? [] : [event(world, 'enrolment.started', { learner, course }, `${fact.id}.started`)]
    // So that a course is not removed while somebody is let in.
    const changes = [followed(publication), withFact(enrolment, { learner, course }, fact)]
    if ((await tables.commit(changes, events)) === 'done') return { done: true }
  }
  throw busy()
}

type End = { email: string; course: string; note: string }

/** Ends every right that runs. Whatever begins after it holds again: a purchase, or a gift. */
export const end = async (world: World, admin: Actor, { email, course, note }: End): Promise<Done> => {
  const { tables, clock, ids } = world
  const { id: learner } = await personWith(world, email)
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const at = clock.now().toISOString()
    const enrolment = await enrolmentOf(tables, learner, course)
    // Also what somebody follows by a membership: there is no enrolment of theirs then, and this fact begins one.
    const ledger = await ledgerOf(tables, { id: learner }, course)
    if (!isRunning(ledger, at)) throw new Refusal('conflict', 'There is no access to end.')
    const fact: Fact = { id: ids.make('fct'), kind: 'ended', at: momentIn(ledger, at), by: doneBy(admin), note }
    const ended = event(world, 'enrolment.ended', { learner, course, because: 'ended' }, `${fact.id}.ended`)
    if ((await tables.commit([withFact(enrolment, { learner, course }, fact)], [ended])) === 'done') return { done: true }
  }
  throw busy()
}
