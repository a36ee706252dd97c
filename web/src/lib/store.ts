/** What a page keeps by name, for as long as its browser lets it. */
export type Store = {
  get(key: string): string | undefined
  set(key: string, value: string): void
  remove(key: string): void
  keys(): string[]
}

/**
 * A browser may have no store, refuse it or have it full: then the page remembers by itself for as long as it is open.
 * `storage` is asked each time, since to look at one that is refused throws already.
 */
export const storeIn = (storage: () => Storage): Store => {
  // A value that found no place outside; undefined where one could not even be taken away there.
  const memory = new Map<string, string | undefined>()
  const attempt = <T>(act: (of: Storage) => T): { result: T } | undefined => {
    try {
      return { result: act(storage()) }
    } catch {
      return undefined
    }
  }
  return {
    get: (key) => (memory.has(key) ? memory.get(key) : (attempt((of) => of.getItem(key))?.result ?? undefined)),
    set(key, value) {
      if (attempt((of) => of.setItem(key, value))) memory.delete(key)
      else memory.set(key, value)
    },
    remove(key) {
      if (attempt((of) => of.removeItem(key))) memory.delete(key)
      else memory.set(key, undefined)
    },
    keys() {
      const outside = attempt((of) => Object.keys(of))?.result ?? []
      return [...new Set([...outside, ...memory.keys()])].filter((key) => !memory.has(key) || memory.get(key) !== undefined)
    },
  }
}

export const store = storeIn(() => window.localStorage)

/** What begins so is somebody's own, and goes when they sign out. */
export const MINE = 'lectern.mine.'

export const forgetMine = (of: Store = store): void => {
  for (const key of of.keys()) if (key.startsWith(MINE)) of.remove(key)
}
