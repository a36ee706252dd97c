import type { DatabaseSync } from 'node:sqlite'
import type { PutOptions } from '#ports/objects.ts'
import type { Writing } from './database.ts'

/**
 * `joins` tells how far an upload's joined file reaches: so many parts, so many bytes. Beyond that its content means nothing.
 * `arrivals` tells when an upload's last part came; there is no row before the first. `upload_names` holds the file names of those that have one.
 */
export const UPLOADS_SCHEMA = `
CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, key TEXT NOT NULL, type TEXT NOT NULL, cache_control TEXT, started TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS parts (upload TEXT NOT NULL REFERENCES uploads(id) ON DELETE CASCADE, number INTEGER NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, PRIMARY KEY (upload, number)) STRICT;
CREATE TABLE IF NOT EXISTS joins (upload TEXT PRIMARY KEY REFERENCES uploads(id) ON DELETE CASCADE, blob TEXT NOT NULL, parts INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS arrivals (upload TEXT PRIMARY KEY REFERENCES uploads(id) ON DELETE CASCADE, at TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS upload_names (upload TEXT PRIMARY KEY REFERENCES uploads(id) ON DELETE CASCADE, name TEXT NOT NULL) STRICT;
`

export type UploadRow = { id: string; key: string; type: string; cache_control: string | null; name: string | null }
/** `blob` is the part's own file or, once it has been appended, the joined one. */
export type PartRow = { number: number; blob: string; size: number; etag: string }
export type JoinRow = { blob: string; parts: number; bytes: number }

export const howOf = (row: Pick<UploadRow, 'type' | 'cache_control' | 'name'>): PutOptions => ({
  type: row.type,
  ...(row.cache_control === null ? {} : { cacheControl: row.cache_control }),
  ...(row.name === null ? {} : { fileName: row.name }),
})

const bytesOf = (parts: readonly PartRow[]): number => parts.reduce((sum, { size }) => sum + size, 0)

type Opened = { database: DatabaseSync; write: Writing; checked(key: string): string }

/** Below, a row read from a STRICT table has the columns its schema names. */
const openUploads = ({ database, write, checked }: Opened) => {
  const insert = database.prepare('INSERT INTO uploads (id, key, type, cache_control, started) VALUES (?, ?, ?, ?, ?)')
  const named = database.prepare('INSERT INTO upload_names (upload, name) VALUES (?, ?)')
  const byId = database.prepare('SELECT id, key, type, cache_control, name FROM uploads LEFT JOIN upload_names ON upload = id WHERE id = ? AND key = ?')
  const idle = database.prepare('SELECT id AS upload, key FROM uploads LEFT JOIN arrivals ON upload = id WHERE coalesce(at, started) < ?')
  const arrived = database.prepare('INSERT OR REPLACE INTO arrivals (upload, at) VALUES (?, ?)')
  const removed = database.prepare('DELETE FROM uploads WHERE id = ?')
  return {
    begin: (id: string, key: string, { type, cacheControl, fileName }: PutOptions, at: Date) =>
      write(() => {
        insert.run(id, checked(key), type, cacheControl ?? null, at.toISOString())
        if (fileName !== undefined) named.run(id, fileName)
      }),
    find: (upload: string, key: string) => byId.get(upload, checked(key)) as UploadRow | undefined,
    remove: (upload: string) => removed.run(upload),
    arrived: (upload: string, at: Date) => arrived.run(upload, at.toISOString()),
    idleSince: (time: Date) => idle.all(time.toISOString()) as { key: string; upload: string }[],
  }
}

const openParts = (database: DatabaseSync) => {
  const all = database.prepare('SELECT number, blob, size, etag FROM parts WHERE upload = ? ORDER BY number')
  const behind = database.prepare('SELECT number, blob, size, etag FROM parts WHERE upload = ? AND number > ? ORDER BY number LIMIT 64')
  const one = database.prepare('SELECT number, blob, size, etag FROM parts WHERE upload = ? AND number = ?')
  const put = database.prepare('INSERT OR REPLACE INTO parts (upload, number, blob, size, etag) VALUES (?, ?, ?, ?, ?)')
  const removedBehind = database.prepare('DELETE FROM parts WHERE upload = ? AND number > ? RETURNING blob')
  return {
    part: (upload: string, number: number) => one.get(upload, number) as PartRow | undefined,
    parts: (upload: string) => all.all(upload) as PartRow[],
    /** The next few behind a part. */
    partsBehind: (upload: string, number: number) => behind.all(upload, number) as PartRow[],
    putPart: (upload: string, { number, blob, size, etag }: PartRow) => put.run(upload, number, blob, size, etag),
    removeBehind: (upload: string, number: number) => (removedBehind.all(upload, number) as { blob: string }[]).map(({ blob }) => blob),
  }
}

/** Everything the store knows of its uploads. */
export const uploadRows = (opened: Opened) => {
  const { database, write } = opened
  const [uploads, parts] = [openUploads(opened), openParts(database)]
  const join = database.prepare('SELECT blob, parts, bytes FROM joins WHERE upload = ?')
  const putJoin = database.prepare('INSERT OR REPLACE INTO joins (upload, blob, parts, bytes) VALUES (?, ?, ?, ?)')
  const joined = (upload: string): JoinRow | undefined => join.get(upload) as JoinRow | undefined
  const reach = (upload: string, { blob, parts: count, bytes }: JoinRow) => putJoin.run(upload, blob, count, bytes)
  return {
    ...uploads,
    part: parts.part,
    parts: parts.parts,
    partsBehind: parts.partsBehind,
    joined,
    reach: (upload: string, row: JoinRow) => write(() => void reach(upload, row)),
    /** A part that is new; the one there already otherwise, and `gone` when the upload has ended. Either way one has arrived. */
    add: ({ key, upload }: { key: string; upload: string }, part: PartRow, at: Date): Promise<'added' | 'gone' | PartRow> =>
      write(() => {
        if (!uploads.find(upload, key)) return 'gone'
        uploads.arrived(upload, at)
        const before = parts.part(upload, part.number)
        if (before) return before
        parts.putPart(upload, part)
        return 'added'
      }),
    /** The joined file holds these parts too, which lie right behind it; answers the files that held them. */
    grow: (upload: string, before: JoinRow, appended: readonly PartRow[]): Promise<string[]> =>
      write(() => {
        reach(upload, { blob: before.blob, parts: before.parts + appended.length, bytes: before.bytes + bytesOf(appended) })
        for (const part of appended) parts.putPart(upload, { ...part, blob: before.blob })
        return appended.map(({ blob }) => blob)
      }),
    /** Another content for a part, and files of their own for those that lay behind it in the joined file, which ends before it now. */
    replace: (upload: string, part: PartRow, freed: readonly PartRow[]): Promise<string[]> =>
      write(() => {
        const [before, file] = [parts.part(upload, part.number), joined(upload)]
        for (const each of [part, ...freed]) parts.putPart(upload, each)
        if (!file || part.number > file.parts) return before ? [before.blob] : []
        const kept = parts.parts(upload).filter(({ number }) => number < part.number)
        reach(upload, { blob: file.blob, parts: kept.length, bytes: bytesOf(kept) })
        return []
      }),
    /** Leaves only the parts 1 … count; answers the files that held the others. */
    cut: (upload: string, count: number): Promise<string[]> =>
      write(() => {
        const left = parts.removeBehind(upload, count)
        const file = joined(upload)
        if (file && file.parts > count) reach(upload, { blob: file.blob, parts: count, bytes: bytesOf(parts.parts(upload)) })
        return left.filter((blob) => blob !== file?.blob)
      }),
    /** Every file an upload holds. */
    blobs: (upload: string): string[] => {
      const file = joined(upload)
      return [...new Set([...parts.parts(upload).map(({ blob }) => blob), ...(file ? [file.blob] : [])])]
    },
  }
}
export type UploadRows = ReturnType<typeof uploadRows>
