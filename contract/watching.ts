import * as z from 'zod/mini'
import { done, endpoint, id, nothing, when } from './base.ts'

/** How often a player tells what it has shown, and how long a stream that says nothing still counts as running. Seconds. */
export const BEAT_SECONDS = 20
export const ALIVE_SECONDS = 60
/** Nobody watches faster than this. */
export const TOP_SPEED = 3

const lesson = id('les')
const stream = id('str')
const seconds = z.number().check(z.minimum(0), z.maximum(86_400))

/** Where the player finds everything; the cookies that open it come as `Set-Cookie`. */
export const Playback = z.object({
  stream: z.string(),
  video: z.string(),
  masterUrl: z.string(),
  /** A first rendition, while the ladder is being made: ask again now and then whether it is there. */
  isEarly: z.boolean(),
  posterUrl: z.optional(z.string()),
  storyboardUrl: z.optional(z.string()),
  captions: z.array(z.object({ language: z.string(), label: z.string(), url: z.string() })),
  /** How long the cookies hold from now on: no clock of the viewer's is needed. Ask again halfway. */
  ttlSeconds: z.int(),
  /** To be shown over the picture, where the school wants it: whose viewing this is. */
  watermark: z.optional(z.string()),
})
export type Playback = z.infer<typeof Playback>

/** A stretch of a video, in seconds of the video. */
export const Stretch = z.object({ fromSeconds: seconds, toSeconds: seconds })
export type Stretch = z.infer<typeof Stretch>

/** How far somebody is in a lesson. `watched`: stretches in order, none touching another. */
export const Watched = z.object({
  lesson: z.string(),
  positionSeconds: z.number(),
  isCompleted: z.boolean(),
  watched: z.array(Stretch),
  /** Of the whole video, 0 … 1. */
  share: z.number(),
})
export type Watched = z.infer<typeof Watched>

/** Why a stream has ended: `by-you` from another of one's devices, `signed-out` (of its browser, or of all at once), `idle` (another took its place while this one said nothing, or there are fewer places now), `left` (its page was closed), `closed` (the right to watch has ended). */
export const StreamEnd = z.enum(['by-you', 'signed-out', 'idle', 'left', 'closed'])
export type StreamEnd = z.infer<typeof StreamEnd>

/** Somewhere one is watching. */
export const Stream = z.object({
  id: z.string(),
  /** As its browser named itself: “Firefox on Windows”. */
  device: z.string(),
  lesson: z.object({ id: z.string(), title: z.string(), course: z.string() }),
  startedAt: when,
  seenAt: when,
  positionSeconds: z.number(),
})
export type Stream = z.infer<typeof Stream>

/** What the school asks of those who watch. */
export const WatchingPolicy = z.object({
  /** How many of one learner’s videos may run at once. */
  streams: z.int().check(z.minimum(1), z.maximum(20)),
  /** Each picture shows whose viewing it is. */
  hasWatermark: z.boolean(),
})
export type WatchingPolicy = z.infer<typeof WatchingPolicy>

export const watching = {
  open: endpoint({
    method: 'POST',
    path: '/lessons/{lesson}/playback',
    access: 'anyone',
    summary: 'Open a lesson’s video to this browser for a few minutes; with a stream, for some more',
    input: z.object({
      lesson,
      stream: z.optional(stream),
      /** One browser’s own name for itself, kept by it: streams of the same browser are ended together when somebody signs out. */
      browser: z.optional(z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/))),
      device: z.optional(z.string().check(z.trim(), z.maxLength(60))),
    }),
    output: Playback,
    setsCookies: true,
  }),
  beat: endpoint({
    method: 'POST',
    path: '/streams/{stream}/beats',
    access: 'anyone',
    summary: 'What a player has shown since it last told; may be said again and may come late',
    input: z.object({ stream, positionSeconds: seconds, watched: z.array(Stretch).check(z.maxLength(200)), isLeaving: z.optional(z.boolean()) }),
    output: z.object({
      ended: z.optional(StreamEnd),
      /** The stream loads far more than it shows and is slowed down. */
      isSlowed: z.boolean(),
      /** Of somebody who learns here. */
      progress: z.optional(Watched),
    }),
  }),
  streams: endpoint({
    method: 'GET',
    path: '/streams',
    access: 'person',
    summary: 'Where I am watching now, and how many places there are',
    input: nothing,
    output: z.object({ streams: z.array(Stream), most: z.int() }),
  }),
  end: endpoint({
    method: 'DELETE',
    path: '/streams/{stream}',
    access: 'person',
    summary: 'End a stream of mine, wherever it runs',
    input: z.object({ stream }),
    output: done,
  }),
  leave: endpoint({
    method: 'POST',
    path: '/streams/leave',
    access: 'person',
    summary: 'End all streams of this browser, when signing out of it',
    input: z.object({ browser: z.string().check(z.regex(/^[A-Za-z0-9-]{8,64}$/)) }),
    output: done,
  }),
  wish: endpoint({
    method: 'POST',
    path: '/lessons/{lesson}/wish',
    access: 'anyone',
    summary: 'Have the stretch of a video from this second on made next',
    input: z.object({ lesson, seconds }),
    output: done,
  }),
  policy: endpoint({
    method: 'GET',
    path: '/school/watching',
    access: 'admin',
    summary: 'How many streams a learner has, and whether pictures carry their address',
    input: nothing,
    output: WatchingPolicy,
  }),
  putPolicy: endpoint({
    method: 'PUT',
    path: '/school/watching',
    access: 'admin',
    summary: 'Change that; it holds for streams that begin or are renewed from now on',
    input: WatchingPolicy,
    output: WatchingPolicy,
  }),
}
