import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { hasCode } from '../error-code.ts'

const LOWEST = 19
/**
 * Of the session: a third of another's weight. Who wakes up is served before it, and films are still made where other programs keep
 * all cores busy.
 */
const SESSION = 5
/** The kernel takes ten changes a second, from everybody together. */
const AGAIN_MS = 110
const TRIES = 5

const waitHere = (milliseconds: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

/**
 * Puts this process behind all others. Linux may weigh sessions against each other, all alike, and niceness only within one
 * (sched(7), "The autogroup feature"): who leads a session of their own is as heavy as a whole school until the session is made light.
 */
export const giveWay = (): void => {
  setPriority(LOWEST)
  for (let tries = 1; tries <= TRIES; tries += 1) {
    try {
      writeFileSync('/proc/self/autogroup', String(SESSION))
      return
    } catch (error) {
      // No Linux, or one that groups nothing.
      if (!hasCode(error, 'EAGAIN')) return
      waitHere(AGAIN_MS)
    }
  }
}
