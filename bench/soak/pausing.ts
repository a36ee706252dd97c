import { setTimeout as pause } from 'node:timers/promises'

/** Waiting that ends at once when all is over; whoever waits looks whether it is. */
export type Pausing = { seconds(count: number): Promise<void>; isOver(): boolean }

export const pausing = (signal: AbortSignal): Pausing => ({
  seconds: (count) => pause(Math.max(0, count) * 1000, undefined, { signal }).catch(() => undefined),
  isOver: () => signal.aborted,
})
