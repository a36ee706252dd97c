import { beyond, lengthOf, merged, NEAR_SECONDS } from '#contract/stretches.ts'
import { type Stretch, TOP_SPEED } from '#contract/watching.ts'

/** An item has room for so many; past it the shortest are forgotten. */
const MOST_STRETCHES = 300
/** A player that was offline plays on from what it had loaded, and as long as its cookies held. */
const LONGEST_GAP_SECONDS = 600
/** What is left over of one beat's time for the next: one may be held up on its way and the next be on time. */
const SLACK_SECONDS = 10

const bounded = (stretches: Stretch[]): Stretch[] => {
  if (stretches.length <= MOST_STRETCHES) return stretches
  const shortest = new Set([...stretches].sort((one, other) => lengthOf(one) - lengthOf(other)).slice(0, stretches.length - MOST_STRETCHES))
  return stretches.filter((stretch) => !shortest.has(stretch))
}

/** What a stream may claim, in seconds of video, for having run `gapSeconds` since its player told last. */
export const allowance = ({ spareSeconds }: { spareSeconds: number }, gapSeconds: number): number =>
  spareSeconds + TOP_SPEED * Math.min(Math.max(0, gapSeconds), LONGEST_GAP_SECONDS)

/** Clocks and ticks differ a little: so much of a claim, and never more than counts as near, is believed on credit of the next beat’s time. */
const CREDIT_SHARE = 0.05
const CREDIT_SECONDS = NEAR_SECONDS + 0.1
/** Sums of tenths are off by less than this. */
const NOISE_SECONDS = 1e-6

const wholeTenths = (seconds: number): number => Math.floor(seconds * 10 + NOISE_SECONDS) / 10

/** As much of a stretch as there is time for. What is left of it is never so little that it would count as watched by being near. */
const believable = (stretch: Stretch, leftSeconds: number, creditSeconds: number): number => {
  if (lengthOf(stretch) <= leftSeconds + creditSeconds) return lengthOf(stretch)
  return Math.max(0, wholeTenths(Math.min(leftSeconds, lengthOf(stretch) - CREDIT_SECONDS)))
}

type Claim = { known: readonly Stretch[]; claimed: readonly Stretch[]; durationSeconds: number; allowedSeconds: number }

/**
 * What is known to be watched once a claim has been heard: no more of it is believed than could have been shown in the
 * time there was. What is known already costs nothing, so that a claim may be made twice; what counts because it is near
 * costs like the rest, or many small claims would be worth a long one.
 */
export const credited = ({ known, claimed, durationSeconds, allowedSeconds }: Claim): { watched: Stretch[]; spareSeconds: number } => {
  const before = merged(known, durationSeconds)
  const fresh = merged([...before, ...claimed], durationSeconds).flatMap((stretch) => beyond(stretch, before))
  const creditSeconds = Math.min(CREDIT_SECONDS - NOISE_SECONDS, Math.max(0, allowedSeconds) * CREDIT_SHARE)
  const believed: Stretch[] = []
  let left = allowedSeconds
  for (const stretch of fresh) {
    const seconds = believable(stretch, left, creditSeconds)
    if (seconds > 0) believed.push({ ...stretch, toSeconds: stretch.fromSeconds + seconds })
    left -= seconds
    if (seconds < lengthOf(stretch) || left <= 0) break
  }
  // Time in which nothing was claimed is not saved up: a lesson left running opens no other.
  return { watched: bounded(merged([...before, ...believed], durationSeconds)), spareSeconds: Math.min(left, SLACK_SECONDS) }
}
