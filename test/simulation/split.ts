import type { Tables } from '#ports/tables.ts'

/** A commit is two: others may come between, and a crash may leave the first alone. */
export const splitInTwo = (tables: Tables): Tables => ({
  ...tables,
  commit: async (changes, events = []) => {
    const half = Math.ceil(changes.length / 2)
    if ((await tables.commit(changes.slice(0, half))) === 'conflict') return 'conflict'
    return tables.commit(changes.slice(half), events)
  },
})
