import { createHash } from 'node:crypto'

/**
 * In an order by chance that `seed` fixes. What comes first is forgotten: the same things give the same order however they stood before, so
 * that whoever knows the seed still learns nothing of how their teacher wrote them down.
 */
export const shuffled = <T>(items: readonly T[], seed: string, wordsOf: (item: T) => string): T[] =>
  items
    .map((item) => ({
      item,
      place: createHash('sha256')
        .update(`${seed}\0${wordsOf(item)}`)
        .digest('hex'),
    }))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ item }) => item)
