import * as z from 'zod/mini'
import { Verdict, VideoState } from '#contract/media.ts'
import { Estimate } from '#contract/recipes.ts'
import { ofNobody, ofTheSchool } from '#core/personal.ts'
import { Charge } from '#core/recipes/charge.ts'
import { records } from '#core/records.ts'
import { Facts, Result, StoredLadder } from './facts.ts'

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
  /** The video of the lesson that stays until this one is ready, and comes back if this one is given up. */
  replaces: z.optional(z.string()),
  /** Name of the recipe it is made by. */
  recipe: z._default(z.string(), 'standard'),
  state: VideoState,
  percent: z.number(),
  /** Counts tries: late news of an earlier one is told apart by its job's id. */
  attempt: z.int(),
  job: z.optional(z.string()),
  reason: z.optional(z.string()),
  canRetry: z.boolean(),
  /** When each step was reached in this attempt, as ISO 8601. */
  times: z._default(
    z.object({
      begun: z.optional(z.string()),
      uploaded: z.optional(z.string()),
      /** When it was asked for again. */
      asked: z.optional(z.string()),
      probed: z.optional(z.string()),
      watchable: z.optional(z.string()),
      rungs: z.optional(z.string()),
      ready: z.optional(z.string()),
      ended: z.optional(z.string()),
    }),
    {},
  ),
  facts: z.optional(Facts),
  verdict: z.optional(Verdict),
  estimate: z.optional(Estimate),
  charge: z.optional(Charge),
  ladders: z.optional(z.object({ first: StoredLadder, later: z.optional(StoredLadder) })),
  watchable: z.optional(z.object({ isWhole: z.boolean() })),
  /** What the transcoder made; the master playlist is written from it, again whenever something joins. */
  made: z.optional(Result),
  /** Rungs that follow in idle time, by the job that makes them. */
  later: z.optional(z.object({ job: z.string(), state: z.enum(['making', 'made', 'failed']) })),
  durationSeconds: z.optional(z.number()),
  rungs: z.array(z.string()),
  chapters: z.array(z.object({ startSeconds: z.number(), title: z.string() })),
  /** A poster of the teacher's own lies beside the automatic one. */
  hasOwnPoster: z._default(z.boolean(), false),
})
export type StoredVideo = z.infer<typeof StoredVideo>

export const videoRecords = records({
  schema: StoredVideo,
  key: ({ id }: { id: string }) => ({ pk: `video#${id}`, sk: 'video' }),
  // An id begins with the time it was made.
  index: ({ id, owner }) => ({ ipk: `videos-of#${owner}`, isk: id }),
  people: {
    ...ofTheSchool,
    says: 'Films you have sent',
    whose: ({ owner }) => owner,
    // Where its file lies was named after who sent it; an object has no other name.
    mend: (video, _leaving, { source }) => ({ ...video, source }),
  },
})

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
  /** When somebody last went on with it. */
  at: z._default(z.string(), '1970-01-01T00:00:00.000Z'),
  /** The video the lesson had before: it comes back when the upload is given up. */
  replaces: z.optional(z.string()),
})
export type StoredUpload = z.infer<typeof StoredUpload>

export const uploadRecords = records({
  schema: StoredUpload,
  key: ({ id }: { id: string }) => ({ pk: `upload#${id}`, sk: 'upload' }),
  people: {
    ...ofTheSchool,
    says: 'Films you are sending',
    mend: (upload, _leaving, { key }) => ({ ...upload, key }),
    shows: ({ ticket: _, ...upload }) => upload,
  },
})

/** A poster of the teacher's own, beside the automatic one. */
export const OWN_POSTER = 'poster-own'
/** Its first picture: the teacher's, else the one that was made; below the video's own prefix. */
export const posterOf = ({ hasOwnPoster, made }: Pick<StoredVideo, 'hasOwnPoster' | 'made'>): string | undefined => (hasOwnPoster ? OWN_POSTER : made?.poster)

/** Everything of a video that learners may be shown lies under this one prefix, and under one lock. */
export const mediaPrefix = (video: string): string => `media/${video}/`

/** A video whose first rendition is no longer needed from then on. */
export const previewRecords = records({
  schema: z.object({ video: z.string(), due: z.string() }),
  key: ({ video }: { video: string }) => ({ pk: `preview#${video}`, sk: 'due' }),
  index: ({ video, due }) => ({ ipk: 'previews', isk: `${due}#${video}` }),
  people: ofNobody,
})

/** A video the month's budget had no room for, oldest first. */
export const heldRecords = records({
  schema: z.object({ video: z.string(), since: z.string() }),
  key: ({ video }: { video: string }) => ({ pk: `held#${video}`, sk: 'held' }),
  index: ({ video, since }) => ({ ipk: 'held', isk: `${since}#${video}` }),
  people: ofNobody,
})
