import type { Piece } from './pieces.ts'

/** Adds up how far the pieces of a job are. Says a whole percentage when it has grown and a second has passed since the last. */
export const progress = (pieces: Piece[], done: Iterable<string>, from: number, say: (percent: number) => void) => {
  const total = pieces.reduce((sum, piece) => sum + piece.weight, 0)
  const shares = new Map(pieces.map((piece) => [piece.name, 0]))
  for (const name of done) shares.set(name, 1)
  let said = from
  let saidAt = Number.NEGATIVE_INFINITY
  return (piece: Piece, share: number): void => {
    shares.set(piece.name, Math.max(shares.get(piece.name) ?? 0, Math.min(1, share)))
    const made = pieces.reduce((sum, one) => sum + one.weight * (shares.get(one.name) ?? 0), 0)
    const percent = Math.min(98, Math.floor(1 + (97 * made) / total))
    if (percent <= said || performance.now() - saidAt < 1000) return
    said = percent
    saidAt = performance.now()
    say(percent)
  }
}
