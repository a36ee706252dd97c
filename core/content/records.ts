import * as z from 'zod/mini'
import { FileFinding } from '#contract/content.ts'
import { records } from '#core/records.ts'

/** What the school shows of its repository. */
export const StoredContent = z.object({
  name: z.string(),
  applied: z.optional(z.object({ commit: z.string(), at: z.string(), lessons: z.int() })),
  refused: z.optional(z.object({ commit: z.string(), at: z.string(), findings: z.array(FileFinding) })),
  lookedAt: z.optional(z.string()),
  fault: z.optional(z.string()),
})
export type StoredContent = z.infer<typeof StoredContent>

/** One of a school; `name` is the repository's, so that another one begins anew. */
export const contentRecords = records({ schema: StoredContent, key: ({ name }: { name: string }) => ({ pk: 'content', sk: `state#${name}` }) })

/** A file as it was last applied, and what came of it. */
export const StoredContentFile = z.object({
  path: z.string(),
  blob: z.string(),
  course: z.string(),
  /** Absent for the file of a course. */
  lesson: z.optional(z.string()),
  /** A teacher goes on with the lesson in the school: the file no longer counts. */
  isReleased: z._default(z.boolean(), false),
})
export type StoredContentFile = z.infer<typeof StoredContentFile>

export const contentFileRecords = records({ schema: StoredContentFile, key: ({ path }: { path: string }) => ({ pk: 'content-files', sk: path }) })

/** A webhook of the repository: which of them came, and when. */
export const repositoryHookRecords = records({
  schema: z.object({ id: z.string(), kind: z.string(), receivedAt: z.string(), pull: z.optional(z.int()), branch: z.optional(z.string()) }),
  key: ({ id }: { id: string }) => ({ pk: `repository-hook#${id}`, sk: 'hook' }),
})
