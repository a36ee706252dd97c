import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Change, Item, ListOptions, Page, Tables } from '#ports/tables.ts'
import { checkLimits } from '../commit-limits.ts'
import { type Listing, pageSize, pageToken, positionIn } from '../page-token.ts'
import type { Outbox } from './events.ts'
import type { ItemChange } from './school-deeds.ts'
import type { SchoolFile } from './school-file.ts'

export type Row = { pk: string; sk: string; body: string; version: number; ipk: string | null; isk: string | null }

export const item = (row: Row): Item => ({
  pk: row.pk,
  sk: row.sk,
  body: JSON.parse(row.body),
  version: row.version,
  ...(row.ipk === null || row.isk === null ? {} : { index: { ipk: row.ipk, isk: row.isk } }),
})

/** By table or by index: how a listing is partitioned and sorted. */
type Columns = { partition: 'pk'; sort: 'sk' } | { partition: 'ipk'; sort: 'isk' }

/** The statement of one kind of page: its parameters are the partition, the prefix twice, the position and the limit. */
const selectPage = ({ partition, sort }: Columns, has: { prefix: boolean; position: boolean; descending: boolean }): string => {
  const [order, beyond] = has.descending ? ['DESC', '<'] : ['ASC', '>']
  // Rows of an index that share their sort key are told apart by the item's own.
  const place = partition === 'ipk' ? ['isk', 'pk', 'sk'] : ['sk']
  // U+10FFFF sorts behind whatever a key goes on with, so both ends of the prefix are bounds of the index.
  const within = has.prefix ? `AND ${sort} >= ? AND ${sort} < ? || char(1114111)` : ''
  const after = has.position ? `AND (${place.join(', ')}) ${beyond} (${place.map(() => '?').join(', ')})` : ''
  return `SELECT * FROM items WHERE ${partition} = ? ${within} ${after} ORDER BY ${place.map((column) => `${column} ${order}`).join(', ')} LIMIT ?`
}

const pages = (database: DatabaseSync): ((columns: Columns, value: string, options: ListOptions) => Page<Item>) => {
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const placeOf = (listing: Listing, page: string): string[] => {
    const { isk, pk, sk } = positionIn(listing, page)
    return listing.of === 'ipk' ? [isk, pk, sk] : [sk]
  }
  return (columns, value, { prefix = '', limit, descending = false, page }) => {
    const listing = { of: columns.partition, value }
    const most = pageSize(limit)
    const position = page === undefined ? [] : placeOf(listing, page)
    const statement = prepared(selectPage(columns, { prefix: prefix !== '', position: position.length > 0, descending }))
    // A row of `items` has the columns its schema names.
    const rows = statement.all(value, ...(prefix ? [prefix, prefix] : []), ...position, most + 1) as Row[]
    const items = rows.slice(0, most).map(item)
    const last = items.at(-1)
    return rows.length > most && last ? { items, next: pageToken(listing, last) } : { items }
  }
}

/** As the thread that writes is told it. */
const itemChange = (change: Change): ItemChange => {
  const { key, expect } = change
  if (change.kind === 'put') return { key, expect, write: { body: JSON.stringify(change.body), index: change.index } }
  return change.kind === 'remove' ? { key, expect, write: 'remove' } : { key, expect }
}

const EVERY_PAGE_ITEMS = 500

/** Each item of the tables, by its key, a page at a time. */
export const everyItem = (database: DatabaseSync): Tables['every'] => {
  const first = database.prepare('SELECT * FROM items ORDER BY pk, sk LIMIT ?')
  const after = database.prepare('SELECT * FROM items WHERE (pk, sk) > (?, ?) ORDER BY pk, sk LIMIT ?')
  return async (page): Promise<Page<Item>> => {
    // Ours: `[pk, sk]`, as written below.
    const position = page === undefined ? undefined : (JSON.parse(page) as [string, string])
    // A row of `items` has the columns its schema names.
    const rows = (position ? after.all(...position, EVERY_PAGE_ITEMS + 1) : first.all(EVERY_PAGE_ITEMS + 1)) as Row[]
    const items = rows.slice(0, EVERY_PAGE_ITEMS).map(item)
    const last = items.at(-1)
    return rows.length > EVERY_PAGE_ITEMS && last ? { items, next: JSON.stringify([last.pk, last.sk]) } : { items }
  }
}

type Options = { file: SchoolFile; outbox: Outbox }

/** Items in SQLite under DynamoDB's shape and limits; the commit and its events are one transaction on the disk. */
export const tables = ({ file: { reader, write }, outbox }: Options): Tables => {
  const byKey = reader.prepare('SELECT * FROM items WHERE pk = ? AND sk = ?')
  const page = pages(reader)
  const every = everyItem(reader)
  return {
    every,
    async get(key) {
      const row = byKey.get(key.pk, key.sk) as Row | undefined
      return row && item(row)
    },
    list: async (pk, options = {}) => page({ partition: 'pk', sort: 'sk' }, pk, options),
    listIndex: async (ipk, options = {}) => page({ partition: 'ipk', sort: 'isk' }, ipk, options),
    async commit(changes, events = []) {
      checkLimits(changes, events)
      const tellings = outbox.tellings(events)
      const outcome = await write('commit', { changes: changes.map(itemChange), tellings })
      if (outcome === 'done') outbox.wake(tellings)
      return outcome
    },
  }
}
