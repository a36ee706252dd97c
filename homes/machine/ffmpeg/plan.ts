import type { Recipe, Rung } from '#ports/transcoder.ts'

/** A fraction of whole numbers: 30000/1001 frames a second. */
export type Fraction = { num: number; den: number }

/** What the probe found out about a source that can be used. */
export type Facts = {
  durationSeconds: number
  /** The container's first time stamp, which becomes 0. */
  startSeconds: number
  picture: Picture
  sound?: { stream: number; channels: number }
  /** Cannot be entered at any second as it is: copied into a container with an index first. */
  needsCopy: boolean
  chapters: { startSeconds: number; title: string }[]
}

export type Picture = {
  stream: number
  /** As it is to be seen: square pixels, turned upright. */
  width: number
  height: number
  rotation: 0 | 90 | 180 | 270
  fps: Fraction
  isInterlaced: boolean
  hdr: boolean
  colours: { space?: string; transfer?: string; primaries?: string }
  secondsPerKeyFrame: number
  lastFrameSeconds: number
}

export type PlannedRung = { name: string; width: number; height: number; crf: number; maxrateKbps: number }

/** All of what will be made, fixed once: the same for both executors and for every start of the same job. */
export type Plan = {
  facts: Facts
  fps: Fraction
  frames: number
  segmentFrames: number
  chunkFrames: number
  chunks: number
  segmentSeconds: number
  audioKbps: number
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

export const perSecond = ({ num, den }: Fraction): number => num / den

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

export const even = (length: number): number => Math.max(2, Math.floor(length / 2) * 2)

const sized = (picture: Picture, shortSide: number): { width: number; height: number } => {
  const short = Math.min(picture.width, picture.height)
  const source = Math.max(picture.width, picture.height)
  const long = Math.min(even(source), Math.max(2, 2 * Math.round((source * shortSide) / short / 2)))
  return picture.width >= picture.height ? { width: long, height: even(shortSide) } : { width: even(shortSide), height: long }
}

/**
 * The recipe's rungs the source can fill, never enlarged. A source well between two rungs (900 lines) also keeps its own
 * size, with the settings of the rung above; one below them all is a rung by itself.
 */
export const ladder = (picture: Picture, recipe: Recipe): PlannedRung[] => {
  const short = Math.min(picture.width, picture.height)
  const best = recipe.rungs.toSorted((a, b) => b.shortSide - a.shortSide)
  const fitting = best.filter((rung) => rung.shortSide <= short)
  const above = best.filter((rung) => rung.shortSide > short).at(-1)
  const top = fitting[0]
  const keepsItsSize = above !== undefined && (top === undefined || short > top.shortSide * 1.1)
  const own: Rung[] = keepsItsSize ? [{ ...above, name: `${even(short)}p`, shortSide: short }] : []
  return [...own, ...fitting].map(({ name, shortSide, crf, maxrateKbps }) => ({ name, crf, maxrateKbps, ...sized(picture, shortSide) }))
}

export const planOf = (facts: Facts, recipe: Recipe): Plan => {
  const { picture, durationSeconds } = facts
  const { fps } = picture
  const frames = Math.max(1, Math.round(durationSeconds * perSecond(fps)))
  const segmentFrames = Math.round(recipe.segmentSeconds * perSecond(fps))
  const chunkFrames = SEGMENTS_A_CHUNK * segmentFrames
  const everySeconds = Math.max(2, Math.ceil(durationSeconds / 100))
  const tiles = Math.max(1, Math.ceil(durationSeconds / everySeconds))
  return {
    facts,
    fps,
    frames,
    segmentFrames,
    chunkFrames,
    chunks: Math.ceil(frames / chunkFrames),
    segmentSeconds: recipe.segmentSeconds,
    audioKbps: recipe.audioKbps,
    rungs: ladder(picture, recipe),
    storyboard: {
      everySeconds,
      tiles,
      sheets: Math.ceil(tiles / 100),
      tileWidth: 240,
      tileHeight: even(Math.round((240 * picture.height) / picture.width)),
    },
  }
}

export const chunkSpan = (plan: Plan, chunk: number): { firstFrame: number; frames: number; segments: number } => {
  const firstFrame = chunk * plan.chunkFrames
  const frames = Math.min(plan.chunkFrames, plan.frames - firstFrame)
  return { firstFrame, frames, segments: Math.ceil(frames / plan.segmentFrames) }
}
