import * as z from 'zod/mini'
import { Stretch } from '#contract/watching.ts'
import { all, records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

/** Where somebody is in a lesson. */
export const StoredProgress = z.object({
  learner: z.string(),
  course: z.string(),
  lesson: z.string(),
  positionSeconds: z.number(),
  isCompleted: z.boolean(),
  /** Of a video: what has been seen of it as far as the school could check, and how much of the whole that is (0 … 1). */
  watched: z.optional(z.array(Stretch)),
  share: z.optional(z.number()),
  at: z.string(),
})
export type StoredProgress = z.infer<typeof StoredProgress>

export const progressRecords = records({
  schema: StoredProgress,
  key: ({ learner, course, lesson }: { learner: string; course: string; lesson: string }) => ({ pk: `learner#${learner}`, sk: `progress#${course}#${lesson}` }),
  people: { what: 'goes', says: 'How far you are, lesson by lesson', whose: ({ learner }) => learner },
})

/** Of everything somebody has begun in a course. */
export const progressIn = (tables: Tables, learner: string, course: string): Promise<StoredProgress[]> =>
  all((page) => progressRecords.list(tables, `learner#${learner}`, { prefix: `progress#${course}#`, limit: 1000, ...(page && { page }) }))
