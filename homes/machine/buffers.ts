/** Fewer turns a segment: measured per 2 MB, 1 MiB costs a fifth less processor time than 256 KiB, and 2 MiB no less. */
const LARGE_BYTES = 1024 * 1024
const SMALL_BYTES = 128 * 1024
/** Together 32 MiB, however many viewers there are; whoever comes while all are out is sent to through a small one. */
const MOST_LARGE = 32
const MOST_SPARE_SMALL = 64

/** What has lain by unused for so long is given back: else the busiest moment there ever was would be kept for ever. */
export const IDLE_MS = 60_000

type Pool = { bytes: number; spare: Buffer[]; mostSpare: number; fewestSpare: number }

const large: Pool = { bytes: LARGE_BYTES, spare: [], mostSpare: MOST_LARGE, fewestSpare: 0 }
const small: Pool = { bytes: SMALL_BYTES, spare: [], mostSpare: MOST_SPARE_SMALL, fewestSpare: 0 }
let largeOut = 0

/** The last given back is lent first, so that those at the front are the ones nobody needed. */
const dropIdle = (pool: Pool): void => {
  pool.spare.splice(0, pool.fewestSpare)
  pool.fewestSpare = pool.spare.length
}

/** Gives back what nobody needed for {@link IDLE_MS}, as long as the program runs. */
export const dropIdleBuffers = (): void => void setInterval(() => [large, small].forEach(dropIdle), IDLE_MS).unref()

const withOne = async (pool: Pool, use: (buffer: Buffer) => Promise<void>): Promise<void> => {
  const buffer = pool.spare.pop() ?? Buffer.allocUnsafeSlow(pool.bytes)
  pool.fewestSpare = Math.min(pool.fewestSpare, pool.spare.length)
  await use(buffer)
  if (pool.spare.length < pool.mostSpare) pool.spare.push(buffer)
}

const withLarge = async (use: (buffer: Buffer) => Promise<void>): Promise<void> => {
  largeOut += 1
  try {
    await withOne(large, use)
  } finally {
    largeOut -= 1
  }
}

/**
 * Lends memory for `size` bytes to pass through, be it at once or in turns. It is used again, for a fresh buffer costs more
 * than what is read into it; but not after a failure, when it may still be on its way out.
 */
export const withBuffer = (size: number, use: (buffer: Buffer) => Promise<void>): Promise<void> =>
  size > SMALL_BYTES && largeOut < MOST_LARGE ? withLarge(use) : withOne(small, use)

/** Whoever takes a mebibyte in longer than this is lent no large buffer for the next turn: on such a line it saves nothing. */
const SLOW_MS = 1000

type Turns = { start: number; end: number; turn(buffer: Buffer, at: number): Promise<void> }

/** Lends memory for the bytes from `start` to `end`, both included, anew for each turn, so that who turns out to be slow gives a large buffer back. */
export const inTurns = async ({ start, end, turn }: Turns, now = (): number => performance.now()): Promise<void> => {
  let isSlow = false
  for (let at = start; at <= end; ) {
    const left = end - at + 1
    await withBuffer(isSlow ? Math.min(left, SMALL_BYTES) : left, async (buffer) => {
      const piece = buffer.subarray(0, left)
      const began = now()
      await turn(piece, at)
      isSlow = (now() - began) * LARGE_BYTES > SLOW_MS * piece.length
      at += piece.length
    })
  }
}
