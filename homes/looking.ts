import type { Clock } from '#ports/clock.ts'

/** Calls `look` again once so long has passed since the last time, only while somebody asks; who asks during a look waits for it. */
export const lookingEvery = (everyMs: number, { clock, look }: { clock: Clock; look(): Promise<void> }): (() => Promise<void>) => {
  let lookedAt = clock.now().getTime()
  let looking: Promise<void> | undefined
  return async () => {
    const now = clock.now().getTime()
    // A clock that was set back counts like one that has gone on.
    if (!looking && Math.abs(now - lookedAt) >= everyMs) {
      lookedAt = now
      looking = look().finally(() => {
        looking = undefined
      })
    }
    await looking
  }
}
