import * as z from 'zod/mini'
import type { LessonKind } from './lesson-kinds.ts'
import type { LiveSession } from './live.ts'
import type { QuizRules } from './quizzes.ts'

/** What a lesson lacks, besides a ready video: the first two keep it from being published, without the others learners find it empty. */
export const LessonLack = z.enum(['questions', 'time', 'words', 'file'])
export type LessonLack = z.infer<typeof LessonLack>

type Written = {
  kind: LessonKind
  text: string
  hasFiles: boolean
  questions: readonly unknown[]
  quiz?: Pick<QuizRules, 'draws'> | undefined
  live?: LiveSession | undefined
}

/** Learners cannot do anything with such a lesson. One that is merely empty is its teacher's to publish. */
export const stopsPublishing = (lack: LessonLack | undefined): lack is 'questions' | 'time' => lack === 'questions' || lack === 'time'

/** A quiz asks something, a live session has a time, an article or an assignment says something, and a download is of something. */
export const lackOf = ({ kind, text, hasFiles, questions, quiz, live }: Written): LessonLack | undefined => {
  if (kind === 'quiz') return questions.length === 0 && !quiz?.draws.length ? 'questions' : undefined
  if (kind === 'live') return live ? undefined : 'time'
  if (kind === 'download') return hasFiles ? undefined : 'file'
  if (kind === 'assignment') return text.trim() === '' ? 'words' : undefined
  return kind === 'article' && text.trim() === '' && !hasFiles && questions.length === 0 ? 'words' : undefined
}
