import * as z from 'zod/mini'
import { Grade } from '#contract/assignments.ts'
import { StoredFile } from '#core/courses/records.ts'
import { records } from '#core/records.ts'

/** How somebody stands to an assignment, and what they have not handed in yet. One writer at a time, so that nothing is handed in twice. */
export const StoredWork = z.object({
  learner: z.string(),
  course: z.string(),
  lesson: z.string(),
  text: z.string(),
  files: z.array(StoredFile),
  /** Files that have not arrived whole. */
  sending: z.array(z.string()),
  savedAt: z.optional(z.string()),
  /** The oldest first. */
  handings: z.array(z.string()),
  state: z.enum(['writing', 'waiting', 'returned', 'passed']),
})
export type StoredWork = z.infer<typeof StoredWork>

export type OfWork = { learner: string; course: string; lesson: string }

export const workRecords = records({
  schema: StoredWork,
  key: ({ learner, course, lesson }: OfWork) => ({ pk: `learner#${learner}`, sk: `work#${course}#${lesson}` }),
  people: { what: 'goes', says: 'Your work on assignments, handed in and not', whose: ({ learner }) => learner },
})

export const StoredHanding = z.object({
  id: z.string(),
  learner: z.object({ id: z.string(), name: z.string() }),
  course: z.string(),
  lesson: z.object({ id: z.string(), title: z.string() }),
  number: z.int(),
  at: z.string(),
  isLate: z.boolean(),
  text: z.string(),
  files: z.array(StoredFile),
  grade: z.optional(Grade),
  /** How often it has been graded, the changes among them. */
  gradings: z.int(),
})
export type StoredHanding = z.infer<typeof StoredHanding>

export const queueOf = (course: string, state: 'waiting' | 'graded'): string => `handings#${course}#${state}`

export const handingRecords = records({
  schema: StoredHanding,
  key: ({ id }: { id: string }) => ({ pk: `handing#${id}`, sk: 'handing' }),
  index: ({ id, course, at, grade }) => ({ ipk: queueOf(course, grade ? 'graded' : 'waiting'), isk: `${grade?.at ?? at}#${id}` }),
  people: { what: 'goes', says: 'Work you have handed in, and what it was given', isSigned: true, whose: ({ learner }) => learner.id },
})

/** A file of somebody's work, from its first byte until its object has been removed. `leaving`: taken out, and its object may still be there. */
export const WorkFile = z.object({
  ...{ id: z.string(), learner: z.string(), course: z.string(), lesson: z.string() },
  ...{ name: z.string(), sizeBytes: z.int(), type: z.string(), key: z.string() },
  ...{ ticket: z.string(), partBytes: z.int(), parts: z.int() },
  state: z.enum(['sending', 'there', 'leaving']),
  /** When somebody last went on with sending it. */
  at: z.string(),
})
export type WorkFile = z.infer<typeof WorkFile>

export const WORK_FILES_UNDER_WAY = 'work-files-under-way'

export const workFileRecords = records({
  schema: WorkFile,
  key: ({ id }: { id: string }) => ({ pk: `work-file#${id}`, sk: 'file' }),
  index: ({ id, at, state }) => (state === 'there' ? undefined : { ipk: WORK_FILES_UNDER_WAY, isk: `${at}#${id}` }),
  people: { what: 'goes', says: 'Files of your work', whose: ({ learner }) => learner, shows: ({ ticket: _, ...file }) => file },
})
