import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import type { Answer, Question } from '#contract/questions.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { laid } from './asking.ts'
import { attemptRecords, paperRecords, type StoredAttempt } from './records.ts'
import { layingOf, marksOf } from './score.ts'

/**
 * What first attempts at one question add up to. `x` is what an answer was worth and `y` the whole attempt without it, both 0 … 100; sums of
 * them and of their squares and products are all that difficulty and discrimination need.
 */
const Tally = z.object({
  asked: z.int(),
  right: z.int(),
  ...{ x: z.number(), xx: z.number(), y: z.number(), yy: z.number(), xy: z.number() },
  /** How often each option was chosen, by its place as its teacher wrote it; of true and false, 0 and 1. */
  chosen: z.record(z.string(), z.int()),
})
type Tally = z.infer<typeof Tally>

const StoredTallies = z.object({
  lesson: z.string(),
  shard: z.int(),
  attempts: z.int(),
  passed: z.int(),
  percents: z.number(),
  questions: z.record(z.string(), Tally),
})
type StoredTallies = z.infer<typeof StoredTallies>

/** Many hand in at once: each learner's attempt is counted in one of so many records. */
const SHARDS = 8
const MOST_TRIES = 12
/** More than any quiz asks or draws; questions that came and went may not fill the record. */
const MOST_TALLIED = 600

const tallyRecords = records({
  schema: StoredTallies,
  key: ({ lesson, shard }: { lesson: string; shard: number }) => ({ pk: `tallies#${lesson}`, sk: `shard#${shard}` }),
  people: ofNobody,
})

const NOTHING: Tally = { asked: 0, right: 0, x: 0, xx: 0, y: 0, yy: 0, xy: 0, chosen: {} }

const chosenOf = (question: Question, answer: Answer | undefined, attempt: StoredAttempt): string[] => {
  if (!answer || !('chosen' in answer)) return []
  if (question.kind === 'true-false') return answer.chosen.map(String)
  if (question.kind !== 'single' && question.kind !== 'multiple') return []
  const texts = laid(question, layingOf(attempt))
  return answer.chosen.map((place) => String(question.options.findIndex(({ text }) => text === texts[place])))
}

const plus = (tally: Tally, { x, y, chosen: options }: { x: number; y: number; chosen: readonly string[] }): Tally => {
  const chosen = { ...tally.chosen }
  for (const option of options) chosen[option] = (chosen[option] ?? 0) + 1
  return {
    ...{ asked: tally.asked + 1, right: tally.right + (x === 100 ? 1 : 0), chosen },
    ...{ x: tally.x + x, xx: tally.xx + x * x, y: tally.y + y, yy: tally.yy + y * y, xy: tally.xy + x * y },
  }
}

const counted = (before: StoredTallies, attempt: StoredAttempt, paper: readonly Question[]): StoredTallies => {
  const marks = marksOf(attempt, paper)
  const worth = (of: (typeof marks)[number]): number => (of.question.points * of.mark.right) / of.mark.of
  const [earned, most] = [marks.reduce((sum, mark) => sum + worth(mark), 0), paper.reduce((sum, { points }) => sum + points, 0)]
  const answers = new Map(attempt.answers.map(({ question, answer }) => [question, answer]))
  const questions = { ...before.questions }
  for (const each of marks) {
    const { question, mark } = each
    const isKnown = questions[question.id] !== undefined
    if (!isKnown && Object.keys(questions).length >= MOST_TALLIED) continue
    const rest = most - question.points
    const y = rest === 0 ? 0 : Math.round((100 * (earned - worth(each))) / rest)
    const chosen = chosenOf(question, answers.get(question.id), attempt)
    questions[question.id] = plus(questions[question.id] ?? NOTHING, { x: Math.round((100 * mark.right) / mark.of), y, chosen })
  }
  const { percent = 0, isPassed = false } = attempt.score ?? {}
  return { ...before, attempts: before.attempts + 1, passed: before.passed + (isPassed ? 1 : 0), percents: before.percents + percent, questions }
}

const shardOf = (learner: string): number => (createHash('sha256').update(learner).digest()[0] ?? 0) % SHARDS

/** Only first attempts: who tries again has learned from the first. Counted once, however often it is told of. */
const tally = async ({ tables }: World, of: { learner: string; lesson: string; number: number }): Promise<void> => {
  if (of.number !== 1) return
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const [attempt, paper] = [await attemptRecords.get(tables, of), await paperRecords.get(tables, of)]
    if (!attempt || !paper || attempt.value.isTallied || attempt.value.handedInAt === undefined) return
    const ids = { lesson: of.lesson, shard: shardOf(of.learner) }
    const before = await tallyRecords.get(tables, ids)
    const after = counted(before?.value ?? { ...ids, attempts: 0, passed: 0, percents: 0, questions: {} }, attempt.value, paper.value.questions)
    const changes = [
      attemptRecords.replace(attempt, { ...attempt.value, isTallied: true }),
      before ? tallyRecords.replace(before, after) : tallyRecords.add(after),
    ]
    if ((await tables.commit(changes)) === 'done') return
  }
  throw new Error(`The tallies of ${of.lesson} are written all the time: this attempt is counted later.`)
}

export const tallyHearings: readonly Hearing[] = [hearing('quizzes.tally', 'quiz.handed-in', tally)]

/**
 * How a question does: `difficulty` is the mean share of its points, `discrimination` how well it tells those who do well in the rest from
 * those who do not (-1 … 1; a correlation, undefined while all answers or all other scores are the same).
 */
export type ItemFigures = {
  question: string
  asked: number
  right: number
  difficulty: number
  discrimination: number | undefined
  chosen: Record<string, number>
}

const figures = (question: string, { asked: n, right, x, xx, y, yy, xy, chosen }: Tally): ItemFigures => {
  const spread = Math.sqrt(Math.max(0, n * xx - x * x) * Math.max(0, n * yy - y * y))
  return { question, asked: n, right, difficulty: n === 0 ? 0 : x / n / 100, discrimination: spread === 0 ? undefined : (n * xy - x * y) / spread, chosen }
}

const added = (a: Tally, b: Tally): Tally => ({
  ...{ asked: a.asked + b.asked, right: a.right + b.right, x: a.x + b.x, xx: a.xx + b.xx, y: a.y + b.y, yy: a.yy + b.yy, xy: a.xy + b.xy },
  chosen: Object.fromEntries(
    [...new Set([...Object.keys(a.chosen), ...Object.keys(b.chosen)])].map((option) => [option, (a.chosen[option] ?? 0) + (b.chosen[option] ?? 0)]),
  ),
})

export type QuizFigures = { attempts: number; passed: number; meanPercent: number; questions: ItemFigures[] }

/** What first attempts at a quiz come to; for whoever teaches it. */
export const figuresOf = async (tables: Tables, lesson: string): Promise<QuizFigures> => {
  const { items } = await tallyRecords.list(tables, `tallies#${lesson}`, { limit: SHARDS })
  const questions = new Map<string, Tally>()
  for (const shard of items) for (const [id, each] of Object.entries(shard.questions)) questions.set(id, added(questions.get(id) ?? NOTHING, each))
  const sum = (of: (shard: StoredTallies) => number): number => items.reduce((total, shard) => total + of(shard), 0)
  const attempts = sum((shard) => shard.attempts)
  return {
    ...{ attempts, passed: sum(({ passed }) => passed), meanPercent: attempts === 0 ? 0 : sum(({ percents }) => percents) / attempts },
    questions: [...questions].map(([id, each]) => figures(id, each)),
  }
}
