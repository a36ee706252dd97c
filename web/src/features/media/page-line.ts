import { idToken } from '../../lib/tokens.ts'
import { hashOf } from './hash.ts'
import { lanes } from './lanes.ts'
import { ownKeys } from './own-keys.ts'
import { ownUrl } from './own-url.ts'
import type { Wait } from './persistence.ts'
import { sendPart } from './send-part.ts'
import type { Line } from './upload-world.ts'

/** A browser opens six connections to one host; two are left for the page itself. */
const LANES = 4

/** Also ends when the connection comes back: nobody should wait half a minute on a line that works again. */
const wait: Wait = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      window.removeEventListener('online', end)
      signal.removeEventListener('abort', end)
      if (signal.aborted) reject(signal.reason)
      else resolve()
    }
    const timer = setTimeout(end, milliseconds)
    window.addEventListener('online', end)
    signal.addEventListener('abort', end)
  })

const keysAt = ownKeys({ idToken, fetch: (input, init) => fetch(input, init), now: () => new Date() })

const signOwn: Line['signOwn'] = async (place, parts) => {
  const keys = await keysAt(place)
  return Promise.all(parts.map((part) => ownUrl(part, { place, keys, now: new Date() })))
}

/** The one way out of this page: all videos and files share its lanes. */
export const pageLine: Line = { send: sendPart, hash: hashOf, signOwn, lanes: lanes(LANES), wait, random: Math.random }
