/** Fewer turns a segment: measured per 2 MB, 1 MiB costs a fifth less processor time than 256 KiB, and 2 MiB no less. */
const LARGE_BYTES = 1024 * 1024
const SMALL_BYTES = 128 * 1024
/** Together 32 MiB, however many viewers there are; whoever comes while all are out is sent to through a small one. */
const MOST_LARGE = 32
const MOST_SPARE_SMALL = 64

const spareLarge: Buffer[] = []
const spareSmall: Buffer[] = []
let largeOut = 0

const withLarge = async (use: (buffer: Buffer) => Promise<void>): Promise<void> => {
  const buffer = spareLarge.pop() ?? Buffer.allocUnsafeSlow(LARGE_BYTES)
  largeOut += 1
  try {
    await use(buffer)
    spareLarge.push(buffer)
  } finally {
    largeOut -= 1
  }
}

const withSmall = async (use: (buffer: Buffer) => Promise<void>): Promise<void> => {
  const buffer = spareSmall.pop() ?? Buffer.allocUnsafeSlow(SMALL_BYTES)
  await use(buffer)
  if (spareSmall.length < MOST_SPARE_SMALL) spareSmall.push(buffer)
}

/**
 * Lends memory for `size` bytes to pass through, be it at once or in turns. It is used again, for a fresh buffer costs more
 * than what is read into it; but not after a failure, when it may still be on its way out.
 */
export const withBuffer = (size: number, use: (buffer: Buffer) => Promise<void>): Promise<void> =>
  size > SMALL_BYTES && largeOut < MOST_LARGE ? withLarge(use) : withSmall(use)

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
