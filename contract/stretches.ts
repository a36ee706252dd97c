import type { Stretch } from './watching.ts'

/** Stretches nearer than this are one: players tell of whole ticks, and nobody misses a second. */
export const NEAR_SECONDS = 1

export const lengthOf = ({ fromSeconds, toSeconds }: Stretch): number => toSeconds - fromSeconds

export const secondsOf = (stretches: readonly Stretch[]): number => stretches.reduce((sum, stretch) => sum + lengthOf(stretch), 0)

const tenths = (seconds: number): number => Math.round(seconds * 10) / 10

/** The same moments as few stretches in order, in tenths of a second, within `0 … durationSeconds`. */
export const merged = (stretches: readonly Stretch[], durationSeconds = Number.POSITIVE_INFINITY): Stretch[] => {
  const within = stretches
    .map(({ fromSeconds, toSeconds }) => ({ fromSeconds: Math.max(0, tenths(fromSeconds)), toSeconds: tenths(Math.min(toSeconds, durationSeconds)) }))
    .filter((stretch) => lengthOf(stretch) > 0)
    .sort((one, other) => one.fromSeconds - other.fromSeconds)
  const joined: Stretch[] = []
  for (const next of within) {
    const last = joined.at(-1)
    if (last && next.fromSeconds <= last.toSeconds + NEAR_SECONDS) joined.splice(-1, 1, { ...last, toSeconds: Math.max(last.toSeconds, next.toSeconds) })
    else joined.push(next)
  }
  return joined
}

/** The parts of a stretch that lie in none of those known (merged) ones. */
export const beyond = (stretch: Stretch, known: readonly Stretch[]): Stretch[] => {
  const parts: Stretch[] = []
  let at = stretch.fromSeconds
  for (const { fromSeconds, toSeconds } of known) {
    if (toSeconds <= at) continue
    if (fromSeconds >= stretch.toSeconds) break
    if (fromSeconds > at) parts.push({ fromSeconds: at, toSeconds: fromSeconds })
    at = Math.max(at, toSeconds)
  }
  return at < stretch.toSeconds ? [...parts, { fromSeconds: at, toSeconds: stretch.toSeconds }] : parts
}
