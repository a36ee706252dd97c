import * as z from 'zod/mini'
import { id, when } from './base.ts'
import { LessonKind } from './lesson-kinds.ts'

/** A lesson taken out of the course that can still be put back, with its video and files. */
export const RemovedLesson = z.object({
  id: id('les'),
  title: z.string(),
  kind: LessonKind,
  at: when,
  /** When it goes for good. */
  until: when,
})
export type RemovedLesson = z.infer<typeof RemovedLesson>
