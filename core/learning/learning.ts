import type { Completion, learning as contract } from '#contract/learning.ts'
import { followed, publicationRecords } from '#core/courses/records.ts'
import { enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import { openLesson } from '#core/grants/access.ts'
import { rightsOf } from '#core/grants/decide.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { completion } from './completing.ts'
import { allEnrolled, curriculumOf } from './curriculum.ts'
import { progressRecords } from './progress.ts'
import { check } from './questions.ts'
import { lessonView, ruleOf } from './view.ts'

const MOST_TRIES = 12

const busy = (): Refusal => new Refusal('conflict', 'This is being written elsewhere at this moment. Try again.')

const enrol = async (world: World, actor: Actor, { course }: { course: string }): Promise<{ done: true }> => {
  const { tables, clock, ids } = world
  // The publication may be written meanwhile: it may have left the catalogue. Or another tab was quicker.
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const publication = await publicationRecords.get(tables, { id: course })
    if (!publication?.value.isListed) throw missing('course')
    if (publication.value.price.amountMinor > 0) throw new Refusal('not-allowed', 'This course is paid for at checkout.')
    const enrolment = await enrolmentOf(tables, actor.id, course)
    const at = clock.now().toISOString()
    const rights = rightsOf(enrolment?.value.facts ?? [], at)
    // Enrolled already is what was asked for.
    if (rights.some(({ isRunning }) => isRunning)) return { done: true }
    if (rights.at(-1)?.endedBy?.kind === 'ended') throw new Refusal('access-ended', 'Your access to this course was ended by the school.')
    const fact = { id: ids.make('fct'), kind: 'enrolled' as const, at }
    const started = event(world, 'enrolment.started', { learner: actor.id, course }, `${fact.id}.enrolled`)
    const changes = [followed(publication), withFact(enrolment, { learner: actor.id, course }, fact)]
    if ((await tables.commit(changes, [started])) === 'done') return { done: true }
  }
  throw busy()
}

/** Where it is the learner's to say: every lesson that is no video and that nobody judges, and videos of a course whose teacher leaves it to them. */
const complete = async (world: World, actor: Actor, { lesson: id, isCompleted }: Completion): Promise<Completion> => {
  const { tables, clock } = world
  // Another tab, or a beat of the player, may write meanwhile: what it wrote must not be lost.
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const lesson = await openLesson(world, actor, id)
    const { by } = await ruleOf(tables, lesson)
    if (by === 'watching') throw new Refusal('not-allowed', 'This lesson is completed by watching it.')
    if (by === 'passing') throw new Refusal('not-allowed', 'This lesson is completed by passing it.')
    const ids = { learner: actor.id, course: lesson.course, lesson: id }
    const before = await progressRecords.get(tables, ids)
    const at = clock.now().toISOString()
    const after = { ...(before?.value ?? { ...ids, positionSeconds: 0 }), isCompleted, at }
    const change = before ? progressRecords.replace(before, after) : progressRecords.add(after)
    const takenBack = before?.value.isCompleted && !isCompleted ? [event(world, 'progress.moved', ids)] : []
    if ((await tables.commit([change], [...completion(world, before?.value, after), ...takenBack])) === 'done') return { lesson: id, isCompleted }
  }
  throw busy()
}

export const learning: Feature<typeof contract> = {
  handlers: {
    mine: async (world, actor) => ({ enrolled: await allEnrolled(world, actor.id) }),
    curriculum: (world, actor, { course }) => curriculumOf(world, actor, course),
    enrol,
    lesson: lessonView,
    complete,
    check,
  },
  hearings: [],
  timers: [],
}
