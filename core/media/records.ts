import * as z from 'zod/mini'
import { VideoState } from '#contract/media.ts'
import { records } from '#core/records.ts'

export const StoredVideo = z.object({
  id: z.string(),
  lesson: z.string(),
  course: z.string(),
  owner: z.string(),
  fileName: z.string(),
  sizeBytes: z.int(),
  type: z.string(),
  /** Key of the source object. */
  source: z.string(),
  state: VideoState,
  percent: z.number(),
  /** Counts tries: late news of an earlier one is told apart by its job's id. */
  attempt: z.int(),
  job: z.optional(z.string()),
  reason: z.optional(z.string()),
  canRetry: z.boolean(),
  durationSeconds: z.optional(z.number()),
  rungs: z.array(z.string()),
  chapters: z.array(z.object({ startSeconds: z.number(), title: z.string() })),
  captions: z.array(z.object({ language: z.string(), label: z.string() })),
})
export type StoredVideo = z.infer<typeof StoredVideo>

export const videoRecords = records({ schema: StoredVideo, key: ({ id }: { id: string }) => ({ pk: `video#${id}`, sk: 'video' }) })

/** An upload on its way: the store's ticket, and how the file is cut. */
export const StoredUpload = z.object({
  id: z.string(),
  ticket: z.string(),
  key: z.string(),
  video: z.string(),
  lesson: z.string(),
  fileName: z.string(),
  sizeBytes: z.int(),
  partBytes: z.int(),
  parts: z.int(),
  isFinished: z.boolean(),
  /** The video the lesson had before: it comes back when the upload is given up, and goes when the new one has arrived. */
  replaces: z.optional(z.string()),
})
export type StoredUpload = z.infer<typeof StoredUpload>

export const uploadRecords = records({
  schema: StoredUpload,
  key: ({ id }: { id: string }) => ({ pk: `upload#${id}`, sk: 'upload' }),
  index: ({ id, lesson, isFinished }) => (isFinished ? undefined : { ipk: `uploads-of#${lesson}`, isk: id }),
})

/** Everything of a video that learners may be shown lies under this one prefix, and under one lock. */
export const mediaPrefix = (video: string): string => `media/${video}/`
