import { STREAM_COOKIE } from '#core/delivery/signer.ts'
import { type Served, servedTo, touchStream } from '#core/watching/streams.ts'
import type { World } from '#ports/world.ts'
import { recent } from './recent.ts'

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

export type Guard = {
  /** What the stream of these cookies may be served of a video; undefined refuses. Throws when that cannot be found out. */
  admits(cookies: string | undefined, video: string): Promise<Served | undefined>
  /** Bytes go to a stream. */
  serves(stream: string): void
}

type Verdict = { askedAt: number; served: Served | undefined }
type Question = { askedAt: number; answer: Promise<Served | undefined> }

/**
 * What this edge adds to CloudFront's check of signatures: it asks the school whether the stream that the cookies were made
 * for still runs. One question per stream and video is under way at a time, and its answer is believed for two seconds from
 * when it was asked.
 */
export const streamGuard = (world: Pick<World, 'tables' | 'clock' | 'identity' | 'log'>, ask: typeof servedTo = servedTo): Guard => {
  const verdicts = recent<Verdict>(MOST_REMEMBERED)
  const touches = recent<number>(MOST_REMEMBERED)
  /** At most one for each request that waits. */
  const underWay = new Map<string, Question>()
  // A clock that was set back makes everything remembered too old.
  const isWithin = (at: number, milliseconds: number): boolean => {
    const age = world.clock.now().getTime() - at
    return age >= 0 && age < milliseconds
  }
  const question = (stream: string, video: string): Question => {
    const key = `${stream}/${video}`
    const askedAt = world.clock.now().getTime()
    const answer = ask(world, stream, video)
      .then((served) => {
        verdicts.set(key, { askedAt, served })
        return served
      })
      .finally(() => underWay.delete(key))
    const asked = { askedAt, answer }
    underWay.set(key, asked)
    return asked
  }
  return {
    admits: async (cookies, video) => {
      const stream = streamIn(cookies)
      if (stream === undefined) return undefined
      const key = `${stream}/${video}`
      for (let slow = underWay.get(key); slow && !isWithin(slow.askedAt, SERVED_MS); slow = underWay.get(key)) {
        // What it finds may be old by now: whoever comes so late waits for it to end, and for the next one.
        await slow.answer.catch(() => undefined)
      }
      const known = verdicts.get(key)
      if (known && isWithin(known.askedAt, known.served ? SERVED_MS : REFUSED_MS)) return known.served
      return (underWay.get(key) ?? question(stream, video)).answer
    },
    serves: (stream) => {
      const touchedAt = touches.get(stream)
      if (touchedAt !== undefined && isWithin(touchedAt, TOUCHED_MS)) return
      touches.set(stream, world.clock.now().getTime())
      touchStream(world, stream).catch((error: unknown) => world.log.error('a stream could not be touched', error))
    },
  }
}
