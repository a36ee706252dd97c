/** Chance that can be had again: the same seed draws the same. */
export type Random = {
  /** 0 ≤ x < 1. */
  fraction(): number
  chance(probability: number): boolean
  /** Whole, 0 ≤ n < `end`. */
  below(end: number): number
  /** Whole, both ends among them. */
  between(least: number, most: number): number
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T
  /** One of its own for a part, so that a draw more in one part leaves the others as they were. */
  split(): Random
}

/** splitmix32: short, fast, and good enough to try orders of events. */
export const seeded = (seed: number): Random => {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0
  const word = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  const fraction = (): number => word() / 4294967296
  const below = (end: number): number => Math.floor(fraction() * end)
  return {
    fraction,
    below,
    chance: (probability) => fraction() < probability,
    between: (least, most) => least + below(most - least + 1),
    pick: (items) => {
      const found = items[below(items.length)]
      if (found === undefined) throw new RangeError('There is nothing to pick from.')
      return found
    },
    split: () => seeded(word()),
  }
}

/** FNV-1a over a history's lines: two histories with one hash are one history. */
export const hashOf = (lines: readonly string[]): string => {
  let hash = 0x811c9dc5
  for (const line of lines) for (let place = 0; place < line.length; place += 1) hash = Math.imul(hash ^ line.charCodeAt(place), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
