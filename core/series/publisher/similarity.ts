/** Numbers in a fingerprint. With so many, an estimate is off by 0.06 in the mean. */
const MINIMA = 64
const WORDS_A_SHINGLE = 5

/** Scripts that put no spaces between words: there a character counts as a word. */
const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`
const WORD = new RegExp(String.raw`[${UNSPACED}]|(?:(?![${UNSPACED}])[\p{L}\p{N}\p{M}])+`, 'gu')

/** Words as they are compared: neither case, nor marks, nor Markdown's signs count. */
export const wordsOf = (text: string): string[] => text.normalize('NFKC').toLowerCase().match(WORD) ?? []

/** FNV-1a over UTF-16 units, 32 bits. */
const hashed = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash
}

/** The finaliser of MurmurHash3, which lets every bit of a number change all of them: one hash becomes as many as there are seeds. */
const mixed = (hash: number, seed: number): number => {
  let mix = hash ^ Math.imul(seed + 1, 0x9e3779b1)
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b)
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35)
  return (mix ^ (mix >>> 16)) >>> 0
}

const shinglesOf = (words: readonly string[]): Set<string> => {
  const last = Math.max(0, words.length - WORDS_A_SHINGLE)
  return new Set(words.length === 0 ? [] : Array.from({ length: last + 1 }, (_, at) => words.slice(at, at + WORDS_A_SHINGLE).join(' ')))
}

/**
 * A text in 64 integers of 32 bits: the least hashes of its runs of five words (MinHash; Broder, 1997). It is kept, so that whoever changes
 * how it is made makes all of them anew. Empty for a text without words.
 */
export const fingerprint = (text: string): number[] => {
  const minima = new Array<number>(MINIMA).fill(0xffffffff)
  const shingles = shinglesOf(wordsOf(text))
  if (shingles.size === 0) return []
  for (const shingle of shingles) {
    const hash = hashed(shingle)
    for (let seed = 0; seed < MINIMA; seed += 1) minima[seed] = Math.min(minima[seed] ?? 0, mixed(hash, seed))
  }
  return minima
}

/** How much of two texts is the same, 0 … 1, by their fingerprints: the share of their runs of words that both have. */
export const similarity = (one: readonly number[], other: readonly number[]): number => {
  if (one.length !== MINIMA || other.length !== MINIMA) return 0
  return one.filter((minimum, at) => minimum === other[at]).length / MINIMA
}
