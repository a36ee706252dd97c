import type { MarkedAnswer } from '#contract/questions.ts'
import type { Attempt, AttemptSummary, QuizView } from '#contract/quizzes.ts'
import type { Actor } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import { asked } from './asking.ts'
import { openQuiz, type Sat, sat } from './attempts.ts'
import { told } from './marking.ts'
import { rulesOf, sizeOf } from './paper.ts'
import { attemptRecords, attemptsPrefix, type StoredAttempt, standingRecords } from './records.ts'
import { layingOf, marksOf } from './score.ts'

/** Which of its answers somebody may be told of by now. */
const mayTell = ({ attempt: { value: attempt }, standing }: Sat): ((question: string) => boolean) => {
  const { handedInAt, checked, rules, score } = attempt
  if (handedInAt === undefined) return (question) => checked.includes(question)
  if (rules.telling === 'never') return () => false
  const isPassed = score?.isPassed || standing.value.best?.isPassed || false
  return () => rules.telling !== 'passed' || isPassed
}

const markedOf = (now: Sat): MarkedAnswer[] => {
  const isTold = mayTell(now)
  return marksOf(now.attempt.value, now.paper).flatMap(({ question, mark }) => (isTold(question.id) ? [told(question, mark)] : []))
}

const summaryOf = ({ number, startedAt, handedInAt, score }: StoredAttempt): AttemptSummary => ({
  ...{ number, startedAt },
  ...(handedInAt !== undefined && { handedInAt }),
  ...(score && { score }),
})

const secondsUntil = (dueAt: string, now: Date): number => Math.max(0, Math.ceil((Date.parse(dueAt) - now.getTime()) / 1000))

export const shownAttempt = ({ clock }: Pick<World, 'clock'>, now: Sat): Attempt => {
  const { value: attempt } = now.attempt
  const { handedInAt, dueAt, answers } = attempt
  return {
    ...summaryOf(attempt),
    questions: now.paper.map((question) => asked(question, layingOf(attempt))),
    answers,
    ...(handedInAt === undefined && dueAt !== undefined && { secondsLeft: secondsUntil(dueAt, clock.now()) }),
    marked: markedOf(now),
  }
}

const ATTEMPTS_A_PAGE = 10

export const shownQuiz = async (world: World, actor: Actor, { lesson: id, page }: { lesson: string; page?: string | undefined }): Promise<QuizView> => {
  const { tables } = world
  const { lesson, isStaff, ids } = await openQuiz(world, actor, id)
  const before = (await standingRecords.get(tables, ids))?.value
  const running = before?.open === undefined ? undefined : await sat(world, ids, before.open)
  const standing = running?.standing.value ?? before
  const listed = await attemptRecords.list(tables, `learner#${actor.id}`, {
    ...{ prefix: attemptsPrefix(id), descending: true, limit: ATTEMPTS_A_PAGE },
    ...(page !== undefined && { page }),
  })
  const { passPercent, attempts, minutes, telling } = rulesOf(lesson)
  const begun = standing?.begun ?? 0
  return {
    rules: { passPercent, telling, ...(attempts !== undefined && { attempts }), ...(minutes !== undefined && { minutes }) },
    ...(await sizeOf(tables, lesson)),
    begun,
    ...(attempts !== undefined && !isStaff && { left: Math.max(0, attempts - begun) }),
    ...(standing?.best && { best: standing.best }),
    ...(running && running.attempt.value.handedInAt === undefined && { open: shownAttempt(world, running) }),
    attempts: listed.items.filter(({ handedInAt }) => handedInAt !== undefined).map(summaryOf),
    ...(listed.next !== undefined && { next: listed.next }),
  }
}
