import * as z from 'zod/mini'

/**
 * What a lesson mainly is. Every one may have text, files and questions beside it.
 * `quiz`: questions that count · `assignment`: work handed in and graded · `download`: its files · `live`: a meeting at a time.
 */
export const LessonKind = z.enum(['video', 'article', 'quiz', 'assignment', 'download', 'live'])
export type LessonKind = z.infer<typeof LessonKind>
