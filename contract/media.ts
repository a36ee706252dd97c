import * as z from 'zod/mini'
import { done, endpoint, id } from './base.ts'

/** The states only move forward, save that a failed video may be tried again. */
export const VideoState = z.enum(['uploading', 'uploaded', 'transcoding', 'packaging', 'ready', 'failed'])
export type VideoState = z.infer<typeof VideoState>

export const Video = z.object({
  id: id('vid'),
  state: VideoState,
  fileName: z.string(),
  sizeBytes: z.int(),
  /** 0 … 100 within the present state. */
  percent: z.number(),
  /** Why it failed, in words a teacher can act on. */
  reason: z.optional(z.string()),
  canRetry: z.boolean(),
  durationSeconds: z.optional(z.number()),
  /** Rungs of the ladder, best first: `1080p`. */
  rungs: z.array(z.string()),
  captions: z.array(z.object({ language: z.string(), label: z.string() })),
})
export type Video = z.infer<typeof Video>

const upload = id('upl')
/** A BCP 47 tag of a language, or of one with a script or region: `en`, `pt-BR`. */
const language = z.string().check(z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/))

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
})
export type Upload = z.infer<typeof Upload>

export const media = {
  startUpload: endpoint({
    method: 'POST',
    path: '/teach/lessons/{lesson}/uploads',
    access: 'instructor',
    summary: 'Begin (or take up again) the upload of a lesson’s video',
    input: z.object({
      lesson: id('les'),
      fileName: z.string().check(z.minLength(1), z.maxLength(255)),
      sizeBytes: z.int(),
      type: z.string().check(z.maxLength(100)),
    }),
    output: Upload,
  }),
  upload: endpoint({
    method: 'GET',
    path: '/teach/uploads/{upload}',
    access: 'instructor',
    summary: 'How far an upload is',
    input: z.object({ upload }),
    output: Upload,
  }),
  signParts: endpoint({
    method: 'POST',
    path: '/teach/uploads/{upload}/parts',
    access: 'instructor',
    summary: 'URLs to PUT parts to, good for one hour',
    input: z.object({ upload, parts: z.array(z.int()).check(z.minLength(1), z.maxLength(50)) }),
    output: z.object({ parts: z.array(z.object({ number: z.int(), url: z.string(), size: z.int() })) }),
  }),
  finishUpload: endpoint({
    method: 'POST',
    path: '/teach/uploads/{upload}/finish',
    access: 'instructor',
    summary: 'All parts have been sent: begin to make it watchable',
    input: z.object({ upload }),
    output: Video,
  }),
  cancelUpload: endpoint({
    method: 'DELETE',
    path: '/teach/uploads/{upload}',
    access: 'instructor',
    summary: 'Give an upload up',
    input: z.object({ upload }),
    output: done,
  }),
  video: endpoint({
    method: 'GET',
    path: '/teach/videos/{video}',
    access: 'instructor',
    summary: 'A video and how far it is',
    input: z.object({ video: id('vid') }),
    output: Video,
  }),
  retry: endpoint({
    method: 'POST',
    path: '/teach/videos/{video}/retry',
    access: 'instructor',
    summary: 'Try a failed video again',
    input: z.object({ video: id('vid') }),
    output: Video,
  }),
  putCaptions: endpoint({
    method: 'PUT',
    path: '/teach/videos/{video}/captions/{language}',
    access: 'instructor',
    summary: 'Captions of a video in one language, as WebVTT',
    input: z.object({
      video: id('vid'),
      language,
      label: z.string().check(z.trim(), z.minLength(1), z.maxLength(40)),
      vtt: z.string().check(z.maxLength(300_000)),
    }),
    output: Video,
  }),
  removeCaptions: endpoint({
    method: 'DELETE',
    path: '/teach/videos/{video}/captions/{language}',
    access: 'instructor',
    summary: 'Take the captions of one language away',
    input: z.object({ video: id('vid'), language }),
    output: Video,
  }),
}
