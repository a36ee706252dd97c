import type { Question } from '#contract/questions.ts'
import { type QuizRules, USUAL_RULES } from '#contract/quizzes.ts'
import type { StoredLesson } from '#core/courses/records.ts'
import { Refusal } from '#core/refusal.ts'
import { TABLE_LIMITS, type Tables } from '#ports/tables.ts'
import { bankQuestionRecords, bankRecords } from './records.ts'
import { shuffled } from './shuffle.ts'

export const rulesOf = ({ quiz }: Pick<StoredLesson, 'quiz'>): QuizRules => quiz ?? USUAL_RULES

/** Of one attempt. */
export const MOST_ASKED = 100
const MOST_PAPER_BYTES = Math.floor(TABLE_LIMITS.itemBytes * 0.9)

export const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length

/** A bank that this lesson may draw from: one of its own course. */
const bankOf = async (tables: Tables, { course }: Pick<StoredLesson, 'course'>, id: string) => {
  const bank = (await bankRecords.get(tables, { id }))?.value
  return bank?.course === course ? bank : undefined
}

/** The questions of a bank, for a lesson that may draw from it. */
const among = async (tables: Tables, lesson: StoredLesson, bank: string): Promise<Question[]> =>
  (await bankOf(tables, lesson, bank)) ? ((await bankQuestionRecords.get(tables, { id: bank }))?.value.questions ?? []) : []

/** All that a quiz may ask: what stands in it, and what is in the banks it draws from. */
export const askable = async (tables: Tables, lesson: StoredLesson): Promise<Question[]> => {
  const banks = await Promise.all(rulesOf(lesson).draws.map(({ bank }) => among(tables, lesson, bank)))
  return [...lesson.questions, ...banks.flat()]
}

const drawn = async (tables: Tables, lesson: StoredLesson, seed: string): Promise<Question[]> => {
  const questions: Question[] = []
  for (const { bank, count } of rulesOf(lesson).draws) {
    questions.push(...shuffled(await among(tables, lesson, bank), `${seed} ${bank}`, ({ id }) => id).slice(0, count))
  }
  return questions
}

/** The questions of a new attempt: the lesson's own, and those drawn by `seed`, none of them twice. */
export const paperOf = async (tables: Tables, lesson: StoredLesson, seed: string): Promise<Question[]> => {
  const found = new Map([...lesson.questions, ...(await drawn(tables, lesson, seed))].map((question) => [question.id, question]))
  const questions = [...found.values()].slice(0, MOST_ASKED)
  if (questions.length === 0) throw new Refusal('not-ready', 'This quiz has no questions yet.')
  if (bytesOf(questions) > MOST_PAPER_BYTES) throw new Refusal('not-ready', 'This quiz is too large to be taken: its questions have to be fewer, or shorter.')
  return rulesOf(lesson).isShuffled ? shuffled(questions, seed, ({ id }) => id) : questions
}

/** How many questions an attempt asks, and for how many points; the points of drawn ones are not known before. */
export const sizeOf = async (tables: Tables, lesson: StoredLesson): Promise<{ questions: number; points?: number }> => {
  const { draws } = rulesOf(lesson)
  const counts = await Promise.all(draws.map(async ({ bank, count }) => Math.min(count, (await bankOf(tables, lesson, bank))?.count ?? 0)))
  const questions = Math.min(
    counts.reduce((sum, count) => sum + count, lesson.questions.length),
    MOST_ASKED,
  )
  return { questions, ...(draws.length === 0 && { points: lesson.questions.reduce((sum, { points }) => sum + points, 0) }) }
}
