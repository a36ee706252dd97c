import type { IncomingMessage, ServerResponse } from 'node:http'
import { flagViewer } from '#core/watching/flagging.ts'
import type { Served } from '#core/watching/streams.ts'
import type { World } from '#ports/world.ts'
import { streamGuard } from './guard.ts'
import { pacing, type Wait } from './pace.ts'
import { deny, putOff } from './refusing.ts'
import type { Plan } from './serve.ts'

/** Asked before bytes of an object are sent; whoever answers false has answered the viewer. */
export type Admits = (bytes: NonNullable<Plan['bytes']>, size: number) => Promise<boolean>

/** Lets a viewer at an object under `media/`, as far as its bytes go; undefined when the viewer has been refused. */
export type Admission = (request: IncomingMessage, response: ServerResponse, key: string) => Promise<Admits | undefined>

/** A piece of the picture. Sound, playlists, captions and stills are no film: they are not counted. */
const PICTURE = /^media\/[^/]+\/(?!audio\/)[^/]+\/\d+\.m4s$/
const FAULT_SECONDS = 1
/** Answers under way to one stream: a browser has six connections, and nobody needs three browsers to watch one film. */
const MOST_OPEN = 16
const FULL_SECONDS = 1

type Pieces = { served: Served; video: string; seconds: number }

const leaving = (response: ServerResponse): AbortSignal => {
  const gone = new AbortController()
  if (response.destroyed) gone.abort()
  else response.once('close', () => gone.abort())
  return gone.signal
}

/** Counts the answers under way to each stream; false when there are as many as there may be. */
const places = (): ((stream: string, response: ServerResponse) => boolean) => {
  const open = new Map<string, number>()
  return (stream, response) => {
    const taken = open.get(stream) ?? 0
    if (taken >= MOST_OPEN) return false
    open.set(stream, taken + 1)
    response.once('close', () => {
      const left = (open.get(stream) ?? 1) - 1
      if (left > 0) open.set(stream, left)
      else open.delete(stream)
    })
    return true
  }
}

/**
 * What the machine's edge asks beyond a good signature: that the stream still runs, and that its person loads at a speed at
 * which one can watch. `wait` is how a viewer is held up.
 */
export const admission = (world: Pick<World, 'tables' | 'clock' | 'ids' | 'identity' | 'log'>, { wait }: { wait?: Wait } = {}): Admission => {
  const guard = streamGuard(world)
  const flag = ({ person, stream, lesson }: Served): void => {
    if (person === undefined) return
    flagViewer(world, { person, stream, lesson }).catch((error: unknown) => world.log.error('a viewer could not be flagged', error))
  }
  const takesPlace = places()
  const pace = pacing({ clock: world.clock, flag, ...(wait && { wait }) })

  /** Fails closed: whoever cannot be asked about is put off. */
  const asked = async (request: IncomingMessage, response: ServerResponse, video: string): Promise<Served | undefined> => {
    try {
      const served = await guard.admits(request.headers.cookie, video)
      if (!served) deny(response)
      return served
    } catch (error) {
      world.log.error('a stream could not be asked about', error, { video })
      putOff(response, 'ServiceUnavailable', FAULT_SECONDS)
      return undefined
    }
  }

  /** Holds a request for pieces of the picture up as long as its person must wait for them. */
  const hasTurn = async (request: IncomingMessage, response: ServerResponse, { served, video, seconds }: Pieces): Promise<boolean> => {
    const turn = await pace(served, seconds, () => leaving(response))
    if (typeof turn === 'object') putOff(response, 'SlowDown', turn.retryAfterSeconds)
    // Much may have happened while it waited.
    return turn === 'go' || (turn === 'waited' && (await asked(request, response, video)) !== undefined)
  }

  return async (request, response, key) => {
    const [, video = ''] = key.split('/')
    const served = await asked(request, response, video)
    if (!served) return undefined
    return async ({ start, end }, size) => {
      // Who has left closes no more, and would keep the place.
      if (response.destroyed) return false
      if (!takesPlace(served.stream, response)) {
        putOff(response, 'SlowDown', FULL_SECONDS)
        return false
      }
      const seconds = ((end - start + 1) / size) * served.segmentSeconds
      if (PICTURE.test(key) && !(await hasTurn(request, response, { served, video, seconds }))) return false
      guard.serves(served.stream)
      return true
    }
  }
}
