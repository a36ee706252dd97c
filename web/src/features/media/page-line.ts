import { hashOf } from './hash.ts'
import { lanes } from './lanes.ts'
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

/** The one way out of this page: all videos and files share its lanes. */
export const pageLine: Line = { send: sendPart, hash: hashOf, lanes: lanes(LANES), wait, random: Math.random }
