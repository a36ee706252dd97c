import type { Item, Tables } from '#ports/tables.ts'

/** Tables whose index does not list yet what `isLate`, as one that follows its table may for a moment; everything else is there at once. */
export const lateIndex = (tables: Tables, isLate: (item: Item) => boolean): Tables => ({
  ...tables,
  async listIndex(ipk, options) {
    const page = await tables.listIndex(ipk, options)
    return { ...page, items: page.items.filter((item) => !isLate(item)) }
  },
})
