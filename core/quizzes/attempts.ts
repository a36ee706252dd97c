import type { GivenAnswer, Question } from '#contract/questions.ts'
import type { StoredLesson } from '#core/courses/records.ts'
import { event } from '#core/events.ts'
import { openedLesson } from '#core/grants/access.ts'
import type { Actor } from '#core/handlers.ts'
import { completion } from '#core/learning/completing.ts'
import { progressRecords } from '#core/learning/progress.ts'
import type { Stored, Writing } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { markOf } from './marking.ts'
import { bytesOf, paperOf, rulesOf } from './paper.ts'
import { attemptRecords, paperRecords, type StoredAttempt, type StoredStanding, standingRecords } from './records.ts'
import { layingOf, scoreOf } from './score.ts'

/** What is handed in this much too late was on its way. */
const GRACE_SECONDS = 30
const MOST_TRIES = 12
/** Of one learner, where the teacher sets no bound. */
const MOST_ATTEMPTS = 200
const MOST_ANSWER_BYTES = 150_000

const busy = (): Refusal => new Refusal('conflict', 'This quiz is being written elsewhere at this moment. Try again.')

export type OpenQuiz = { lesson: StoredLesson; isStaff: boolean; ids: { learner: string; course: string; lesson: string } }

/** A quiz that is open to the actor. Whoever teaches it may try it as they are writing it. */
export const openQuiz = async (world: World, actor: Actor, id: string): Promise<OpenQuiz> => {
  const { lesson, because } = await openedLesson(world, actor, id)
  if (lesson.kind !== 'quiz') throw missing('quiz')
  return { lesson, isStaff: because === 'admin' || because === 'teaches', ids: { learner: actor.id, course: lesson.course, lesson: id } }
}

const hasRunOut = ({ dueAt }: StoredAttempt, now: Date): boolean => dueAt !== undefined && now.getTime() > Date.parse(dueAt) + GRACE_SECONDS * 1000

/** What passing writes of the learner's progress; what is completed stays so. */
const passing = async (world: World, { learner, course, lesson }: OpenQuiz['ids'], at: string): Promise<Writing> => {
  const ids = { learner, course, lesson }
  const before = await progressRecords.get(world.tables, ids)
  if (before?.value.isCompleted) return { changes: [progressRecords.holds(before)], events: [] }
  const after = { ...(before?.value ?? { ...ids, positionSeconds: 0 }), isCompleted: true, at }
  return { changes: [before ? progressRecords.replace(before, after) : progressRecords.add(after)], events: completion(world, before?.value, after) }
}

type Handing = { before: Stored<StoredAttempt>; after: StoredAttempt; paper: readonly Question[]; standing: Stored<StoredStanding> }

/** An attempt's end: its score, the learner's best, what they have completed by it and the news of it, in one commit. */
const handingIn = async (world: World, { before, after, paper, standing }: Handing, at: string): Promise<Writing & { ended: StoredAttempt }> => {
  const score = scoreOf(after, paper)
  const ended = { ...after, handedInAt: at, score }
  const { open: _, best, ...rest } = standing.value
  const better = best && best.percent >= score.percent && (best.isPassed || !score.isPassed) ? best : score
  const changes = [attemptRecords.replace(before, ended), standingRecords.replace(standing, { ...rest, best: better })]
  if (after.isStaff) return { changes, events: [], ended }
  const { learner, course, lesson, number } = after
  const passed = score.isPassed ? await passing(world, after, at) : { changes: [], events: [] }
  const told = event(world, 'quiz.handed-in', { learner, course, lesson, number, isPassed: score.isPassed })
  return { changes: [...changes, ...passed.changes], events: [told, ...passed.events], ended }
}

export type Sat = { attempt: Stored<StoredAttempt>; paper: Question[]; standing: Stored<StoredStanding> }

const read = async ({ tables }: World, ids: OpenQuiz['ids'], number: number): Promise<Sat> => {
  const of = { learner: ids.learner, lesson: ids.lesson, number }
  const [attempt, paper, standing] = [await attemptRecords.get(tables, of), await paperRecords.get(tables, of), await standingRecords.get(tables, ids)]
  if (!attempt || !paper || !standing) throw missing('attempt')
  return { attempt, paper: paper.value.questions, standing }
}

/** An attempt as it is now: one whose time has run out is handed in with what had been kept of it. */
export const sat = async (world: World, ids: OpenQuiz['ids'], number: number): Promise<Sat> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const { attempt, paper, standing } = await read(world, ids, number)
    const { handedInAt, dueAt } = attempt.value
    if (handedInAt !== undefined || dueAt === undefined || !hasRunOut(attempt.value, world.clock.now())) return { attempt, paper, standing }
    const { changes, events } = await handingIn(world, { before: attempt, after: attempt.value, paper, standing }, dueAt)
    await world.tables.commit(changes, events)
  }
  throw busy()
}

const beginning = async (world: World, { lesson, isStaff, ids }: OpenQuiz, standing: Stored<StoredStanding> | undefined) => {
  const begun = standing?.value.begun ?? 0
  const rules = rulesOf(lesson)
  if (!isStaff && rules.attempts !== undefined && begun >= rules.attempts) throw new Refusal('not-allowed', 'You have used all attempts of this quiz.')
  if (begun >= MOST_ATTEMPTS) throw new Refusal('too-many', `Nobody has more than ${MOST_ATTEMPTS} attempts.`)
  const now = world.clock.now()
  const seed = world.ids.secret(16)
  const due = rules.minutes === undefined ? {} : { dueAt: new Date(now.getTime() + rules.minutes * 60_000).toISOString() }
  const attempt: StoredAttempt = {
    ...{ ...ids, number: begun + 1, startedAt: now.toISOString(), ...due },
    ...{ rules, seed, answers: [], checked: [], isStaff },
  }
  const questions = await paperOf(world.tables, lesson, seed)
  const { learner, lesson: quiz } = ids
  const stands: StoredStanding = { ...(standing?.value ?? ids), begun: attempt.number, open: attempt.number }
  return [
    attemptRecords.add(attempt),
    paperRecords.add({ learner, lesson: quiz, number: attempt.number, questions }),
    standing ? standingRecords.replace(standing, stands) : standingRecords.add(stands),
  ]
}

/** The attempt that is open, or a new one. */
export const begin = async (world: World, actor: Actor, id: string): Promise<Sat> => {
  const quiz = await openQuiz(world, actor, id)
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const standing = await standingRecords.get(world.tables, quiz.ids)
    const open = standing?.value.open
    const running = open === undefined ? undefined : await sat(world, quiz.ids, open)
    if (running && running.attempt.value.handedInAt === undefined) return running
    if (running) continue
    await world.tables.commit(await beginning(world, quiz, standing))
  }
  throw busy()
}

const withAnswers = ({ attempt: { value: attempt }, paper }: Sat, given: readonly GivenAnswer[]): StoredAttempt => {
  const answers = new Map(attempt.answers.map(({ question, answer }) => [question, answer]))
  for (const { question: id, answer } of given) {
    const question = paper.find((each) => each.id === id)
    if (!question) throw new Refusal('bad-input', 'There is no such question in this attempt. Load it again.')
    // Nothing is kept that could not be marked.
    markOf(question, answer, layingOf(attempt))
    if (!attempt.checked.includes(id)) answers.set(id, answer)
  }
  const kept = [...answers].map(([question, answer]) => ({ question, answer }))
  if (bytesOf(kept) > MOST_ANSWER_BYTES) throw new Refusal('too-large', 'These answers are too long.')
  return { ...attempt, answers: kept }
}

const withChecked = (attempt: StoredAttempt, check: string | undefined): StoredAttempt => {
  if (check === undefined || attempt.checked.includes(check)) return attempt
  if (attempt.rules.telling !== 'each') throw new Refusal('not-allowed', 'This quiz tells nothing before it is handed in.')
  if (!attempt.answers.some(({ question }) => question === check)) throw new Refusal('bad-input', 'Answer it first.')
  return { ...attempt, checked: [...attempt.checked, check] }
}

export type Answering = { lesson: string; number: number; answers: readonly GivenAnswer[]; check?: string | undefined; isFinal: boolean }

/** Keeps what is answered, and hands it in where it is final. What comes after the time is not kept. */
export const answered = async (world: World, actor: Actor, { lesson, number, answers, check, isFinal }: Answering): Promise<Sat> => {
  const { ids } = await openQuiz(world, actor, lesson)
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const now = await sat(world, ids, number)
    const { attempt, paper, standing } = now
    if (attempt.value.handedInAt !== undefined) return now
    const after = withChecked(withAnswers(now, answers), check)
    const { changes, events } = isFinal
      ? await handingIn(world, { before: attempt, after, paper, standing }, world.clock.now().toISOString())
      : { changes: [attemptRecords.replace(attempt, after)], events: [] }
    if ((await world.tables.commit(changes, events)) === 'done') return read(world, ids, number)
  }
  throw busy()
}
