/** `isBehind`: the listing had it otherwise. */
export type Overlaid<T> = { values: T[]; isBehind: boolean }

/** The one that was read by its key, `undefined` where it is none of the listing's any more, and what the listing is sorted by. */
type Known<T> = { id: string; now: T | undefined; sortKey(value: T): string }

/**
 * A listing, last first, with one of its values as it is stored now. A store's index may follow its table by a moment: whoever hears of a
 * change and lists at once may be told of what was before. What the listing is sorted by sorts as text of ASCII does.
 */
export const overlaid = <T extends { id: string }>(listed: readonly T[], { id, now, sortKey }: Known<T>): Overlaid<T> => {
  const before = listed.find((value) => value.id === id)
  // Both were parsed by one schema, which fixes the order of their fields.
  if (JSON.stringify(before) === JSON.stringify(now)) return { values: [...listed], isBehind: false }
  const others = listed.filter((value) => value.id !== id)
  const values = now === undefined ? others : [...others, now].toSorted((one, other) => (sortKey(one) < sortKey(other) ? 1 : -1))
  return { values, isBehind: true }
}
