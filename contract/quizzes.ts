import * as z from 'zod/mini'
import { endpoint, id, nothing, title, when } from './base.ts'
import { AskedQuestion, GivenAnswer, MarkedAnswer, MOST_QUESTIONS, Question, SentQuestion } from './questions.ts'

/**
 * When learners are told which of their answers were right, and why: after each one, for practice · once all are handed in · once they
 * have passed · never, only how many points they have.
 */
export const Telling = z.enum(['each', 'handed-in', 'passed', 'never'])
export type Telling = z.infer<typeof Telling>

export const MOST_DRAWN = 50

/** What a lesson of kind `quiz` wants of its learners. */
export const QuizRules = z.object({
  passPercent: z.int().check(z.minimum(0), z.maximum(100)),
  /** Any number where it is left out. */
  attempts: z.optional(z.int().check(z.minimum(1), z.maximum(20))),
  /** To hand it in, from the start on. */
  minutes: z.optional(z.int().check(z.minimum(1), z.maximum(300))),
  isShuffled: z.boolean(),
  telling: Telling,
  /** So many questions by chance out of a bank of the course, beside the lesson's own. */
  draws: z.array(z.object({ bank: id('bnk'), count: z.int().check(z.minimum(1), z.maximum(MOST_DRAWN)) })).check(z.maxLength(10)),
})
export type QuizRules = z.infer<typeof QuizRules>

/** Of quizzes whose teacher has never chosen. */
export const USUAL_RULES: QuizRules = { passPercent: 70, isShuffled: true, telling: 'handed-in', draws: [] }

/** Points are counted in hundredths: a gap of three is worth a third of its question's. */
const Score = z.object({ earned: z.int(), of: z.int(), percent: z.int(), isPassed: z.boolean() })
export type Score = z.infer<typeof Score>

const AttemptSummary = z.object({ number: z.int(), startedAt: when, handedInAt: z.optional(when), score: z.optional(Score) })
export type AttemptSummary = z.infer<typeof AttemptSummary>

/** One attempt of mine: while it is open to go on with, afterwards what came of it. */
export const Attempt = z.object({
  ...AttemptSummary.shape,
  questions: z.array(AskedQuestion),
  answers: z.array(GivenAnswer),
  /** Until it is handed in by itself, by the school's clock. */
  secondsLeft: z.optional(z.int()),
  /** Of as many answers as may be told of. */
  marked: z.array(MarkedAnswer),
})
export type Attempt = z.infer<typeof Attempt>

/** A quiz as its learner stands to it. */
export const QuizView = z.object({
  rules: z.pick(QuizRules, { passPercent: true, attempts: true, minutes: true, telling: true }),
  questions: z.int(),
  /** Not known before where questions are drawn. */
  points: z.optional(z.int()),
  /** How many I have begun, and how many more I may; absent where there is no bound. */
  begun: z.int(),
  left: z.optional(z.int()),
  best: z.optional(Score),
  open: z.optional(Attempt),
  /** Those handed in, newest first; `next` is where older ones go on. */
  attempts: z.array(AttemptSummary),
  next: z.optional(z.string()),
})
export type QuizView = z.infer<typeof QuizView>

const BankSummary = z.object({ id: id('bnk'), title: z.string(), questions: z.int(), updatedAt: when })
export type BankSummary = z.infer<typeof BankSummary>

/** Questions that quizzes of one course draw from. What changes here counts from the next attempt on. */
export const Bank = z.object({ ...BankSummary.shape, course: id('crs'), questions: z.array(Question) })
export type Bank = z.infer<typeof Bank>

export const MOST_BANKS = 40
export const MOST_IN_BANK = 200

const lesson = id('les')
const course = id('crs')
const bank = id('bnk')
const number = z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000))
const answers = z.array(GivenAnswer).check(z.maxLength(MOST_QUESTIONS + 10 * MOST_DRAWN))

export const quizzes = {
  open: endpoint({
    method: 'GET',
    path: '/lessons/{lesson}/quiz',
    access: 'person',
    summary: 'A quiz I may take, how I stand to it, and my open attempt',
    input: z.object({ lesson, page: z.optional(z.string().check(z.maxLength(2000))) }),
    output: QuizView,
  }),
  start: endpoint({
    method: 'POST',
    path: '/lessons/{lesson}/quiz/attempts',
    access: 'person',
    summary: 'Begin an attempt, or go on with the one that is open',
    input: z.object({ lesson }),
    output: Attempt,
  }),
  attempt: endpoint({
    method: 'GET',
    path: '/lessons/{lesson}/quiz/attempts/{number}',
    access: 'person',
    summary: 'An attempt of mine',
    input: z.object({ lesson, number }),
    output: Attempt,
  }),
  answer: endpoint({
    method: 'PUT',
    path: '/lessons/{lesson}/quiz/attempts/{number}',
    access: 'person',
    summary: 'Keep answers of an open attempt; mark one of them for good, where a quiz tells after each; or hand all of it in',
    input: z.object({ lesson, number, answers, check: z.optional(id('qst')), isFinal: z._default(z.boolean(), false) }),
    output: Attempt,
  }),
  write: endpoint({
    method: 'PUT',
    path: '/teach/lessons/{lesson}/questions',
    access: 'teaching',
    summary: 'Set a lesson’s questions, with their keys, and what a quiz wants of its learners',
    input: z.object({
      lesson,
      questions: z.optional(z.array(SentQuestion).check(z.maxLength(MOST_QUESTIONS))),
      rules: z.optional(QuizRules),
    }),
    output: z.object({ questions: z.array(Question), rules: z.optional(QuizRules) }),
  }),
  banks: endpoint({
    method: 'GET',
    path: '/teach/courses/{course}/banks',
    access: 'teaching',
    summary: 'The question banks of a course of mine',
    input: z.object({ course }),
    output: z.object({ banks: z.array(BankSummary) }),
  }),
  addBank: endpoint({
    method: 'POST',
    path: '/teach/courses/{course}/banks',
    access: 'teaching',
    summary: 'Begin a question bank',
    input: z.object({ course, title }),
    output: Bank,
  }),
  bank: endpoint({
    method: 'GET',
    path: '/teach/banks/{bank}',
    access: 'teaching',
    summary: 'A question bank, with its keys',
    input: z.object({ bank }),
    output: Bank,
  }),
  writeBank: endpoint({
    method: 'PUT',
    path: '/teach/banks/{bank}',
    access: 'teaching',
    summary: 'Rename a question bank, or set its questions',
    input: z.object({ bank, title: z.optional(title), questions: z.optional(z.array(SentQuestion).check(z.maxLength(MOST_IN_BANK))) }),
    output: Bank,
  }),
  removeBank: endpoint({
    method: 'DELETE',
    path: '/teach/banks/{bank}',
    access: 'teaching',
    summary: 'Remove a question bank that no quiz draws from',
    input: z.object({ bank }),
    output: nothing,
  }),
}
