export type Recent<T> = {
  /** Looking something up is using it. */
  get(key: string): T | undefined
  set(key: string, value: T): void
  forget(key: string): T | undefined
}

/**
 * Remembers so much and no more: what was used least lately goes first. `sizeOf` says what each counts for, one unless told
 * otherwise; it must answer the same for a value for as long as that is kept.
 */
export const recent = <T>(most: number, sizeOf: (value: T) => number = () => 1): Recent<T> => {
  // A Map keeps the order of insertion: what was used last goes to the end.
  const kept = new Map<string, { value: T }>()
  let size = 0
  const forget = (key: string): T | undefined => {
    const entry = kept.get(key)
    if (!entry) return undefined
    kept.delete(key)
    size -= sizeOf(entry.value)
    return entry.value
  }
  return {
    forget,
    get(key) {
      const entry = kept.get(key)
      if (!entry) return undefined
      kept.delete(key)
      kept.set(key, entry)
      return entry.value
    },
    set(key, value) {
      forget(key)
      kept.set(key, { value })
      size += sizeOf(value)
      for (const oldest of kept.keys()) {
        if (size <= most) break
        forget(oldest)
      }
    },
  }
}
