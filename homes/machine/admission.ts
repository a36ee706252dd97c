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

const leaving = (response: ServerResponse): AbortSignal => {
  const gone = new AbortController()
  if (response.destroyed) gone.abort()
  else response.once('close', () => gone.abort())
  return gone.signal
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

  return async (request, response, key) => {
    const [, video = ''] = key.split('/')
    const served = await asked(request, response, video)
    if (!served) return undefined
    return async ({ start, end }, size) => {
      if (PICTURE.test(key)) {
        const share = (end - start + 1) / size
        const turn = await pace(served, share * served.segmentSeconds, () => leaving(response))
        if (turn === 'left') return false
        // Much may have happened while it waited.
        if (turn === 'waited' && !(await asked(request, response, video))) return false
        if (typeof turn === 'object') {
          putOff(response, 'SlowDown', turn.retryAfterSeconds)
          return false
        }
      }
      guard.serves(served.stream)
      return true
    }
  }
}
