import * as z from 'zod/mini'
import type { StoredFile } from '#core/courses/records.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'

/** A file of a lesson from its first byte until its object has been removed: what the store must be told of, whatever lessons say. */
export const KeptFile = z.object({
  id: z.string(),
  course: z.string(),
  lesson: z.string(),
  name: z.string(),
  sizeBytes: z.int(),
  type: z.string(),
  key: z.string(),
  ticket: z.string(),
  partBytes: z.int(),
  parts: z.int(),
  isFinished: z.boolean(),
  /** When somebody last went on with sending it. */
  at: z.string(),
})
export type KeptFile = z.infer<typeof KeptFile>

export const filesOf = (course: string): string => `files-of#${course}`

export const fileRecords = records({
  schema: KeptFile,
  key: ({ id }: { id: string }) => ({ pk: `file#${id}`, sk: 'file' }),
  // An id begins with the time it was made.
  index: ({ course, lesson, id }) => ({ ipk: filesOf(course), isk: `${lesson}#${id}` }),
  people: ofNobody,
})

/** What a lesson holds of a file. */
export const storedFile = ({ id, name, sizeBytes, type, key }: KeptFile): StoredFile => ({ id, name, sizeBytes, type, key })
