/** One thing said, as the index keeps it: when, and the words without markup. */
export type Line = [startSeconds: number, text: string]
export type Match = { start: number; end: number }
export type Marked = { text: string; matches: Match[] }
export type Found = Marked & { startSeconds: number }

/** Accents of Latin, Greek and Cyrillic, and the points of Arabic and Hebrew. Marks that are letters of their own, as in Hindi, stay. */
const DIACRITICS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const LETTER = /[\p{L}\p{N}]/u

/**
 * A text as it is compared: É is e, the two sigmas are one, and so are signs of another width, and every kind of space. Names are folded
 * otherwise (`core/folded.ts`): those are stored so, and lose the vowels of Hindi.
 */
export const folded = (text: string): string => text.toLowerCase().normalize('NFKD').replaceAll(DIACRITICS, '').replaceAll('ς', 'σ').replaceAll(/\s/g, ' ')

const MOST_WORDS = 10
const QUOTED = /["“”„«»]([^"“”„«»]*)["“”„«»]/g
const NO_WORD = /[^\p{L}\p{N}\p{M}]+/u

/** What is looked for, folded. A needle is a word, or a phrase that stood between quotation marks; `phrase` is everything as it was typed. */
export type Query = { needles: readonly string[]; phrase: string }

const tidied = (text: string): string => text.trim().replaceAll(/ +/g, ' ')

export const queryOf = (typed: string): Query => {
  const plain = folded(typed)
  const phrases = [...plain.matchAll(QUOTED)].map(([, words = '']) => tidied(words)).filter((words) => LETTER.test(words))
  const words = plain.replaceAll(QUOTED, ' ').split(NO_WORD)
  const needles = [...new Set([...phrases, ...words])].filter((needle) => needle !== '').slice(0, MOST_WORDS)
  return { needles, phrase: tidied(plain.replaceAll(/["“”„«»]/g, ' ')) }
}

/** Where a needle begins in a folded text. It must begin where a word does, in scripts that set words apart; it need not end there. */
const placesOf = (text: string, needle: string, most = Number.POSITIVE_INFINITY): number[] => {
  const places: number[] = []
  for (let at = text.indexOf(needle); at >= 0 && places.length < most; at = text.indexOf(needle, at + 1)) {
    if (UNSPACED.test(needle) || at === 0 || !LETTER.test(text[at - 1] ?? '')) places.push(at)
  }
  return places
}

const has = (plain: string, needle: string): boolean => placesOf(plain, needle, 1).length > 0

/** Whether a folded text may hold them all: quick, and never wrong where it says no. */
export const mayHold = (plain: string, { needles }: Query): boolean => needles.every((needle) => plain.includes(needle))

export const holds = (plain: string, query: Query): boolean => mayHold(plain, query) && query.needles.every((needle) => has(plain, needle))

export const hasPhrase = (plain: string, { phrase }: Query): boolean => phrase !== '' && has(plain, phrase)

const LAST_ASCII = 0x7f

/** For each sign of the folded text the offset in the text itself, and one more for its end. */
const offsetsOf = (text: string): number[] => {
  const offsets: number[] = []
  let at = 0
  for (const sign of text) {
    const count = sign.charCodeAt(0) <= LAST_ASCII ? 1 : folded(sign).length
    for (let each = count; each > 0; each -= 1) offsets.push(at)
    at += sign.length
  }
  return [...offsets, text.length]
}

/** Where in the text a folded stretch ends: one that ends within a sign takes the whole of it. */
const endOf = (offsets: readonly number[], end: number): number => {
  let at = end
  while (at < offsets.length - 1 && offsets[at] === offsets[at - 1]) at += 1
  return offsets[at] ?? 0
}

const MOST_PLACES = 300

/** The stretches of a text that match, those that touch or overlap as one. */
export const matchesIn = (text: string, { needles }: Query): Match[] => {
  const [plain, offsets] = [folded(text), offsetsOf(text)]
  const all = needles.flatMap((needle) =>
    placesOf(plain, needle, MOST_PLACES).map((at) => ({ start: offsets[at] ?? 0, end: endOf(offsets, at + needle.length) })),
  )
  const merged: Match[] = []
  for (const match of all.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && match.start <= last.end) last.end = Math.max(last.end, match.end)
    else merged.push(match)
  }
  return merged
}

/** Where all of it is said: within a line, or across two that follow each other and hold it only together. */
export const findSpoken = (lines: readonly Line[], query: Query): Found[] => {
  const { needles } = query
  if (needles.length === 0) return []
  const plain = lines.map(([, text]) => folded(text))
  const said = plain.map((line) => needles.map((needle) => line.includes(needle) && has(line, needle)))
  const isWhole = (place: number): boolean => said[place]?.every(Boolean) ?? false
  const isAcross = (place: number, needle: string): boolean => needle.includes(' ') && has(`${plain[place]} ${plain[place + 1]}`, needle)
  const isWholeWithNext = (place: number): boolean =>
    !isWhole(place + 1) &&
    needles.every((needle, at) => said[place]?.[at] || said[place + 1]?.[at] || isAcross(place, needle)) &&
    needles.some((needle, at) => said[place]?.[at] || isAcross(place, needle))
  return lines.flatMap(([startSeconds, text], place) => {
    const next = lines[place + 1]?.[1]
    if (!isWhole(place) && (next === undefined || !isWholeWithNext(place))) return []
    const shown = isWhole(place) ? text : `${text} ${next}`
    return [{ startSeconds, text: shown, matches: matchesIn(shown, query) }]
  })
}
