import { folded } from '#core/folded.ts'

const MOST_WORDS = 12

/** By the beginnings of which somebody is found: the words of their name, and their address, which is one word. */
export const wordsOf = ({ name, email }: { name: string; email: string }): string[] => {
  const words = folded(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  return [...new Set([...words.slice(0, MOST_WORDS), folded(email)])]
}

/** What is looked for; an address stays whole. */
export const wordsIn = (search: string): string[] =>
  folded(search)
    .split(/[^\p{L}\p{N}@._+-]+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)

export const isFoundBy = (person: { name: string; email: string }, words: readonly string[]): boolean => {
  const own = wordsOf(person)
  return words.every((word) => own.some((each) => each.startsWith(word)))
}
