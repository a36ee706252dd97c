import * as z from 'zod/mini'
import { records } from '#core/records.ts'

/** Where somebody is in a lesson. */
export const StoredProgress = z.object({
  learner: z.string(),
  course: z.string(),
  lesson: z.string(),
  positionSeconds: z.number(),
  isCompleted: z.boolean(),
  at: z.string(),
})
export type StoredProgress = z.infer<typeof StoredProgress>

export const progressRecords = records({
  schema: StoredProgress,
  key: ({ learner, course, lesson }: { learner: string; course: string; lesson: string }) => ({ pk: `learner#${learner}`, sk: `progress#${course}#${lesson}` }),
})
