import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Change, Expectation, Item, Key, ListOptions, Page, Tables } from '#ports/tables.ts'
import { checkLimits } from '../commit-limits.ts'
import { type Listing, pageSize, pageToken, positionIn } from '../page-token.ts'
import { gathered } from './database.ts'
import type { Outbox } from './events.ts'

export const TABLES_SCHEMA = `
CREATE TABLE IF NOT EXISTS items (pk TEXT NOT NULL, sk TEXT NOT NULL, body TEXT NOT NULL, version INTEGER NOT NULL, ipk TEXT, isk TEXT, PRIMARY KEY (pk, sk)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS items_index ON items (ipk, isk, pk, sk) WHERE ipk IS NOT NULL;
`

type Row = { pk: string; sk: string; body: string; version: number; ipk: string | null; isk: string | null }

const item = (row: Row): Item => ({
  pk: row.pk,
  sk: row.sk,
  body: JSON.parse(row.body),
  version: row.version,
  ...(row.ipk === null || row.isk === null ? {} : { index: { ipk: row.ipk, isk: row.isk } }),
})

const holds = (expected: Expectation, version: number | undefined): boolean => {
  if (expected === 'absent') return version === undefined
  if (expected === 'present') return version !== undefined
  return version === expected.version
}

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

/** Long enough for an operator's tool, and shorter than a payment provider waits for its webhook to be taken. */
const PATIENCE_MS = 5000

type Options = { database: DatabaseSync; outbox: Outbox; patienceMs?: number }

/** Items in SQLite under DynamoDB's shape and limits; the commit and its events are one transaction on the disk. */
export const tables = ({ database, outbox, patienceMs = PATIENCE_MS }: Options): Tables => {
  // A lock is waited for by `patiently`, so that nobody else stands still meanwhile.
  database.exec('PRAGMA busy_timeout = 0')
  const byKey = database.prepare('SELECT * FROM items WHERE pk = ? AND sk = ?')
  const versionOf = database.prepare('SELECT version FROM items WHERE pk = ? AND sk = ?')
  const put = database.prepare(
    'INSERT INTO items (pk, sk, body, version, ipk, isk) VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT (pk, sk) DO UPDATE SET body = excluded.body, version = version + 1, ipk = excluded.ipk, isk = excluded.isk',
  )
  const remove = database.prepare('DELETE FROM items WHERE pk = ? AND sk = ?')
  const find = (key: Key): number | undefined => (versionOf.get(key.pk, key.sk) as { version: number } | undefined)?.version

  const page = pages(database)
  const inTurn = gathered(database, patienceMs)

  const holdsNow = ({ key, expect }: Change): boolean => expect === undefined || holds(expect, find(key))
  const write = (change: Change): void => {
    const { pk, sk } = change.key
    if (change.kind === 'put') put.run(pk, sk, JSON.stringify(change.body), change.index?.ipk ?? null, change.index?.isk ?? null)
    if (change.kind === 'remove') remove.run(pk, sk)
  }

  return {
    async get(key) {
      const row = byKey.get(key.pk, key.sk) as Row | undefined
      return row && item(row)
    },
    list: async (pk, options = {}) => page({ partition: 'pk', sort: 'sk' }, pk, options),
    listIndex: async (ipk, options = {}) => page({ partition: 'ipk', sort: 'isk' }, ipk, options),
    async commit(changes, events = []) {
      checkLimits(changes, events)
      const outcome = await inTurn(() => {
        if (!changes.every(holdsNow)) return 'conflict'
        for (const change of changes) write(change)
        outbox.append(events)
        return 'done'
      })
      if (outcome === 'done' && events.length > 0) outbox.wake()
      return outcome
    },
  }
}
