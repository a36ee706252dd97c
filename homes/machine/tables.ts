import type { DatabaseSync } from 'node:sqlite'
import { type Change, type Event, type Expectation, type Item, type Key, type ListOptions, type Page, TABLE_LIMITS, type Tables, TablesLimit } from '#ports/tables.ts'
import { transaction } from './database.ts'
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

const bytes = (text: string): number => Buffer.byteLength(text)

const checkLimits = (changes: readonly Change[], events: readonly Event[]): void => {
  if (changes.length + events.length > TABLE_LIMITS.commitEntries) throw new TablesLimit(`A commit holds at most ${TABLE_LIMITS.commitEntries} changes and events.`)
  const keys = new Set(changes.map(({ key }) => JSON.stringify([key.pk, key.sk])))
  if (keys.size < changes.length) throw new TablesLimit('A commit may change a key only once.')
  for (const { key } of changes) {
    if (!key.pk || !key.sk || bytes(key.pk) > TABLE_LIMITS.keyBytes || bytes(key.sk) > TABLE_LIMITS.keyBytes) throw new TablesLimit('A key is empty or too long.')
  }
  for (const change of changes) {
    if (change.kind === 'put' && bytes(JSON.stringify(change.body)) > TABLE_LIMITS.itemBytes) throw new TablesLimit(`An item holds at most ${TABLE_LIMITS.itemBytes} bytes: ${change.key.sk}`)
  }
  for (const { name, payload } of events) if (bytes(JSON.stringify(payload)) > TABLE_LIMITS.itemBytes) throw new TablesLimit(`An event holds at most ${TABLE_LIMITS.itemBytes} bytes: ${name}`)
}

const holds = (expected: Expectation | undefined, version: number | undefined): boolean => {
  if (expected === undefined) return true
  if (expected === 'absent') return version === undefined
  if (expected === 'present') return version !== undefined
  return version === expected.version
}

/** Where the page before ended; opaque to callers, and refused when it is not ours. */
const token = (row: Row): string => Buffer.from(JSON.stringify([row.isk ?? '', row.pk, row.sk])).toString('base64url')
const position = (page: string): [string, string, string] => {
  const parsed: unknown = JSON.parse(Buffer.from(page, 'base64url').toString())
  if (!Array.isArray(parsed) || parsed.length !== 3 || !parsed.every((part) => typeof part === 'string')) throw new TablesLimit('That is no page token.')
  // Checked on the line before.
  return parsed as [string, string, string]
}

/** Items in SQLite under DynamoDB's shape and limits; the commit and its events are one transaction on the disk. */
export const tables = ({ database, outbox }: { database: DatabaseSync; outbox: Outbox }): Tables => {
  const byKey = database.prepare('SELECT * FROM items WHERE pk = ? AND sk = ?')
  const versionOf = database.prepare('SELECT version FROM items WHERE pk = ? AND sk = ?')
  const put = database.prepare(
    'INSERT INTO items (pk, sk, body, version, ipk, isk) VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT (pk, sk) DO UPDATE SET body = excluded.body, version = version + 1, ipk = excluded.ipk, isk = excluded.isk',
  )
  const remove = database.prepare('DELETE FROM items WHERE pk = ? AND sk = ?')
  const find = (key: Key): number | undefined => (versionOf.get(key.pk, key.sk) as { version: number } | undefined)?.version

  const page = (columns: { partition: 'pk' | 'ipk'; sort: 'sk' | 'isk' }, value: string, options: ListOptions): Page<Item> => {
    const { partition, sort } = columns
    const limit = Math.min(Math.max(options.limit ?? 100, 1), TABLE_LIMITS.pageItems)
    const order = options.descending ? 'DESC' : 'ASC'
    const from = options.page === undefined ? undefined : position(options.page)
    const after = from ? `AND (${partition === 'ipk' ? 'isk, pk, sk' : 'sk'}) ${options.descending ? '<' : '>'} (${partition === 'ipk' ? '?, ?, ?' : '?'})` : ''
    const prefix = options.prefix ?? ''
    const statement = database.prepare(
      `SELECT * FROM items WHERE ${partition} = ? AND substr(${sort}, 1, length(?)) = ? AND ${sort} >= ? ${after} ORDER BY ${sort} ${order}, pk ${order}, sk ${order} LIMIT ?`,
    )
    const bound = from === undefined ? [] : partition === 'ipk' ? from : [from[2]]
    // A row of `items` has the columns its schema names.
    const rows = statement.all(value, prefix, prefix, prefix, ...bound, limit + 1) as Row[]
    const shown = rows.slice(0, limit)
    const last = shown.at(-1)
    return rows.length > limit && last ? { items: shown.map(item), next: token(last) } : { items: shown.map(item) }
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
      const outcome = transaction(database, () => {
        if (!changes.every((change) => holds(change.expect, change.expect === undefined ? undefined : find(change.key)))) return 'conflict'
        for (const change of changes) {
          if (change.kind === 'put') put.run(change.key.pk, change.key.sk, JSON.stringify(change.body), change.index?.ipk ?? null, change.index?.isk ?? null)
          if (change.kind === 'remove') remove.run(change.key.pk, change.key.sk)
        }
        outbox.append(events)
        return 'done'
      })
      if (outcome === 'done' && events.length > 0) outbox.wake()
      return outcome
    },
  }
}
