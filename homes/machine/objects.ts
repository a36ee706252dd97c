import { createHash } from 'node:crypto'
import { closeSync, createReadStream, fdatasync, openSync } from 'node:fs'
import { type FileHandle, open, readFile, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import type { Clock } from '#ports/clock.ts'
import {
  checkedKey,
  checkedOptions,
  type ObjectEntry,
  type ObjectMeta,
  type Objects,
  type PutOptions,
  UPLOAD_KEPT_DAYS,
  UPLOAD_LIMITS,
} from '#ports/objects.ts'
import { type Blobs, openBlobs } from './blobs.ts'
import { openDatabase, type Writing, writingAhead } from './database.ts'
import { hasCode } from './error-code.ts'
import type { Migrations } from './migrate.ts'
import { SECRETS_SCHEMA } from './part-urls.ts'
import { keeping } from './unkept.ts'
import { howOf, UPLOADS_SCHEMA } from './upload-rows.ts'
import { type Joined, type PartAnswer, type Uploads, uploads } from './uploads.ts'

/** What this machine's own neighbours (the edge, the transcoder) may do besides. */
export type MachineObjects = Objects & {
  /** The file that holds an object's bytes now; read only, and open it at once: a later put leaves it. */
  locate(key: string): (ObjectMeta & { path: string }) | undefined
  /** Takes a finished file (same disk) over as an object, without copying it. */
  adopt(key: string, file: string, options: PutOptions): Promise<ObjectMeta>
  /** Receives one part sent to a URL of `signPart`. */
  receivePart(url: URL, body: Readable): Promise<PartAnswer>
  /** Takes away what crashes and people left behind: files without a row for a day, uploads that nobody went on with for as long as the port says. Answers how many. */
  sweep(): Promise<number>
  /** Waits for what is being joined. */
  close(): Promise<void>
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS objects (key TEXT PRIMARY KEY, blob TEXT NOT NULL, size INTEGER NOT NULL, type TEXT NOT NULL, etag TEXT NOT NULL, cache_control TEXT) STRICT;
CREATE TABLE IF NOT EXISTS object_names (object TEXT PRIMARY KEY REFERENCES objects(key) ON DELETE CASCADE, name TEXT NOT NULL) STRICT;
${UPLOADS_SCHEMA}${SECRETS_SCHEMA}`

export const OBJECTS_MIGRATIONS: Migrations = [
  { says: 'objects and uploads as of 0.1, and the number that tells so', apply: (database) => database.exec(SCHEMA) },
]

type Row = { key: string; blob: string; size: number; type: string; etag: string; cache_control: string | null; name: string | null }

const PAGE_OBJECTS = 1000
const DAY_MS = 24 * 3600_000

const token = (key: string): string => Buffer.from(key).toString('base64url')
const lastKey = (page: string): string => checkedKey(Buffer.from(page, 'base64url').toString())

const meta = (row: Row): ObjectMeta => ({ key: row.key, size: row.size, etag: row.etag, ...howOf(row) })

const cutShort = (): Error => new Error('A file of the store is shorter than its object.')

const readFrom = async (file: FileHandle, start: number, length: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(length)
  let at = 0
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at, start + at)
    if (bytesRead === 0) throw cutShort()
    at += bytesRead
  }
  return bytes
}

const UPSERT =
  'INSERT INTO objects (key, blob, size, type, etag, cache_control) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET blob = excluded.blob, size = excluded.size, type = excluded.type, etag = excluded.etag, cache_control = excluded.cache_control'

type Rows = {
  find(key: string): Row | undefined
  /** The first of those behind `after` with the prefix, by key; one more than a page, where there are so many. */
  after(after: string, prefix: string): ObjectEntry[]
  /** Writes the row and answers the blob it named before, if any. To be called in a transaction. */
  point(object: ObjectMeta, blob: string): string[]
  /** Has an object be saved as `name`, or as nothing in particular. */
  name(key: string, name: string | undefined): void
  drop(key: string): string | undefined
  /** Every blob that a row names. */
  blobs(): Set<string>
}

const openRows = (database: DatabaseSync): Rows => {
  const byKey = database.prepare('SELECT objects.*, name FROM objects LEFT JOIN object_names ON object = key WHERE key = ?')
  const upsert = database.prepare(UPSERT)
  const dropped = database.prepare('DELETE FROM objects WHERE key = ? RETURNING blob')
  // No key holds a character above 7F, so this bound lies behind every key with the prefix.
  const between = database.prepare(
    `SELECT key, size, etag FROM objects WHERE key > ? AND key >= ? AND key < ? || char(1114111) ORDER BY key LIMIT ${PAGE_OBJECTS + 1}`,
  )
  const entitle = database.prepare('INSERT OR REPLACE INTO object_names (object, name) SELECT key, ? FROM objects WHERE key = ?')
  const untitle = database.prepare('DELETE FROM object_names WHERE object = ?')
  const used = database.prepare('SELECT blob FROM objects UNION ALL SELECT blob FROM parts UNION ALL SELECT blob FROM joins')
  // Below, a row read from a STRICT table has the columns its schema names.
  const find: Rows['find'] = (key) => byKey.get(checkedKey(key)) as Row | undefined
  const name: Rows['name'] = (key, title) => void (title === undefined ? untitle.run(checkedKey(key)) : entitle.run(title, checkedKey(key)))
  return {
    find,
    name,
    after: (after, prefix) => (between.all(after, prefix, prefix) as ObjectEntry[]).map(({ key, size, etag }) => ({ key, size, etag })),
    point({ key, size, type, etag, cacheControl, fileName }, blob) {
      const before = find(key)
      upsert.run(key, blob, size, type, etag, cacheControl ?? null)
      name(key, fileName)
      return before ? [before.blob] : []
    },
    drop: (key) => (dropped.get(checkedKey(key)) as { blob: string } | undefined)?.blob,
    blobs: () => new Set((used.all() as { blob: string }[]).map(({ blob }) => blob)),
  }
}

type Store = { write: Writing; blobs: Blobs; rows: Rows; multipart: Uploads; clock: Clock }

const readers = ({ blobs, rows }: Store): Pick<MachineObjects, 'get' | 'head' | 'range' | 'list' | 'locate'> => {
  /** Reads an object's file; one that is replaced between its row and its file is looked up anew. */
  const reading = async <T>(key: string, read: (row: Row, path: string) => Promise<T>): Promise<T | undefined> => {
    for (let tries = 1; ; tries += 1) {
      const row = rows.find(key)
      if (!row) return undefined
      try {
        return await read(row, blobs.path(row.blob))
      } catch (cause) {
        if (!hasCode(cause, 'ENOENT') || tries === 5) throw cause
      }
    }
  }
  return {
    get: (key) =>
      reading(key, async (row, path) => {
        const bytes = await readFile(path)
        if (bytes.length !== row.size) throw cutShort()
        return { ...meta(row), bytes }
      }),
    async head(key) {
      const row = rows.find(key)
      return row && meta(row)
    },
    range: (key, start, end) =>
      reading(key, async (row, path) => {
        const file = await open(path)
        return readFrom(file, start, Math.max(0, Math.min(end, row.size - 1) - start + 1)).finally(() => file.close())
      }),
    async list(prefix, page) {
      const found = rows.after(page === undefined ? '' : lastKey(page), prefix)
      const items = found.slice(0, PAGE_OBJECTS)
      const last = items.at(-1)
      return found.length > PAGE_OBJECTS && last ? { items, next: token(last.key) } : { items }
    },
    locate(key) {
      const row = rows.find(key)
      return row && { ...meta(row), path: blobs.path(row.blob) }
    },
  }
}

const writers = ({ write, blobs, rows }: Store): Pick<MachineObjects, 'put' | 'nameFile' | 'remove' | 'adopt'> => {
  const settle = async (object: ObjectMeta, blob: string): Promise<ObjectMeta> => {
    await blobs.remove(await write(() => rows.point(object, blob)))
    return object
  }
  return {
    async put(key, body, options) {
      checkedKey(key)
      const how = checkedOptions(options)
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
      const etag = createHash('md5').update(bytes).digest('hex')
      return settle({ key, size: bytes.byteLength, etag, ...how }, await blobs.write(bytes))
    },
    async nameFile(key, fileName) {
      const name = checkedOptions({ type: '', fileName }).fileName
      await write(() => rows.name(key, name))
    },
    async remove(key) {
      const blob = await write(() => rows.drop(key))
      if (blob) await blobs.remove([blob])
    },
    async adopt(key, file, options) {
      checkedKey(key)
      const how = checkedOptions(options)
      const { size } = await stat(file)
      const etag = await md5Of(file)
      return settle({ key, size, etag, ...how }, await blobs.adopt(file))
    },
  }
}

/** As S3 names an object put in one piece. */
const md5Of = async (file: string): Promise<string> => {
  const hash = createHash('md5')
  for await (const bytes of createReadStream(file)) hash.update(bytes)
  return hash.digest('hex')
}

type Multipart = 'startUpload' | 'signPart' | 'listParts' | 'finishUpload' | 'cancelUpload' | 'receivePart' | 'sweep'

const uploaders = ({ write, blobs, rows, multipart, clock }: Store): Pick<MachineObjects, Multipart> => {
  return {
    startUpload: async (key, options) => multipart.start(key, checkedOptions(options)),
    signPart: async (part, ttlSeconds) => multipart.signPart(part, ttlSeconds),
    listParts: async (key, upload) => multipart.list(key, upload),
    async finishUpload(key, upload, parts) {
      const object = ({ size, etag, how }: Joined): ObjectMeta => ({ key, size, etag, ...how })
      return object(await multipart.finish({ key, upload, parts }, (joined) => rows.point(object(joined), joined.blob)))
    },
    cancelUpload: multipart.cancel,
    receivePart: multipart.receive,
    async sweep() {
      const now = clock.now().getTime()
      const stale = multipart.idleSince(new Date(now - UPLOAD_KEPT_DAYS * DAY_MS))
      for (const { key, upload } of stale) await multipart.cancel(key, upload)
      // Once the disk has what is named now: what it had before is not to come back without its file.
      const named = await write(() => rows.blobs())
      return stale.length + (await blobs.sweep((blob) => named.has(blob), new Date(now - DAY_MS)))
    },
  }
}

/** Whatever writes says in the port's words that it could not. */
const inWords = ({
  put,
  adopt,
  nameFile,
  remove,
  startUpload,
  finishUpload,
  receivePart,
  ...others
}: ReturnType<typeof writers> & ReturnType<typeof uploaders>) => ({
  ...others,
  ...{ put: keeping(put), adopt: keeping(adopt), nameFile: keeping(nameFile), remove: keeping(remove) },
  ...{ startUpload: keeping(startUpload), finishUpload: keeping(finishUpload), receivePart: keeping(receivePart) },
})

/** `minPartBytes` is S3's unless a test sends smaller parts. */
type Options = { folder: string; url: string; clock: Clock; minPartBytes?: number }

/**
 * Objects as files. A row names the blob that holds an object's bytes, and replacing an object is writing a new blob and
 * then the row: a crash leaves the old object or the new one. Blobs have random names, so no key ever becomes a path.
 */
export const objects = async ({ folder, url, clock, minPartBytes = UPLOAD_LIMITS.minPartBytes }: Options): Promise<MachineObjects> => {
  const blobs = await openBlobs(join(folder, 'blobs'))
  const database = openDatabase(join(folder, 'objects.sqlite'), OBJECTS_MIGRATIONS)
  const rows = openRows(database)
  const log = openSync(join(folder, 'objects.sqlite-wal'), 'r+')
  const write = writingAhead(database, { datasync: () => promisify(fdatasync)(log) })
  const multipart = uploads({ database, write, blobs, url, clock, minPartBytes, checked: checkedKey })
  const store = { write, blobs, rows, multipart, clock }
  return {
    ...readers(store),
    ...inWords({ ...writers(store), ...uploaders(store) }),
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
    async close() {
      await multipart.stop()
      // Behind whatever is on its way to the disk; what could not be kept has been told to whoever wrote it.
      await write(() => undefined).catch(() => undefined)
      closeSync(log)
      database.close()
    },
  }
}
