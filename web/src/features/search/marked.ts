import type { SearchHit } from '#contract/search.ts'

/** A hit's text in pieces, those that were looked for marked. */
export const marked = ({ text, matches }: Pick<SearchHit, 'text' | 'matches'>): { words: string; isMatch: boolean }[] => {
  let from = 0
  const pieces = matches.flatMap(({ start, end }) => {
    const before = { words: text.slice(from, start), isMatch: false }
    from = end
    return [before, { words: text.slice(start, end), isMatch: true }]
  })
  return [...pieces, { words: text.slice(from), isMatch: false }].filter(({ words }) => words !== '')
}
