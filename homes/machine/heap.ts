import { setFlagsFromString } from 'node:v8'

/** Of what lives on the heap, in percent. */
const GROWTH = 50

/**
 * Lets the heap grow by half before V8 looks through all of it. Left to itself it does so after a tenth of growth where little is made, and
 * counts what an upload passes through as well: beside one, everybody stood still for 15 to 30 ms each second. Were it to double, a busy
 * school would take most of half an hour to reach its size.
 */
export const roomyHeap = (): void => setFlagsFromString(`--heap-growing-percent=${GROWTH}`)
