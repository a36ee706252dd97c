/** Milliseconds after which a read may have waited for a disk, and after which it has waited for something. */
const DOUBTFUL_MS = 5
const CERTAIN_MS = 25
const WARY_MS = 2000

export type DiskWatch = {
  /** Whether a read that cannot be answered from memory would keep everybody else waiting. */
  isSlow(): boolean
  /** Tells how long a read took. */
  took(milliseconds: number): void
}

/**
 * Notices when files come from a disk instead of from memory, by a read that takes long: the next ones are better left to
 * threads. A processor that is busy with others makes a read long too, so the count of blocks read so far (`getrusage`'s)
 * has to have grown; file systems that have none are known by a very long one.
 */
export const diskWatch = ({ now, blocksRead }: { now(): number; blocksRead(): number }): DiskWatch => {
  let [waryUntil, known] = [Number.NEGATIVE_INFINITY, blocksRead()]
  return {
    isSlow: () => now() < waryUntil,
    took(milliseconds) {
      if (milliseconds < DOUBTFUL_MS) return
      const before = known
      known = blocksRead()
      if (known > before || milliseconds >= CERTAIN_MS) waryUntil = now() + WARY_MS
    },
  }
}
