import * as z from 'zod/mini'
import { records } from '#core/records.ts'

export const StoredNote = z.object({
  id: z.string(),
  learner: z.string(),
  course: z.string(),
  lesson: z.string(),
  /** As they were called when it was written: all that is told of a lesson that is open no more. */
  titles: z.object({ course: z.string(), lesson: z.string() }),
  body: z.string(),
  atSeconds: z.optional(z.number()),
  at: z.string(),
  changedAt: z.optional(z.string()),
})
export type StoredNote = z.infer<typeof StoredNote>

type OfNote = Pick<StoredNote, 'learner' | 'course' | 'lesson' | 'id'>

export const notesOf = (learner: string): string => `notes#${learner}`
export const noteRecords = records({
  schema: StoredNote,
  key: ({ learner, course, lesson, id }: OfNote) => ({ pk: notesOf(learner), sk: `${course}#${lesson}#${id}` }),
  people: { what: 'goes', says: 'Your notes', whose: ({ learner }) => learner },
})

/** How many notes somebody has, and how much they have written of late: a part of each commit that adds or changes one, so that bounds hold. */
export const noteTallyRecords = records({
  schema: z.object({ learner: z.string(), count: z.int(), since: z.string(), written: z.int() }),
  key: ({ learner }: { learner: string }) => ({ pk: `learner#${learner}`, sk: 'notes' }),
  people: { what: 'goes', says: 'How many notes you have', whose: ({ learner }) => learner },
})
