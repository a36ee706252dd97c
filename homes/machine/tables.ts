import type { DatabaseSync, StatementSync } from 'node:sqlite'
import * as z from 'zod/mini'
import { type Change, type Event, type Item, type ListOptions, type Page, TABLE_LIMITS, type Tables, TablesLimit } from '#ports/tables.ts'
import type { Outbox } from './events.ts'
import type { ItemChange } from './school-deeds.ts'
import type { SchoolFile } from './school-file.ts'

type Row = { pk: string; sk: string; body: string; version: number; ipk: string | null; isk: string | null }

const item = (row: Row): Item => ({
  pk: row.pk,
  sk: row.sk,
  body: JSON.parse(row.body),
  version: row.version,
  ...(row.ipk === null || row.isk === null ? {} : { index: { ipk: row.ipk, isk: row.isk } }),
})

const bytes = (text: string): number => Buffer.byteLength(text)

const checkKey = (parts: readonly string[]): void => {
  if (parts.some((part) => part === '' || bytes(part) > TABLE_LIMITS.keyBytes)) throw new TablesLimit('A key is empty or too long.')
}

/** DynamoDB weighs a whole item: its keys and its body. */
const sizeOf = (change: Change): number => {
  const keys = bytes(change.key.pk) + bytes(change.key.sk)
  if (change.kind !== 'put') return keys
  return keys + bytes(change.index?.ipk ?? '') + bytes(change.index?.isk ?? '') + bytes(JSON.stringify(change.body))
}

const checkLimits = (changes: readonly Change[], events: readonly Event[]): void => {
  if (changes.length + events.length > TABLE_LIMITS.commitEntries)
    throw new TablesLimit(`A commit holds at most ${TABLE_LIMITS.commitEntries} changes and events.`)
  const keys = new Set(changes.map(({ key }) => JSON.stringify([key.pk, key.sk])))
  if (keys.size < changes.length) throw new TablesLimit('A commit may change a key only once.')
  if (new Set(events.map(({ id }) => id)).size < events.length) throw new TablesLimit('A commit may tell an event only once.')
  for (const change of changes) {
    checkKey([change.key.pk, change.key.sk])
    if (change.kind === 'put' && change.index) checkKey([change.index.ipk, change.index.isk])
  }
  const sizes = [
    ...changes.map((change) => ({ what: change.key.sk, size: sizeOf(change) })),
    ...events.map((event) => ({ what: event.name, size: bytes(JSON.stringify(event)) })),
  ]
  const large = sizes.find(({ size }) => size > TABLE_LIMITS.itemBytes)
  if (large) throw new TablesLimit(`An item or event holds at most ${TABLE_LIMITS.itemBytes} bytes: ${large.what}`)
  if (sizes.reduce((sum, { size }) => sum + size, 0) > TABLE_LIMITS.commitBytes)
    throw new TablesLimit(`A commit holds at most ${TABLE_LIMITS.commitBytes} bytes.`)
}

/** By table or by index: how a listing is partitioned and sorted. */
type Columns = { partition: 'pk'; sort: 'sk' } | { partition: 'ipk'; sort: 'isk' }

const Position = z.tuple([z.enum(['pk', 'ipk']), z.string(), z.string(), z.string(), z.string()])

/** Where the page before ended; opaque to callers, and good only for the listing that gave it. */
const token = ({ partition }: Columns, value: string, row: Row): string =>
  Buffer.from(JSON.stringify([partition, value, row.isk ?? '', row.pk, row.sk])).toString('base64url')

const positionIn = ({ partition }: Columns, value: string, page: string): string[] => {
  const refused = new TablesLimit('That is no page token of this listing.')
  try {
    const [kind, of, isk, pk, sk] = Position.parse(JSON.parse(Buffer.from(page, 'base64url').toString()))
    if (kind === partition && of === value) return partition === 'ipk' ? [isk, pk, sk] : [sk]
  } catch {
    // Neither JSON nor a position: refused below like another listing's.
  }
  throw refused
}

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
  return (columns, value, { prefix = '', limit = 100, descending = false, page }) => {
    const most = Math.min(Math.max(limit, 1), TABLE_LIMITS.pageItems)
    const position = page === undefined ? [] : positionIn(columns, value, page)
    const statement = prepared(selectPage(columns, { prefix: prefix !== '', position: position.length > 0, descending }))
    // A row of `items` has the columns its schema names.
    const rows = statement.all(value, ...(prefix ? [prefix, prefix] : []), ...position, most + 1) as Row[]
    const shown = rows.slice(0, most)
    const last = shown.at(-1)
    return rows.length > most && last ? { items: shown.map(item), next: token(columns, value, last) } : { items: shown.map(item) }
  }
}

/** As the thread that writes is told it. */
const itemChange = (change: Change): ItemChange => {
  const { key, expect } = change
  if (change.kind === 'put') return { key, expect, write: { body: JSON.stringify(change.body), index: change.index } }
  return change.kind === 'remove' ? { key, expect, write: 'remove' } : { key, expect }
}

type Options = { file: SchoolFile; outbox: Outbox }

/** Items in SQLite under DynamoDB's shape and limits; the commit and its events are one transaction on the disk. */
export const tables = ({ file: { reader, write }, outbox }: Options): Tables => {
  const byKey = reader.prepare('SELECT * FROM items WHERE pk = ? AND sk = ?')
  const page = pages(reader)
  return {
    async get(key) {
      const row = byKey.get(key.pk, key.sk) as Row | undefined
      return row && item(row)
    },
    list: async (pk, options = {}) => page({ partition: 'pk', sort: 'sk' }, pk, options),
    listIndex: async (ipk, options = {}) => page({ partition: 'ipk', sort: 'isk' }, ipk, options),
    async commit(changes, events = []) {
      checkLimits(changes, events)
      const outcome = await write('commit', { changes: changes.map(itemChange), tellings: outbox.tellings(events) })
      if (outcome === 'done' && events.length > 0) outbox.wake()
      return outcome
    },
  }
}
