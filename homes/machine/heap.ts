import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Of what lives on the heap, in percent. */
const GROWTH = 50

/**
 * Lets the heap grow by half before V8 looks through all of it. Left to itself it does so after a tenth of growth where little is made, and
 * counts what an upload passes through as well: beside one, everybody stood still for 15 to 30 ms each second. Were it to double, a busy
 * school would take most of half an hour to reach its size.
 */
export const roomyHeap = (): void => setFlagsFromString(`--heap-growing-percent=${GROWTH}`)

/** Collects this thread's garbage, all of it. */
export const collector = (): (() => void) => {
  setFlagsFromString('--expose-gc')
  // The flag puts it into contexts that are made from then on.
  const collect = runInNewContext('gc') as () => void
  return () => collect()
}

export const TIDY_MS = 5 * 60_000

/**
 * Has this thread's garbage collected every five minutes. V8 looks through a small heap only once it has grown by some 8 MiB, however
 * little lives in it: a thread that makes little would be half an hour at that, and look like a leak. It stands still for some
 * milliseconds meanwhile; so this is for threads that nobody's request waits in for long.
 */
export const tidyHeap = (): void => void setInterval(collector(), TIDY_MS).unref()
