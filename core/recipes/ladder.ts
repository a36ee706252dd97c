import type { Fraction, Ladder, Picture, PlannedRung } from '#ports/transcoder.ts'
import type { Recipe } from './recipe.ts'

export const perSecond = ({ num, den }: Fraction): number => num / den

export const even = (length: number): number => Math.max(2, Math.floor(length / 2) * 2)

type Size = Pick<Picture, 'width' | 'height'>

const sized = (picture: Size, shortSide: number): Size => {
  const short = Math.min(picture.width, picture.height)
  const source = Math.max(picture.width, picture.height)
  const long = Math.min(even(source), Math.max(2, 2 * Math.round((source * shortSide) / short / 2)))
  return picture.width >= picture.height ? { width: long, height: even(shortSide) } : { width: even(shortSide), height: long }
}

const FAST_FPS = 48
const FAST_SHARE = 1.5

/**
 * A family's rungs that a source can fill, best first, never enlarged. A source well between two rungs (900 lines) also keeps
 * its own size, with the settings of the rung above; one below them all is a rung by itself.
 */
export const rungsOf = (picture: Size & Pick<Picture, 'fps'>, { codec, effort, tune, rungs }: Recipe['families'][number]): PlannedRung[] => {
  const short = Math.min(picture.width, picture.height)
  const best = rungs.toSorted((a, b) => b.shortSide - a.shortSide)
  const fitting = best.filter((rung) => rung.shortSide <= short)
  const above = best.filter((rung) => rung.shortSide > short).at(-1)
  const top = fitting[0]
  const keepsItsSize = above !== undefined && (top === undefined || short > top.shortSide * 1.1)
  const own = keepsItsSize ? [{ ...above, name: `${even(short)}${codec === 'h264' ? 'p' : 'a'}`, shortSide: short }] : []
  const share = perSecond(picture.fps) >= FAST_FPS ? FAST_SHARE : 1
  return [...own, ...fitting].map(({ name, shortSide, crf, maxrateKbps }) => ({
    ...{ name, codec, crf, effort, ...(tune !== undefined && { tune }), maxrateKbps: Math.round(maxrateKbps * share) },
    ...sized(picture, shortSide),
  }))
}

/** What is made of a picture before it is ready, and, where the recipe has more, what follows later. */
export const laddersOf = (picture: Size & Pick<Picture, 'fps'>, recipe: Recipe): { first: Ladder; later?: Ladder } => {
  const { segmentSeconds, audioKbps, families } = recipe
  const [first, later] = families.map((family): Ladder => ({ fps: picture.fps, segmentSeconds, audioKbps, rungs: rungsOf(picture, family) }))
  if (!first) throw new Error(`The recipe ${recipe.name} has no family.`)
  return { first, ...(later && { later }) }
}
