import type { Completion, learning as contract, LessonCompletion, LessonView } from '#contract/learning.ts'
import { followed, publicationRecords, type StoredLesson, USUAL_COMPLETION } from '#core/courses/records.ts'
import { enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import { shownFile } from '#core/files/shown.ts'
import { openLesson } from '#core/grants/access.ts'
import { rightsOf } from '#core/grants/decide.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { asked, PLAINLY } from '#core/quizzes/asking.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { shownVideo, watchableVideo } from '#core/watching/open.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { completion } from './completing.ts'
import { allEnrolled, curriculumOf } from './curriculum.ts'
import { progressRecords } from './progress.ts'
import { check } from './questions.ts'

const BY_WORD: LessonCompletion = { by: 'learner' }

/** What completes a lesson. */
const ruleOf = async (tables: Tables, { kind, course }: StoredLesson): Promise<LessonCompletion> => {
  if (kind === 'quiz' || kind === 'assignment') return { by: 'passing' }
  if (kind !== 'video') return BY_WORD
  return (await publicationRecords.get(tables, { id: course }))?.value.completion ?? USUAL_COMPLETION
}

const view = async (world: World, actor: Actor | undefined, { lesson: id }: { lesson: string }): Promise<LessonView> => {
  const { tables } = world
  const lesson = await openLesson(world, actor, id)
  const { title, kind, text, about, course, files } = lesson
  const video = await watchableVideo(tables, lesson.video)
  const progress = actor && (await progressRecords.get(tables, { learner: actor.id, course, lesson: id }))
  return {
    ...{ id, title, kind, text, about },
    // Those of a quiz are drawn, and counted, with an attempt.
    questions: kind === 'quiz' ? [] : lesson.questions.map((question) => asked(question, PLAINLY)),
    files: files.map(shownFile),
    curriculum: await curriculumOf(world, actor, course),
    positionSeconds: progress?.value.positionSeconds ?? 0,
    isCompleted: progress?.value.isCompleted ?? false,
    completion: await ruleOf(tables, lesson),
    watched: progress?.value.watched ?? [],
    ...(video && { video: shownVideo(video) }),
  }
}

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
    lesson: view,
    complete,
    check,
  },
  hearings: [],
  timers: [],
}
