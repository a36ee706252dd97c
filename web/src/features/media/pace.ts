const WINDOW_MS = 12_000

export type Pace = {
  /** Bytes a second over the last seconds; undefined before there is enough to tell. */
  bytesPerSecond?: number
  secondsLeft?: number
}

/** Speed over a sliding window, from times and totals told to it. */
export const pace = (sizeBytes: number): { note(atMs: number, sentBytes: number): void; now(): Pace; reset(): void } => {
  let samples: { atMs: number; sentBytes: number }[] = []
  return {
    note(atMs, sentBytes) {
      samples = [...samples.filter((sample) => sample.atMs > atMs - WINDOW_MS), { atMs, sentBytes }]
    },
    now() {
      const [first, last] = [samples[0], samples.at(-1)]
      if (!first || !last || last.atMs - first.atMs < 1000) return {}
      const bytesPerSecond = Math.max(0, ((last.sentBytes - first.sentBytes) * 1000) / (last.atMs - first.atMs))
      return bytesPerSecond > 0 ? { bytesPerSecond, secondsLeft: Math.max(0, (sizeBytes - last.sentBytes) / bytesPerSecond) } : { bytesPerSecond }
    },
    reset() {
      samples = []
    },
  }
}
