import * as z from 'zod/mini'
import { done, endpoint, id, when } from './base.ts'
import { CAPTION_LIMITS } from './cues.ts'

/** A BCP 47 tag of a language, or of one with a script or region: `en`, `pt-BR`. */
const language = z.string().check(z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/))
const label = z.string().check(z.trim(), z.minLength(1), z.maxLength(40))
const video = id('vid')
/** Names the cues as somebody read them. Sent back with a change, it keeps that from being made to other ones. */
const revision = id('rev')

const seconds = z.number().check(z.minimum(0), z.maximum(CAPTION_LIMITS.seconds))
/** What is typed may be longer than what is kept: a text is cleaned first, and measured then. */
const Cue = z.object({ startSeconds: seconds, endSeconds: seconds, text: z.string().check(z.maxLength(4 * CAPTION_LIMITS.cueCharacters)) })

/** Where the words came from: a caption file, a machine that listened, or a person's keyboard. */
export const CaptionOrigin = z.enum(['file', 'machine', 'typed'])

/** The captions of a video in one language, without their cues. */
export const CaptionTrack = z.object({
  language: z.string(),
  label: z.string(),
  /** Seen by nobody but those who may change them. */
  isDraft: z.boolean(),
  origin: CaptionOrigin,
  revision,
  cues: z.int(),
  at: when,
  /** The version before the last save can be brought back. */
  canRestore: z.boolean(),
})
export type CaptionTrack = z.infer<typeof CaptionTrack>

/** What a machine was asked to listen to. */
export const Listening = z.object({
  state: z.enum(['asked', 'working', 'failed', 'done']),
  language: z.string(),
  label: z.string(),
  percent: z.number(),
  /** Why it failed, in words a teacher can act on. */
  reason: z.optional(z.string()),
  at: when,
})
export type Listening = z.infer<typeof Listening>

export const CaptionsDesk = z.object({
  tracks: z.array(CaptionTrack),
  /** Whether captions can be made by machine: the school has none · the video is not ready · it has no sound. */
  machine: z.enum(['off', 'not-ready', 'no-sound', 'ready']),
  listening: z.optional(Listening),
})
export type CaptionsDesk = z.infer<typeof CaptionsDesk>

export const Captions = z.object({ track: CaptionTrack, cues: z.array(Cue) })
export type Captions = z.infer<typeof Captions>

const one = { video, language }

export const captions = {
  all: endpoint({
    method: 'GET',
    path: '/teach/videos/{video}/captions',
    access: 'teaching',
    summary: 'The captions of a video, in every language',
    input: z.object({ video }),
    output: CaptionsDesk,
  }),
  read: endpoint({
    method: 'GET',
    path: '/teach/videos/{video}/captions/{language}',
    access: 'teaching',
    summary: 'The captions of a video in one language, with their cues',
    input: z.object(one),
    output: Captions,
  }),
  upload: endpoint({
    method: 'PUT',
    path: '/teach/videos/{video}/captions/{language}/file',
    access: 'teaching',
    summary: 'Captions from a WebVTT or SubRip file, shown at once; `revision` names those they replace',
    input: z.object({ ...one, label, revision: z.optional(revision), text: z.string().check(z.maxLength(CAPTION_LIMITS.characters)) }),
    output: CaptionTrack,
  }),
  save: endpoint({
    method: 'PUT',
    path: '/teach/videos/{video}/captions/{language}',
    access: 'teaching',
    summary: 'Captions as they were edited; new ones begin as a draft',
    input: z.object({ ...one, label, revision: z.optional(revision), cues: z.array(Cue).check(z.maxLength(CAPTION_LIMITS.cues)) }),
    output: CaptionTrack,
  }),
  publish: endpoint({
    method: 'POST',
    path: '/teach/videos/{video}/captions/{language}/publish',
    access: 'teaching',
    summary: 'Show a draft to learners',
    input: z.object({ ...one, revision }),
    output: CaptionTrack,
  }),
  restore: endpoint({
    method: 'POST',
    path: '/teach/videos/{video}/captions/{language}/restore',
    access: 'teaching',
    summary: 'Bring the version before the last save back; doing it again undoes it',
    input: z.object({ ...one, revision }),
    output: CaptionTrack,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/teach/videos/{video}/captions/{language}',
    access: 'teaching',
    summary: 'Take the captions of one language away',
    input: z.object(one),
    output: done,
  }),
  transcribe: endpoint({
    method: 'POST',
    path: '/teach/videos/{video}/captions/{language}/transcribe',
    access: 'teaching',
    summary: 'Have a machine listen to the video and write a draft',
    input: z.object({ ...one, label }),
    output: CaptionsDesk,
  }),
}
