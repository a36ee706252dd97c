/** One thing said, as the index keeps it: when, and the words without markup. */
export type Line = [startSeconds: number, text: string]
export type Found = { startSeconds: number; text: string; matches: { start: number; end: number }[] }

/** Accents of Latin, Greek and Cyrillic, and the points of Arabic and Hebrew. Marks that are letters of their own, as in Hindi, stay. */
const DIACRITICS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const LETTER = /[\p{L}\p{N}]/u

/** A text as it is compared: É is e, and the two sigmas are one. */
export const folded = (text: string): string => text.toLowerCase().normalize('NFD').replaceAll(DIACRITICS, '').replaceAll('ς', 'σ')

const MOST_WORDS = 10

export const wordsOf = (query: string): string[] => [...new Set(folded(query).split(/[^\p{L}\p{N}\p{M}]+/u))].filter((word) => word !== '').slice(0, MOST_WORDS)

/** Where a word begins in a folded text. It must begin where a word does, in scripts that set words apart; it need not end there. */
const placesOf = (text: string, word: string): number[] => {
  const places: number[] = []
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (UNSPACED.test(word) || at === 0 || !LETTER.test(text[at - 1] ?? '')) places.push(at)
  }
  return places
}

const has = (text: string, word: string): boolean => placesOf(text, word).length > 0

/** For each sign of the folded text the offset in the text itself, and one more for its end. */
const offsetsOf = (text: string): number[] => {
  const offsets: number[] = []
  let at = 0
  for (const sign of text) {
    for (let count = folded(sign).length; count > 0; count -= 1) offsets.push(at)
    at += sign.length
  }
  return [...offsets, text.length]
}

/** The stretches of a text that match, those that touch or overlap as one. */
const matchesIn = (text: string, words: readonly string[]): Found['matches'] => {
  const [plain, offsets] = [folded(text), offsetsOf(text)]
  const all = words.flatMap((word) => placesOf(plain, word).map((at) => ({ start: offsets[at] ?? 0, end: offsets[at + word.length] ?? text.length })))
  const merged: Found['matches'] = []
  for (const match of all.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && match.start <= last.end) last.end = Math.max(last.end, match.end)
    else merged.push(match)
  }
  return merged
}

/** Where all the words are said: within a line, or across two that follow each other and hold them only together. */
export const findSpoken = (lines: readonly Line[], words: readonly string[]): Found[] => {
  if (words.length === 0) return []
  const said = lines.map(([, text]) => {
    const plain = folded(text)
    return words.map((word) => plain.includes(word) && has(plain, word))
  })
  const isWhole = (place: number): boolean => said[place]?.every(Boolean) ?? false
  const isWholeWithNext = (place: number): boolean =>
    !isWhole(place + 1) && words.every((_, word) => said[place]?.[word] || said[place + 1]?.[word]) && (said[place]?.some(Boolean) ?? false)
  return lines.flatMap(([startSeconds, text], place) => {
    const next = lines[place + 1]?.[1]
    if (!isWhole(place) && (next === undefined || !isWholeWithNext(place))) return []
    const shown = isWhole(place) ? text : `${text} ${next}`
    return [{ startSeconds, text: shown, matches: matchesIn(shown, words) }]
  })
}
