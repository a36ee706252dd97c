import * as z from 'zod/mini'
import { done, endpoint, id, when } from './base.ts'
import { Estimate, recipe } from './recipes.ts'

/** The states only move forward, save that one that failed, was cancelled or is held may be tried again. `held`: the school’s budget is used up. */
export const VideoState = z.enum(['uploading', 'uploaded', 'probing', 'held', 'transcoding', 'packaging', 'ready', 'cancelled', 'failed'])
export type VideoState = z.infer<typeof VideoState>

/** How a list of films is parted: `moving` goes on by itself · `trouble`: nothing goes on before somebody does something · `ready`. */
export const VideoGroup = z.enum(['moving', 'trouble', 'ready'])
export type VideoGroup = z.infer<typeof VideoGroup>

const GROUP_OF: Record<VideoState, VideoGroup> = {
  ...{ uploading: 'moving', uploaded: 'moving', probing: 'moving', transcoding: 'moving', packaging: 'moving' },
  ...{ held: 'trouble', cancelled: 'trouble', failed: 'trouble' },
  ready: 'ready',
}

export const groupOf = ({ state }: { state: VideoState }): VideoGroup => GROUP_OF[state]

/** One step of the pipeline, as a teacher follows it. */
export const Step = z.object({
  name: z.enum(['upload', 'probe', 'watchable', 'rungs', 'package', 'ready']),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  /** 0 … 100 while it runs, where that is known. */
  percent: z.optional(z.number()),
  startedAt: z.optional(when),
  endedAt: z.optional(when),
  /** A guess, from how fast it has gone or usually goes. */
  secondsLeft: z.optional(z.number()),
})
export type Step = z.infer<typeof Step>

/**
 * What the probe means for the teacher. `fine` · `adapted`: fine, with what is done about it · `refused`: why, and what to do.
 * `code` is stable, `text` is for reading.
 */
export const Verdict = z.object({
  kind: z.enum(['fine', 'adapted', 'refused']),
  notes: z.array(z.object({ code: z.string(), text: z.string() })),
})
export type Verdict = z.infer<typeof Verdict>

export const Chapter = z.object({
  startSeconds: z.number().check(z.minimum(0), z.maximum(86_400)),
  title: z.string().check(z.trim(), z.minLength(1), z.maxLength(120)),
})
export type Chapter = z.infer<typeof Chapter>

export const Video = z.object({
  id: id('vid'),
  lesson: id('les'),
  state: VideoState,
  fileName: z.string(),
  sizeBytes: z.int(),
  /** 0 … 100 within the present state. */
  percent: z.number(),
  /** Why it failed or is held, in words a teacher can act on. */
  reason: z.optional(z.string()),
  canRetry: z.boolean(),
  canCancel: z.boolean(),
  /** Another video of the lesson stays until this one is ready, and can be kept instead. */
  replaces: z.boolean(),
  steps: z.array(Step),
  verdict: z.optional(Verdict),
  /** What the file holds, once it has been probed. */
  source: z.optional(z.object({ width: z.int(), height: z.int(), fps: z.number(), codec: z.string(), hasSound: z.boolean() })),
  recipe: z.string(),
  estimate: z.optional(Estimate),
  /** Some of it can be watched: all of it, or for now its beginning. */
  watchable: z.optional(z.enum(['beginning', 'whole'])),
  durationSeconds: z.optional(z.number()),
  /** Rungs of the ladder, best first: `1080p`. */
  rungs: z.array(z.string()),
  chapters: z.array(Chapter),
  poster: z.enum(['automatic', 'own']),
})
export type Video = z.infer<typeof Video>

const upload = id('upl')
/** 32 bytes in base64. */
const sha256 = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/))

/**
 * Where a page signs parts by itself, with keys that a store's identity pool gives for its person's ID token (`provider` names whose that
 * is). `url` is the object's, `ticket` the store's for the parts.
 */
export const Straight = z.object({ pool: z.string(), provider: z.string(), region: z.string(), url: z.string(), ticket: z.string() })
export type Straight = z.infer<typeof Straight>

/** What the browser needs to go on with an upload: how it is cut, and which parts have arrived. */
export const Upload = z.object({
  id: upload,
  video: id('vid'),
  lesson: id('les'),
  fileName: z.string(),
  sizeBytes: z.int(),
  partBytes: z.int(),
  parts: z.int(),
  arrived: z.array(z.int()),
  /** Left out where the school signs every part; where it is there, the school still signs any part it is asked for. */
  straight: z.optional(Straight),
})
export type Upload = z.infer<typeof Upload>

export const media = {
  startUpload: endpoint({
    method: 'POST',
    path: '/teach/lessons/{lesson}/uploads',
    access: 'teaching',
    summary: 'Begin (or take up again) the upload of a lesson’s video',
    input: z.object({
      lesson: id('les'),
      fileName: z.string().check(z.minLength(1), z.maxLength(255)),
      sizeBytes: z.int(),
      type: z.string().check(z.maxLength(100)),
      /** The school’s own when left out. */
      recipe: z.optional(recipe),
    }),
    output: Upload,
  }),
  upload: endpoint({
    method: 'GET',
    path: '/teach/uploads/{upload}',
    access: 'teaching',
    summary: 'How far an upload is',
    input: z.object({ upload }),
    output: Upload,
  }),
  signParts: endpoint({
    method: 'POST',
    path: '/teach/uploads/{upload}/parts',
    access: 'teaching',
    summary: 'URLs to PUT parts to, good for one hour',
    input: z.object({
      upload,
      parts: z.array(z.int()).check(z.minLength(1), z.maxLength(50)),
      /** The parts' digests in their order: what arrives with another is refused. Left out by a page that cannot hash. */
      hashes: z.optional(z.array(sha256)),
    }),
    output: z.object({ parts: z.array(z.object({ number: z.int(), url: z.string(), size: z.int() })) }),
  }),
  finishUpload: endpoint({
    method: 'POST',
    path: '/teach/uploads/{upload}/finish',
    access: 'teaching',
    summary: 'All parts have been sent: begin to make it watchable',
    input: z.object({ upload }),
    output: Video,
  }),
  cancelUpload: endpoint({
    method: 'DELETE',
    path: '/teach/uploads/{upload}',
    access: 'teaching',
    summary: 'Give an upload up',
    input: z.object({ upload }),
    output: done,
  }),
  video: endpoint({
    method: 'GET',
    path: '/teach/videos/{video}',
    access: 'teaching',
    summary: 'A video and how far it is',
    input: z.object({ video: id('vid') }),
    output: Video,
  }),
  retry: endpoint({
    method: 'POST',
    path: '/teach/videos/{video}/retry',
    access: 'teaching',
    summary: 'Try a failed video again',
    input: z.object({ video: id('vid') }),
    output: Video,
  }),
  cancel: endpoint({
    method: 'POST',
    path: '/teach/videos/{video}/cancel',
    access: 'teaching',
    summary: 'Stop making a video watchable; it can be tried again',
    input: z.object({ video: id('vid') }),
    output: Video,
  }),
  keepPrevious: endpoint({
    method: 'POST',
    path: '/teach/videos/{video}/keep-previous',
    access: 'teaching',
    summary: 'Give up a video that is not ready, and keep the one it was to take the place of',
    input: z.object({ video: id('vid') }),
    output: Video,
  }),
  videos: endpoint({
    method: 'GET',
    path: '/teach/videos',
    access: 'teaching',
    summary: 'My videos and how far each is, newest first',
    input: z.object({ page: z.optional(z.string()) }),
    output: z.object({
      videos: z.array(z.object({ video: Video, lesson: z.string(), course: z.object({ id: id('crs'), title: z.string() }) })),
      next: z.optional(z.string()),
    }),
  }),
  pieces: endpoint({
    method: 'GET',
    path: '/teach/videos/{video}/pieces',
    access: 'teaching',
    summary: 'How far each stretch of a video is',
    input: z.object({ video: id('vid') }),
    output: z.object({ pieces: z.array(z.object({ seconds: z.number(), state: z.enum(['waiting', 'making', 'made']) })) }),
  }),
  putPoster: endpoint({
    method: 'PUT',
    path: '/teach/videos/{video}/poster',
    access: 'teaching',
    summary: 'A poster of one’s own: a JPEG, PNG or WebP of at most 2 MB, in base64',
    input: z.object({ video: id('vid'), image: z.base64().check(z.maxLength(2_800_000)) }),
    output: Video,
  }),
  removePoster: endpoint({
    method: 'DELETE',
    path: '/teach/videos/{video}/poster',
    access: 'teaching',
    summary: 'Back to the poster that was chosen automatically',
    input: z.object({ video: id('vid') }),
    output: Video,
  }),
  putChapters: endpoint({
    method: 'PUT',
    path: '/teach/videos/{video}/chapters',
    access: 'teaching',
    summary: 'Chapters of a video; none takes them away',
    input: z.object({ video: id('vid'), chapters: z.array(Chapter).check(z.maxLength(200)) }),
    output: Video,
  }),
}
