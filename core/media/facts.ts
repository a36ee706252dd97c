import * as z from 'zod/mini'
import type { Ladder, SourceFacts } from '#ports/transcoder.ts'

const Fraction = z.object({ num: z.int(), den: z.int() })

const Picture = z.object({
  stream: z.int(),
  codec: z.string(),
  width: z.int(),
  height: z.int(),
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  fps: Fraction,
  measuredFps: z.number(),
  isSteady: z.boolean(),
  isInterlaced: z.boolean(),
  hdr: z.boolean(),
  isSquare: z.boolean(),
  bitDepth: z.int(),
  isSubsampled: z.boolean(),
  colours: z.object({ space: z.exactOptional(z.string()), transfer: z.exactOptional(z.string()), primaries: z.exactOptional(z.string()) }),
  secondsPerKeyFrame: z.number(),
  longestGapSeconds: z.number(),
  lastFrameSeconds: z.number(),
})

/** The port's own facts, as a video's record keeps them. */
export const Facts: z.ZodMiniType<SourceFacts> = z.object({
  container: z.string(),
  durationSeconds: z.number(),
  startSeconds: z.number(),
  picture: Picture,
  sound: z.exactOptional(z.object({ stream: z.int(), codec: z.string(), channels: z.int() })),
  needsCopy: z.boolean(),
  canRemux: z.boolean(),
  chapters: z.array(z.object({ startSeconds: z.number(), title: z.string() })),
  besides: z.object({
    hasCover: z.boolean(),
    pictures: z.int(),
    sounds: z.int(),
    subtitles: z.int(),
    lostSound: z.exactOptional(z.string()),
    claimedSeconds: z.exactOptional(z.number()),
  }),
})

const Rendition = z.object({
  name: z.string(),
  codec: z.enum(['h264', 'av1']),
  width: z.int(),
  height: z.int(),
  fps: z.number(),
  playlist: z.string(),
  keys: z.exactOptional(z.string()),
})

/** What a transcoder's `transcoded` news carries. */
export const Result = z.object({
  durationSeconds: z.number(),
  renditions: z.array(Rendition),
  audio: z.exactOptional(z.object({ playlist: z.string(), channels: z.int() })),
  storyboard: z.exactOptional(z.object({ sheets: z.array(z.string()), everySeconds: z.number(), tileWidth: z.int(), tileHeight: z.int(), tiles: z.int() })),
  poster: z.exactOptional(z.string()),
  lostSound: z.exactOptional(z.boolean()),
  damage: z.exactOptional(z.object({ errors: z.int(), frames: z.int() })),
})
export type Result = z.infer<typeof Result>

const Rung = z.object({
  name: z.string(),
  codec: z.enum(['h264', 'av1']),
  width: z.int(),
  height: z.int(),
  crf: z.int(),
  maxrateKbps: z.int(),
  effort: z.string(),
  tune: z.exactOptional(z.string()),
})

/** The port's own ladder: fixed when a video is accepted, whatever becomes of its recipe. */
export const StoredLadder: z.ZodMiniType<Ladder> = z.object({ fps: Fraction, segmentSeconds: z.int(), audioKbps: z.int(), rungs: z.array(Rung) })

/** What its `watchable` news carries. */
export const FirstWatchable = z.object({
  kind: z.enum(['copy', 'opening']),
  isWhole: z.boolean(),
  rendition: Rendition,
  audio: z.exactOptional(z.object({ playlist: z.string(), channels: z.int() })),
  hasSoundInside: z.boolean(),
})
