import { setTimeout } from 'node:timers/promises'
import type { Served } from '#core/watching/streams.ts'
import type { Clock } from '#ports/clock.ts'
import { recent } from './recent.ts'

/** Seconds of video that may be loaded at once, and how many more with each second: nobody watches faster than three, or two at twice the speed. */
const BURST_SECONDS = 480
const SPEED = 4
/** Players give up on a segment whose first byte takes ten seconds. */
const LONGEST_WAIT_SECONDS = 8
const MOST_WAITING = 8
/** Loaded in about the last minute by whoever is told of: six times the speed of the video. */
const RECENT_SECONDS = 60
const ALARMING_SECONDS = 6 * RECENT_SECONDS
/** While it goes on it is said again, so that players know they are slowed down. */
const FLAGGED_AGAIN_MS = 300_000
const MOST_VIEWERS = 10_000

/** Resolves when the time is over, or when nobody waits for it any more. */
export type Wait = (seconds: number, signal: AbortSignal) => Promise<void>

const waiting: Wait = async (seconds, signal) => {
  try {
    await setTimeout(seconds * 1000, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** `spare`: what may still be loaded now; below zero it is a debt that is waited off. `recent`: what was loaded lately, fading by the minute. */
type Bucket = { at: number; spare: number; recent: number; waiting: number; isFlagged: boolean; flaggedAt: number }

const passed = (bucket: Bucket, now: number): void => {
  const seconds = Math.max(0, now - bucket.at) / 1000
  bucket.at = now
  bucket.spare = Math.min(BURST_SECONDS, bucket.spare + SPEED * seconds)
  bucket.recent *= Math.exp(-seconds / RECENT_SECONDS)
  if (bucket.spare === BURST_SECONDS) bucket.isFlagged = false
}

/** Buckets of those seen last; one that falls out has most likely been full again for long. */
const bucketsOf = (): ((viewer: string, now: number) => Bucket) => {
  const buckets = recent<Bucket>(MOST_VIEWERS)
  const full = (viewer: string, now: number): Bucket => {
    const bucket = { at: now, spare: BURST_SECONDS, recent: 0, waiting: 0, isFlagged: false, flaggedAt: Number.NEGATIVE_INFINITY }
    buckets.set(viewer, bucket)
    return bucket
  }
  return (viewer, now) => {
    const bucket = buckets.get(viewer) ?? full(viewer, now)
    passed(bucket, now)
    return bucket
  }
}

/** `go`: at once; `waited`: now, after a while; `left`: nobody is there any more; otherwise too many wait already, and it may be tried again so much later. */
export type Turn = 'go' | 'waited' | 'left' | { retryAfterSeconds: number }

export type Pace = (served: Served, contentSeconds: number, leaving: () => AbortSignal) => Promise<Turn>

type PaceOptions = { clock: Clock; flag(served: Served): void; wait?: Wait }

/**
 * Gives a person (a stream, where nobody has signed in) their videos at most four times as fast as they run, after a first
 * stretch that is theirs at once. `flag` is called when somebody has used that up at six times the speed or more.
 */
export const pacing = ({ clock, flag, wait = waiting }: PaceOptions): Pace => {
  const bucketOf = bucketsOf()
  const watchOver = (bucket: Bucket, served: Served): void => {
    if (bucket.spare >= 0 || !(bucket.isFlagged || bucket.recent >= ALARMING_SECONDS)) return
    bucket.isFlagged = true
    if (bucket.at - bucket.flaggedAt < FLAGGED_AGAIN_MS) return
    bucket.flaggedAt = bucket.at
    flag(served)
  }
  return async (served, contentSeconds, leaving) => {
    if (served.isStaff) return 'go'
    const bucket = bucketOf(served.person ?? served.stream, clock.now().getTime())
    const owedSeconds = (contentSeconds - bucket.spare) / SPEED
    if (owedSeconds > 0 && (bucket.waiting >= MOST_WAITING || owedSeconds > LONGEST_WAIT_SECONDS)) {
      return { retryAfterSeconds: Math.ceil(Math.min(owedSeconds, LONGEST_WAIT_SECONDS)) }
    }
    bucket.spare -= contentSeconds
    bucket.recent += contentSeconds
    watchOver(bucket, served)
    if (owedSeconds <= 0) return 'go'
    const signal = leaving()
    bucket.waiting += 1
    await wait(owedSeconds, signal).finally(() => {
      bucket.waiting -= 1
    })
    if (!signal.aborted) return 'waited'
    bucket.spare += contentSeconds
    bucket.recent -= contentSeconds
    return 'left'
  }
}
