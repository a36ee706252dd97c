/** One thing said, as the index keeps it: when, and the words without markup. */
export type Line = [startSeconds: number, text: string]
export type Match = { start: number; end: number }
export type Marked = { text: string; matches: Match[] }
export type Found = Marked & { startSeconds: number }

/** Accents of Latin, Greek and Cyrillic, and the points of Arabic and Hebrew. Marks that are letters of their own, as in Hindi, stay. */
const DIACRITICS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const BEYOND_ASCII = /[^ -~\t\r\n]/
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

/** For each sign of the folded text the offset in the text itself, and one more for its end. */
const offsetsOf = (text: string): number[] => {
  const offsets: number[] = []
  let at = 0
  for (const sign of text) {
    const count = BEYOND_ASCII.test(sign) ? folded(sign).length : 1
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

/** Where all of it is said: within a line, or across it and the next, which hold it only together. */
export type Spot = { line: number; isAcross: boolean }

/** Of folded lines; none is looked at twice for what does not occur in it. */
export const spotsIn = (plain: readonly string[], { needles }: Query): Spot[] => {
  if (needles.length === 0) return []
  const said = (line: number, needle: string): boolean => {
    const text = plain[line] ?? ''
    return text.includes(needle) && has(text, needle)
  }
  const isWhole = (line: number): boolean => needles.every((needle) => said(line, needle))
  const isOver = (line: number, needle: string): boolean => needle.includes(' ') && has(`${plain[line]} ${plain[line + 1]}`, needle)
  const isAcross = (line: number): boolean =>
    line + 1 < plain.length &&
    needles.some((needle) => said(line, needle) || isOver(line, needle)) &&
    needles.every((needle) => said(line, needle) || said(line + 1, needle) || isOver(line, needle)) &&
    !isWhole(line + 1)
  return plain.flatMap((_, line): Spot[] => {
    if (isWhole(line)) return [{ line, isAcross: false }]
    return needles.length > 1 || needles[0]?.includes(' ') ? (isAcross(line) ? [{ line, isAcross: true }] : []) : []
  })
}

/** What is said there, as it is shown. */
export const foundAt = (lines: readonly Line[], { line, isAcross }: Spot, query: Query): Found => {
  const [startSeconds, text] = lines[line] ?? [0, '']
  const shown = isAcross ? `${text} ${lines[line + 1]?.[1] ?? ''}` : text
  return { startSeconds, text: shown, matches: matchesIn(shown, query) }
}
