import type { Tables } from '#ports/tables.ts'

/** Tables of which one partition of the index stands still, as one that follows its table may for a moment; all else is there at once. */
export const standingIndex = async (tables: Tables, ipk: string): Promise<Tables> => {
  const before = await tables.listIndex(ipk, { descending: true, limit: 1000 })
  return { ...tables, listIndex: async (asked, options) => (asked === ipk ? before : tables.listIndex(asked, options)) }
}
