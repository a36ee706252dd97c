/** A piece of a text: as it is, a moment of the video, or somebody’s name. */
export type Piece = { kind: 'text'; text: string } | { kind: 'moment'; text: string; seconds: number } | { kind: 'person'; text: string }

const MOMENT = /(?<![\d:.])(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?![\d:])/gu

const secondsOf = ([, hours, minutes, seconds]: RegExpMatchArray): number | undefined => {
  const [h, m, s] = [Number(hours ?? 0), Number(minutes), Number(seconds)]
  return s > 59 || (hours !== undefined && m > 59) ? undefined : h * 3600 + m * 60 + s
}

type Found = { start: number; piece: Exclude<Piece, { kind: 'text' }> }

const momentsIn = (text: string, durationSeconds: number): Found[] =>
  [...text.matchAll(MOMENT)].flatMap((match) => {
    const seconds = secondsOf(match)
    return seconds === undefined || seconds > durationSeconds ? [] : [{ start: match.index, piece: { kind: 'moment', text: match[0], seconds } as const }]
  })

const namesIn = (text: string, names: readonly string[]): Found[] =>
  // The longest first: “Ann Lee” is not “Ann”.
  [...names]
    .sort((one, other) => other.length - one.length)
    .flatMap((name) => {
      const found: Found[] = []
      for (let start = text.indexOf(`@${name}`); start >= 0; start = text.indexOf(`@${name}`, start + 1)) {
        found.push({ start, piece: { kind: 'person', text: `@${name}` } })
      }
      return found
    })

/** Takes a text apart where it names a moment of the video (none past its end) or somebody who is mentioned. */
export const piecesOf = (text: string, { names, durationSeconds }: { names: readonly string[]; durationSeconds: number | undefined }): Piece[] => {
  const found = [...namesIn(text, names), ...(durationSeconds === undefined ? [] : momentsIn(text, durationSeconds))]
  const inOrder = found.toSorted((one, other) => one.start - other.start || other.piece.text.length - one.piece.text.length)
  const pieces: Piece[] = []
  let end = 0
  for (const { start, piece } of inOrder) {
    if (start < end) continue
    if (start > end) pieces.push({ kind: 'text', text: text.slice(end, start) })
    pieces.push(piece)
    end = start + piece.text.length
  }
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) })
  return pieces
}
