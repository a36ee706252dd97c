import * as z from 'zod/mini'
import type { LessonKind } from './lesson-kinds.ts'
import type { LiveSession } from './live.ts'
import type { QuizRules } from './quizzes.ts'

/** What a lesson cannot be published without, besides a ready video. */
export const LessonLack = z.enum(['questions', 'time'])
export type LessonLack = z.infer<typeof LessonLack>

type Written = { kind: LessonKind; questions: readonly unknown[]; quiz?: Pick<QuizRules, 'draws'> | undefined; live?: LiveSession | undefined }

/** A quiz asks something, a live session has a time. */
export const lackOf = ({ kind, questions, quiz, live }: Written): LessonLack | undefined => {
  if (kind === 'quiz' && questions.length === 0 && !quiz?.draws.length) return 'questions'
  return kind === 'live' && !live ? 'time' : undefined
}
