import { even, perSecond } from '#core/recipes/ladder.ts'
import type { Fraction, Ladder, PlannedRung, SourceFacts } from '#ports/transcoder.ts'

/** All of what will be made, fixed once: the same for both executors and for every start of the same job. */
export type Plan = {
  facts: SourceFacts
  fps: Fraction
  frames: number
  segmentFrames: number
  chunkFrames: number
  chunks: number
  segmentSeconds: number
  audioKbps: number
  /** Best first. */
  rungs: PlannedRung[]
  storyboard: { everySeconds: number; tileWidth: number; tileHeight: number; tiles: number; sheets: number }
}

export const SEGMENTS_A_CHUNK = 6
const COMMON_RATES: Fraction[] = [
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
  { num: 60, den: 1 },
]

/** How far a usual rate is from showing every frame of a measured one equally long. */
const judder = (measured: number, rate: Fraction): number => {
  const repeats = Math.max(1, Math.round(perSecond(rate) / measured))
  return Math.abs(measured * repeats - perSecond(rate)) / perSecond(rate)
}

/** The usual rate that fits a measured one best: at most 60, and at most 30 for a source below 48. */
export const snapFps = (measured: number): Fraction => {
  if (!(measured > 0)) return { num: 30, den: 1 }
  const capped = Math.min(measured, 60)
  const allowed = COMMON_RATES.filter((rate) => (capped >= 48 ? perSecond(rate) >= 48 : perSecond(rate) <= 30))
  return allowed.reduce((best, rate) => (judder(capped, rate) < judder(capped, best) ? rate : best))
}

const TILE_WIDTH = 240
const MOST_TILE_HEIGHT = 480

/** Of the storyboard's pictures; a sheet holds a hundred, so what is as high as a tower gets narrow ones. */
const tileOf = ({ width, height }: { width: number; height: number }): { tileWidth: number; tileHeight: number } => {
  const scale = Math.min(TILE_WIDTH / width, MOST_TILE_HEIGHT / height)
  return { tileWidth: even(Math.round(width * scale)), tileHeight: even(Math.round(height * scale)) }
}

/** About a hundred pictures of a video, and at most one every two seconds. */
export const storyboardSeconds = (durationSeconds: number): number => Math.max(2, Math.ceil(durationSeconds / 100))

export const planOf = (facts: SourceFacts, { fps, segmentSeconds, audioKbps, rungs }: Ladder): Plan => {
  const { picture, durationSeconds } = facts
  const frames = Math.max(1, Math.round(durationSeconds * perSecond(fps)))
  const segmentFrames = Math.round(segmentSeconds * perSecond(fps))
  const chunkFrames = SEGMENTS_A_CHUNK * segmentFrames
  const everySeconds = storyboardSeconds(durationSeconds)
  const tiles = Math.max(1, Math.ceil(durationSeconds / everySeconds))
  return {
    ...{ facts, fps, frames, segmentFrames, chunkFrames, segmentSeconds, audioKbps },
    chunks: Math.ceil(frames / chunkFrames),
    rungs: rungs.toSorted((a, b) => b.width * b.height - a.width * a.height),
    storyboard: {
      ...{ everySeconds, tiles, sheets: Math.ceil(tiles / 100) },
      ...tileOf(picture),
    },
  }
}

export const chunkSpan = (plan: Plan, chunk: number): { firstFrame: number; frames: number; segments: number } => {
  const firstFrame = chunk * plan.chunkFrames
  const frames = Math.min(plan.chunkFrames, plan.frames - firstFrame)
  return { firstFrame, frames, segments: Math.ceil(frames / plan.segmentFrames) }
}

export const chunkSeconds = (plan: Plan, chunk: number): { start: number; length: number } => {
  const { firstFrame, frames } = chunkSpan(plan, chunk)
  return { start: firstFrame / perSecond(plan.fps), length: frames / perSecond(plan.fps) }
}
