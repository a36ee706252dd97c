/** Runs something in a while; answers how to call it off. */
export const later = (run: () => void, milliseconds: number): (() => void) => {
  const timer = setTimeout(run, milliseconds)
  return () => clearTimeout(timer)
}

/** Waits for something, but no longer than this. */
export const atMost = async (milliseconds: number, wanted: Promise<unknown>): Promise<void> => {
  let callOff = (): void => undefined
  const enough = new Promise<void>((resolve) => {
    callOff = later(resolve, milliseconds)
  })
  await Promise.race([wanted, enough]).finally(callOff)
}

/** Pauses that double with each try, up to the longest; scattered, so that those who failed together do not come back together. */
export const backOffMs = (tries: number, random: number, { firstMs, longestMs }: { firstMs: number; longestMs: number }): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(tries, 10)) * (0.5 + random / 2)
