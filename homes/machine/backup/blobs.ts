import { DatabaseSync } from 'node:sqlite'

/** Bytes of the store that a snapshot has: a whole blob, or as much of it as had been joined. `what`: whose they are, in words. */
export type Wanted = { blob: string; bytes: number; what: string; key: string; etag: string | null }

// Below, rows have the columns that their statements select.

const WANTED = `
SELECT blob, size AS bytes, key AS what, key, etag FROM objects
UNION ALL SELECT joins.blob, joins.bytes, uploads.key || ', joined so far', uploads.key, NULL FROM joins JOIN uploads ON uploads.id = joins.upload
UNION ALL SELECT parts.blob, parts.size, uploads.key || ', part ' || parts.number, uploads.key, NULL FROM parts JOIN uploads ON uploads.id = parts.upload
  WHERE parts.blob NOT IN (SELECT blob FROM joins)`

export type Totals = { count: number; bytes: number }

export type WantedRows = {
  all(): NodeJS.Iterator<Wanted>
  totals(): Totals
  objects(): Totals
  /** Takes over what an object is by now in the open store, or that it is no more. */
  follow(key: string, live: DatabaseSync): Wanted | undefined
  /** Whether the open store still names it as bytes of an upload. */
  isOnItsWay(blob: string, live: DatabaseSync): boolean
  forgetUploads(key: string): void
  close(): void
}

type ObjectRow = { blob: string; size: number; type: string; etag: string; cache_control: string | null }

/** The objects and unfinished uploads of a copy of the store's database. */
export const openWanted = (path: string, mode: 'read' | 'write'): WantedRows => {
  const database = new DatabaseSync(path, { readOnly: mode === 'read' })
  if (mode === 'write') database.exec('PRAGMA foreign_keys = ON')
  const totalOf = (rows: string): Totals => database.prepare(`SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM (${rows})`).get() as Totals
  return {
    all: () => database.prepare(WANTED).iterate() as NodeJS.Iterator<Wanted>,
    totals: () => totalOf(WANTED),
    objects: () => totalOf('SELECT size AS bytes FROM objects'),
    follow(key, live) {
      const row = live.prepare('SELECT blob, size, type, etag, cache_control FROM objects WHERE key = ?').get(key) as ObjectRow | undefined
      if (!row) {
        database.prepare('DELETE FROM objects WHERE key = ?').run(key)
        return undefined
      }
      const update = database.prepare('UPDATE objects SET blob = ?, size = ?, type = ?, etag = ?, cache_control = ? WHERE key = ?')
      update.run(row.blob, row.size, row.type, row.etag, row.cache_control, key)
      return { blob: row.blob, bytes: row.size, what: key, key, etag: row.etag }
    },
    isOnItsWay: (blob, live) => live.prepare('SELECT 1 FROM parts WHERE blob = ? UNION ALL SELECT 1 FROM joins WHERE blob = ?').get(blob, blob) !== undefined,
    forgetUploads: (key) => void database.prepare('DELETE FROM uploads WHERE key = ?').run(key),
    close: () => database.close(),
  }
}

export type Kept = { blob: string; bytes: number; sha256: string }

export type KeptRows = {
  find(blob: string): Kept | undefined
  add(kept: Kept): void
  all(): NodeJS.Iterator<Kept>
  close(): void
}

const KEPT_SCHEMA = 'CREATE TABLE blobs (blob TEXT PRIMARY KEY, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL) STRICT, WITHOUT ROWID; BEGIN'

/** Which bytes the blobs of a snapshot have. */
export const openKept = (path: string, mode: 'read' | 'write'): KeptRows => {
  const database = new DatabaseSync(path, { readOnly: mode === 'read' })
  if (mode === 'write') database.exec(KEPT_SCHEMA)
  const find = database.prepare('SELECT blob, bytes, sha256 FROM blobs WHERE blob = ?')
  const add = mode === 'write' ? database.prepare('INSERT OR REPLACE INTO blobs (blob, bytes, sha256) VALUES (?, ?, ?)') : undefined
  return {
    find: (blob) => find.get(blob) as Kept | undefined,
    add: ({ blob, bytes, sha256 }) => void add?.run(blob, bytes, sha256),
    all: () => database.prepare('SELECT blob, bytes, sha256 FROM blobs ORDER BY blob').iterate() as NodeJS.Iterator<Kept>,
    close() {
      if (database.isTransaction) database.exec('COMMIT')
      database.close()
    },
  }
}
