import * as z from 'zod/mini'
import { GivenAnswer } from '#contract/questions.ts'
import { QuizRules } from '#contract/quizzes.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import { StoredQuestions } from './naming.ts'

const StoredScore = z.object({ earned: z.int(), of: z.int(), percent: z.int(), isPassed: z.boolean() })
export type StoredScore = z.infer<typeof StoredScore>

type OfQuiz = { learner: string; course: string; lesson: string }

/** How somebody stands to a quiz: one writer at a time, so that nobody begins twice. */
export const StoredStanding = z.object({
  learner: z.string(),
  course: z.string(),
  lesson: z.string(),
  begun: z.int(),
  /** The attempt that is not handed in. */
  open: z.optional(z.int()),
  best: z.optional(StoredScore),
})
export type StoredStanding = z.infer<typeof StoredStanding>

export const standingRecords = records({
  schema: StoredStanding,
  key: ({ learner, course, lesson }: OfQuiz) => ({ pk: `learner#${learner}`, sk: `quiz#${course}#${lesson}` }),
  people: { what: 'goes', says: 'How you stand to quizzes', whose: ({ learner }) => learner },
})

export const StoredAttempt = z.object({
  learner: z.string(),
  course: z.string(),
  lesson: z.string(),
  number: z.int(),
  startedAt: z.string(),
  dueAt: z.optional(z.string()),
  handedInAt: z.optional(z.string()),
  score: z.optional(StoredScore),
  /** What was asked of whoever began it, whatever the teacher changes meanwhile. */
  rules: QuizRules,
  seed: z.string(),
  answers: z.array(GivenAnswer),
  /** Questions marked for good before it was handed in. */
  checked: z.array(z.string()),
  /** Of a teacher who tries it: counts for nothing. */
  isStaff: z.boolean(),
  isTallied: z.optional(z.boolean()),
})
export type StoredAttempt = z.infer<typeof StoredAttempt>

type OfAttempt = { learner: string; lesson: string; number: number }

const place = ({ lesson, number }: OfAttempt): string => `${lesson}#${String(number).padStart(4, '0')}`

export const attemptsPrefix = (lesson: string): string => `attempt#${lesson}#`

export const attemptRecords = records({
  schema: StoredAttempt,
  key: (of: OfAttempt) => ({ pk: `learner#${of.learner}`, sk: `attempt#${place(of)}` }),
  people: {
    what: 'goes',
    says: 'Your attempts at quizzes, and what you answered',
    whose: ({ learner }) => learner,
    shows: ({ seed: _, ...attempt }) => attempt,
  },
})

/** The questions of one attempt, with their keys, in the order they are asked in. Written once, and apart: answers are kept again and again. */
export const paperRecords = records({
  schema: z.object({ learner: z.string(), lesson: z.string(), number: z.int(), questions: StoredQuestions }),
  key: (of: OfAttempt) => ({ pk: `learner#${of.learner}`, sk: `paper#${place(of)}` }),
  people: {
    what: 'goes',
    says: 'What you were asked in quizzes',
    whose: ({ learner }) => learner, // Keys of questions leave the school for nobody.
    shows: ({ questions, ...paper }) => ({ ...paper, questions: questions.map(({ prompt }) => prompt) }),
  },
})

export const StoredBank = z.object({ id: z.string(), course: z.string(), title: z.string(), count: z.int(), updatedAt: z.string() })
export type StoredBank = z.infer<typeof StoredBank>

export const bankRecords = records({
  schema: StoredBank,
  key: ({ id }: { id: string }) => ({ pk: `bank#${id}`, sk: 'bank' }),
  people: ofNobody,
})

/** The banks of a course, so that they are listed without reading their questions. */
export const ownBankRecords = records({
  schema: z.object({ course: z.string(), bank: z.string() }),
  key: ({ course, bank }: { course: string; bank: string }) => ({ pk: `course#${course}`, sk: `bank#${bank}` }),
  people: ofNobody,
})

export const bankQuestionRecords = records({
  schema: z.object({ id: z.string(), questions: StoredQuestions }),
  key: ({ id }: { id: string }) => ({ pk: `bank#${id}`, sk: 'questions' }),
  people: ofNobody,
})
