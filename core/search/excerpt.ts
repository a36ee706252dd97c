import { folded, hasPhrase, holds, type Marked, type Match, matchesIn, type Query } from './words.ts'

const CHARACTERS_BEFORE = 60
const CHARACTERS = 220
const CHARACTERS_A_WORD = 30

/** To the beginning of a word where one is near; a script without spaces is cut where it stands. */
const cutBefore = (text: string, at: number): number => {
  const space = text.slice(at, at + CHARACTERS_A_WORD).search(/\s/)
  return at === 0 || space < 0 ? at : at + space + 1
}

const cutAfter = (text: string, at: number): number => {
  if (at >= text.length) return text.length
  const back = text.slice(at - CHARACTERS_A_WORD, at).search(/\s\S*$/)
  return back < 0 ? at : at - CHARACTERS_A_WORD + back
}

/** The match after which most of what is looked for follows within sight: different words count, and the whole phrase above all. */
const bestOf = (text: string, matches: readonly Match[], query: Query): Match | undefined => {
  const worth = ({ start }: Match): number => {
    const sight = folded(text.slice(start, start + CHARACTERS - CHARACTERS_BEFORE))
    const phrase = folded(text.slice(start, start + query.phrase.length + CHARACTERS_A_WORD))
    const begins = hasPhrase(phrase, query) ? query.needles.length : 0
    return query.needles.filter((needle) => sight.includes(needle)).length + begins
  }
  let best: { match: Match; worth: number } | undefined
  for (const match of matches) {
    const is = worth(match)
    if (!best || is > best.worth) best = { match, worth: is }
  }
  return best?.match
}

/** A piece of a text around what is looked for; undefined where not all of it is there. */
export const excerptOf = (text: string, query: Query): Marked | undefined => {
  if (!holds(folded(text), query)) return undefined
  const all = matchesIn(text, query)
  const best = bestOf(text, all, query)
  if (!best) return undefined
  const from = cutBefore(text, Math.max(0, best.start - CHARACTERS_BEFORE))
  const begin = Math.min(from, best.start)
  const end = Math.max(cutAfter(text, begin + CHARACTERS), Math.min(best.end, begin + CHARACTERS))
  const [before, after] = [begin > 0 ? '… ' : '', end < text.length ? ' …' : '']
  const matches = all
    .filter(({ start, end: until }) => start >= begin && until <= end)
    .map(({ start, end: until }) => ({ start: start - begin + before.length, end: until - begin + before.length }))
  return { text: `${before}${text.slice(begin, end)}${after}`, matches }
}
