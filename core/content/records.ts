import * as z from 'zod/mini'
import { FileFinding } from '#contract/content.ts'
import { EVENTS } from '#core/events.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'

/** What the school shows of its repository. */
export const StoredContent = z.object({
  name: z.string(),
  applied: z.optional(z.object({ commit: z.string(), at: z.string(), lessons: z.int() })),
  refused: z.optional(z.object({ commit: z.string(), at: z.string(), findings: z.array(FileFinding), needsWord: z._default(z.boolean(), false) })),
  /** Being applied, or cut short: every commit that applies it holds this record as it was when it began. */
  applying: z.optional(z.object({ commit: z.string(), at: z.string() })),
  lookedAt: z.optional(z.string()),
  fault: z.optional(z.object({ says: z.string(), since: z.string() })),
})
export type StoredContent = z.infer<typeof StoredContent>

/** One of a school; `name` is the repository's, so that another one begins anew. */
export const contentRecords = records({
  schema: StoredContent,
  key: ({ name }: { name: string }) => ({ pk: 'content', sk: `state#${name}` }),
  people: ofNobody,
})

/** What happens to a lesson by a commit, as `content.applied` tells it. */
export const LessonChange = EVENTS['content.applied'].shape.changes.def.element
export type LessonChange = z.infer<typeof LessonChange>

/** What was last told of a pull request, and of which commit. */
export const StoredContentPull = z.object({
  /** The repository's. */
  name: z.string(),
  number: z.int(),
  head: z.string(),
  isSound: z.boolean(),
  /** A head of it was unsound once, so that there is a comment. */
  hasFailed: z.boolean(),
  /** Of what there was to say. */
  digest: z.string(),
  /** Whether it has been said, or was only about to be. */
  isTold: z.boolean(),
})
export type StoredContentPull = z.infer<typeof StoredContentPull>

export const contentPullRecords = records({
  schema: StoredContentPull,
  key: ({ name, number }: { name: string; number: number }) => ({ pk: 'content-pulls', sk: `${name}#${number}` }),
  people: ofNobody,
})

/** A course of which the repository has a folder. */
export const StoredContentCourse = z.object({
  course: z.string(),
  /** Of the repository, `courses/light`. */
  folder: z.string(),
  /** Of all that lies in the folder, as it was applied; absent while it is being applied. */
  fingerprint: z.optional(z.string()),
  /** Which folder is which section; those that a folder has made go with it. */
  sections: z.array(z.object({ folder: z.string(), section: z.string(), isMade: z.boolean() })),
  /** What has been written in the draft and is still to be shown and told. */
  pending: z.optional(
    z.object({
      changes: z.array(LessonChange),
      isCourseChanged: z.boolean(),
      /** Whether the teacher had nothing unpublished before, and the revision that the newest of our own writes made. */
      isClean: z.boolean(),
      revision: z.int(),
    }),
  ),
})
export type StoredContentCourse = z.infer<typeof StoredContentCourse>

export const contentCourseRecords = records({
  schema: StoredContentCourse,
  key: ({ course }: { course: string }) => ({ pk: 'content-courses', sk: course }),
  people: ofNobody,
})

/** A lesson whose file is gone: its draft is kept aside for a while, out of every outline, in case the file comes back. */
export const StoredGone = z.object({ path: z.string(), lesson: z.string(), course: z.string(), blob: z.string(), at: z.string() })
export type StoredGone = z.infer<typeof StoredGone>

export const contentGoneRecords = records({
  schema: StoredGone,
  key: ({ path, lesson }: { path: string; lesson: string }) => ({ pk: 'content-gone', sk: `${path}#${lesson}` }),
  people: ofNobody,
})

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

export const contentFileRecords = records({
  schema: StoredContentFile,
  key: ({ path }: { path: string }) => ({ pk: 'content-files', sk: path }),
  people: ofNobody,
})

/** A webhook of the repository: which of them came, and when. */
export const repositoryHookRecords = records({
  schema: z.object({ id: z.string(), kind: z.string(), receivedAt: z.string(), pull: z.optional(z.int()), branch: z.optional(z.string()) }),
  key: ({ id }: { id: string }) => ({ pk: `repository-hook#${id}`, sk: 'hook' }),
  people: ofNobody,
})
