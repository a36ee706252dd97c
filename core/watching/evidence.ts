import { type Stretch, TOP_SPEED } from '#contract/watching.ts'

/** Stretches nearer than this are one: players tell of whole ticks, and nobody misses a second. */
const NEAR_SECONDS = 1
/** An item has room for so many; past it the shortest are forgotten. */
const MOST_STRETCHES = 300
/** A player that was offline plays on from what it had loaded, and as long as its cookies held. */
const LONGEST_GAP_SECONDS = 600
/** What may be claimed beyond the time that has passed: a beat is told a little after the moment it tells of. */
export const SLACK_SECONDS = 10

const length = ({ fromSeconds, toSeconds }: Stretch): number => toSeconds - fromSeconds

export const secondsOf = (stretches: readonly Stretch[]): number => stretches.reduce((sum, stretch) => sum + length(stretch), 0)

const tenths = (seconds: number): number => Math.round(seconds * 10) / 10

/** The same moments as few stretches in order, within `0 … durationSeconds`. */
export const merged = (stretches: readonly Stretch[], durationSeconds: number): Stretch[] => {
  const within = stretches
    .map(({ fromSeconds, toSeconds }) => ({ fromSeconds: tenths(fromSeconds), toSeconds: tenths(Math.min(toSeconds, durationSeconds)) }))
    .filter((stretch) => length(stretch) > 0)
    .sort((one, other) => one.fromSeconds - other.fromSeconds)
  const joined: Stretch[] = []
  for (const next of within) {
    const last = joined.at(-1)
    if (last && next.fromSeconds <= last.toSeconds + NEAR_SECONDS) joined.splice(-1, 1, { ...last, toSeconds: Math.max(last.toSeconds, next.toSeconds) })
    else joined.push(next)
  }
  if (joined.length <= MOST_STRETCHES) return joined
  const shortest = [...joined].sort((one, other) => length(one) - length(other)).slice(0, joined.length - MOST_STRETCHES)
  return joined.filter((stretch) => !shortest.includes(stretch))
}

/** The parts of a stretch that lie in none of those known (merged) ones. */
const beyond = (stretch: Stretch, known: readonly Stretch[]): Stretch[] => {
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

/** What a stream may claim, in seconds of video, for having run `gapSeconds` since its player told last. */
export const allowance = ({ spareSeconds }: { spareSeconds: number }, gapSeconds: number): number =>
  spareSeconds + TOP_SPEED * Math.min(Math.max(0, gapSeconds), LONGEST_GAP_SECONDS)

type Claim = { known: readonly Stretch[]; claimed: readonly Stretch[]; durationSeconds: number; allowedSeconds: number }

/**
 * What is known to be watched once a claim has been heard: no more of it is believed than could have been shown in the
 * time there was. What is known already costs nothing, so that a claim may be made twice.
 */
export const credited = ({ known, claimed, durationSeconds, allowedSeconds }: Claim): { watched: Stretch[]; spareSeconds: number } => {
  const fresh = merged(claimed, durationSeconds).flatMap((stretch) => beyond(stretch, known))
  const believed: Stretch[] = []
  let left = allowedSeconds
  for (const { fromSeconds, toSeconds } of fresh) {
    const most = Math.min(toSeconds - fromSeconds, left)
    if (most <= 0) break
    believed.push({ fromSeconds, toSeconds: fromSeconds + most })
    left -= most
  }
  // Time in which nothing was claimed is not saved up: a lesson left running opens no other.
  return { watched: merged([...known, ...believed], durationSeconds), spareSeconds: Math.min(left, SLACK_SECONDS) }
}
