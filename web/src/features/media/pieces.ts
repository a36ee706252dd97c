/** `seconds`: where it begins. */
type Piece = { seconds: number; state: 'waiting' | 'making' | 'made' }

/** A stretch of a video on the strip: one piece, or several where there are too many to be told apart. */
export type Cell = { startSeconds: number; endSeconds: number; state: Piece['state'] }

const stateOf = (pieces: readonly Piece[]): Piece['state'] => {
  if (pieces.every(({ state }) => state === 'made')) return 'made'
  return pieces.some(({ state }) => state !== 'waiting') ? 'making' : 'waiting'
}

/** The pieces of a video in at most `most` cells of about the same length. */
export const cellsOf = (pieces: readonly Piece[], { most, durationSeconds }: { most: number; durationSeconds: number }): Cell[] => {
  const size = Math.max(1, Math.ceil(pieces.length / most))
  const groups = Array.from({ length: Math.ceil(pieces.length / size) }, (_, index) => pieces.slice(index * size, (index + 1) * size))
  return groups.flatMap((group, place) => {
    const [first] = group
    return first ? [{ startSeconds: first.seconds, endSeconds: groups[place + 1]?.[0]?.seconds ?? durationSeconds, state: stateOf(group) }] : []
  })
}
