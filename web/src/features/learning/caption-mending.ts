type Mending = {
  /** Asks for fresh cookies; throws what the school answered. */
  renew(): Promise<unknown>
  /** Loads the captions of a language once more. */
  again(language: string): void
}

/**
 * A `<track>` tries once. Whoever turns captions on after a long pause comes with cookies that have run out, so fresh ones
 * are asked for and the track is loaded again: once, until one has loaded. Whatever else is wrong stays as it is.
 */
export const captionMending = ({ renew, again }: Mending) => {
  const tried = new Set<string>()
  return {
    loaded: (language: string): void => {
      tried.delete(language)
    },
    failed: async (language: string): Promise<void> => {
      if (tried.has(language)) return
      tried.add(language)
      try {
        await renew()
        again(language)
      } catch {
        // The picture meets the same answer and says so.
        tried.delete(language)
      }
    },
  }
}
