import { STREAM_COOKIE } from '#core/delivery/signer.ts'
import { type Served, servedTo, touchStream } from '#core/watching/streams.ts'
import type { World } from '#ports/world.ts'

/** How long a verdict is believed. A refusal is believed only while a burst of requests lasts: whoever ends another stream is let in at once. */
const SERVED_MS = 2000
const REFUSED_MS = 250
/** Streams are alive for a minute after their last sign of life. */
const TOUCHED_MS = 15_000
const MOST_REMEMBERED = 10_000

const STREAM = /^str_[0-9a-z]{8,32}$/

/** The stream a Cookie header names; undefined when it names none, or two. */
const streamIn = (cookies: string | undefined): string | undefined => {
  const named = (cookies ?? '').split(';').flatMap((text) => {
    const [name, value = ''] = text.trim().split('=', 2)
    return name === STREAM_COOKIE ? [value] : []
  })
  const [stream] = named
  return stream !== undefined && STREAM.test(stream) && named.every((each) => each === stream) ? stream : undefined
}

/** Keeps the newest so many: what was written longest ago falls out. */
const remembered = <T>(most: number): { get(key: string): T | undefined; set(key: string, value: T): void; forget(key: string): void } => {
  const kept = new Map<string, T>()
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      kept.delete(key)
      kept.set(key, value)
      const [oldest] = kept.keys()
      if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    },
    forget: (key) => void kept.delete(key),
  }
}

export type Guard = {
  /** What the stream of these cookies may be served of a video; undefined refuses. Throws when that cannot be found out. */
  admits(cookies: string | undefined, video: string): Promise<Served | undefined>
  /** Bytes go to a stream. */
  serves(stream: string): void
}

type Verdict = { askedAt: number; served: Promise<Served | undefined>; keptMs: number }

/**
 * What this edge adds to CloudFront's check of signatures: it asks the school whether the stream that the cookies were made
 * for still runs. At most one question per stream and video is under way, and its answer is believed for two seconds.
 */
export const streamGuard = (world: Pick<World, 'tables' | 'clock' | 'identity' | 'log'>, ask: typeof servedTo = servedTo): Guard => {
  const verdicts = remembered<Verdict>(MOST_REMEMBERED)
  const touches = remembered<number>(MOST_REMEMBERED)
  // A clock that was set back makes everything remembered too old.
  const isWithin = (at: number, milliseconds: number): boolean => {
    const age = world.clock.now().getTime() - at
    return age >= 0 && age < milliseconds
  }
  const question = (stream: string, video: string): Promise<Served | undefined> => {
    const key = `${stream}/${video}`
    const verdict: Verdict = { askedAt: world.clock.now().getTime(), served: ask(world, stream, video), keptMs: SERVED_MS }
    verdicts.set(key, verdict)
    verdict.served.then(
      (served) => {
        if (!served) verdict.keptMs = REFUSED_MS
      },
      () => {
        if (verdicts.get(key) === verdict) verdicts.forget(key)
      },
    )
    return verdict.served
  }
  return {
    admits: async (cookies, video) => {
      const stream = streamIn(cookies)
      if (stream === undefined) return undefined
      const known = verdicts.get(`${stream}/${video}`)
      return known && isWithin(known.askedAt, known.keptMs) ? known.served : question(stream, video)
    },
    serves: (stream) => {
      const touchedAt = touches.get(stream)
      if (touchedAt !== undefined && isWithin(touchedAt, TOUCHED_MS)) return
      touches.set(stream, world.clock.now().getTime())
      touchStream(world, stream).catch((error: unknown) => world.log.error('a stream could not be touched', error))
    },
  }
}
