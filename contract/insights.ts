import * as z from 'zod/mini'
import { endpoint, id, when } from './base.ts'
import { LessonKind } from './lesson-kinds.ts'

/** A video is told of in so many parts of one length. */
export const HEAT_PARTS = 100
/** Of a list of learners. */
export const LEARNERS_A_PAGE = 50

/** `seen`: the last seen first; `quiet`: those unseen for longest; `most` and `least`: by completed lessons. */
export const LEARNER_ORDERS = ['seen', 'quiet', 'most', 'least', 'name'] as const
export const LearnerOrder = z.enum(LEARNER_ORDERS)
export type LearnerOrder = z.infer<typeof LearnerOrder>

/** How somebody stands in a course. `hasEnded`: their access has been ended; what they did is kept. */
export const CourseLearner = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  since: when,
  /** Absent where they have never begun. */
  seenAt: z.optional(when),
  completed: z.int(),
  hasEnded: z.boolean(),
})
export type CourseLearner = z.infer<typeof CourseLearner>

export const LearnerLesson = z.object({
  id: z.string(),
  title: z.string(),
  kind: LessonKind,
  isCompleted: z.boolean(),
  /** Of a video, how much of it was watched, 0 … 1. */
  share: z.optional(z.number()),
  /** Of a quiz, how often it was begun, and the best result; of an assignment, how it stands and what was handed in last. */
  quiz: z.optional(z.object({ attempts: z.int(), percent: z.optional(z.int()) })),
  work: z.optional(z.object({ handed: z.int(), state: z.enum(['writing', 'waiting', 'returned', 'passed']), handing: z.optional(z.string()) })),
  at: z.optional(when),
})
export type LearnerLesson = z.infer<typeof LearnerLesson>

/** Of those who have the course: how many have begun a lesson, and completed it. */
export const FunnelLesson = z.object({ id: z.string(), title: z.string(), kind: LessonKind, begun: z.int(), completed: z.int() })
export type FunnelLesson = z.infer<typeof FunnelLesson>

export const Heat = z.object({
  lesson: z.object({ id: z.string(), title: z.string() }),
  durationSeconds: z.number(),
  /** Learners who have watched any of it. */
  watchers: z.int(),
  /** For each part: learners who have watched it, sittings in which it was shown, and learners who stand there and have not completed the lesson. */
  seen: z.array(z.int()),
  shown: z.array(z.int()),
  stops: z.array(z.int()),
})
export type Heat = z.infer<typeof Heat>

/** How a question of a quiz does in first attempts. */
export const QuizItem = z.object({
  id: z.string(),
  /** Absent where the question is in the quiz no more. */
  prompt: z.optional(z.string()),
  asked: z.int(),
  right: z.int(),
  /** The mean share of its points, 0 … 1: the higher, the easier. */
  difficulty: z.number(),
  /** −1 … 1: how well it tells those who do well in the rest from those who do not; absent where that cannot be reckoned. */
  discrimination: z.optional(z.number()),
  options: z.array(z.object({ text: z.string(), isRight: z.boolean(), chosen: z.int() })),
})
export type QuizItem = z.infer<typeof QuizItem>

const course = id('crs')
const lesson = id('les')
const page = z.optional(z.string().check(z.maxLength(2000)))

export const insights = {
  overview: endpoint({
    method: 'GET',
    path: '/courses/{course}/insights',
    access: 'teaching',
    summary: 'How a course is followed: learners, those who have finished, each lesson’s completion, and questions that wait',
    input: z.object({ course }),
    output: z.object({
      learners: z.int(),
      finished: z.int(),
      lessons: z.array(FunnelLesson),
      /** Counting stops at a hundred. */
      waitingQuestions: z.int(),
      isGathering: z.boolean(),
    }),
  }),
  learners: endpoint({
    method: 'GET',
    path: '/courses/{course}/learners',
    access: 'teaching',
    summary: 'The learners of a course; with `search`, those whose name or address has words that begin so',
    input: z.object({ course, order: z._default(LearnerOrder, 'seen'), search: z.optional(z.string().check(z.trim(), z.maxLength(100))), page }),
    output: z.object({
      learners: z.array(CourseLearner),
      /** Of the course, whatever is looked for; and how many lessons it has. */
      total: z.int(),
      lessons: z.int(),
      /** Learners from before are still being counted. */
      isGathering: z.boolean(),
      next: z.optional(z.string()),
    }),
  }),
  learner: endpoint({
    method: 'GET',
    path: '/courses/{course}/learners/{person}',
    access: 'teaching',
    summary: 'One learner’s way through a course, lesson by lesson',
    input: z.object({ course, person: z.string().check(z.minLength(1), z.maxLength(100)) }),
    output: z.object({ learner: CourseLearner, sections: z.array(z.object({ id: z.string(), title: z.string(), lessons: z.array(LearnerLesson) })) }),
  }),
  exportLearners: endpoint({
    method: 'GET',
    path: '/courses/{course}/learners.csv',
    access: 'teaching',
    summary: 'The learners of a course as a table for a spreadsheet, in parts; the first has its head',
    input: z.object({ course, page }),
    output: z.object({ fileName: z.string(), csv: z.string(), next: z.optional(z.string()) }),
  }),
  heat: endpoint({
    method: 'GET',
    path: '/lessons/{lesson}/heat',
    access: 'teaching',
    summary: 'Where a lesson’s video is watched, watched again, and left',
    input: z.object({ lesson }),
    output: Heat,
  }),
  quiz: endpoint({
    method: 'GET',
    path: '/lessons/{lesson}/items',
    access: 'teaching',
    summary: 'How the questions of a quiz do in first attempts',
    input: z.object({ lesson }),
    output: z.object({
      lesson: z.object({ id: z.string(), title: z.string() }),
      attempts: z.int(),
      passed: z.int(),
      meanPercent: z.number(),
      items: z.array(QuizItem),
    }),
  }),
  revenue: endpoint({
    method: 'GET',
    path: '/courses/{course}/revenue',
    access: 'teaching',
    summary: 'What came in and went back for a course in the last twelve months, by month and currency',
    input: z.object({ course }),
    output: z.object({
      months: z.array(z.string()),
      rows: z.array(z.object({ month: z.string(), currency: z.string(), grossMinor: z.int(), backMinor: z.int() })),
    }),
  }),
}
