import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '#ports/clock.ts'
import { type ObjectMeta, type Objects, ObjectsRefusal, type Part, type PutOptions, UPLOAD_LIMITS } from '#ports/objects.ts'
import { openDatabase, transaction } from './database.ts'

/** What this machine's own neighbours (the edge, the transcoder) may do besides. */
export type MachineObjects = Objects & {
  /** The file that holds an object's bytes now; read only, and open it at once: a later put leaves it. */
  locate(key: string): (ObjectMeta & { path: string }) | undefined
  /** Takes a finished file (same disk) over as an object, without copying it. */
  adopt(key: string, file: string, options: PutOptions): Promise<ObjectMeta>
  /** Receives one part sent to a URL of `signPart`. */
  receivePart(url: URL, body: Readable): Promise<{ status: 200; etag: string } | { status: 400 | 403 | 404 | 413 }>
  close(): void
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS objects (key TEXT PRIMARY KEY, blob TEXT NOT NULL, size INTEGER NOT NULL, type TEXT NOT NULL, etag TEXT NOT NULL, cache_control TEXT) STRICT;
CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, key TEXT NOT NULL, type TEXT NOT NULL, cache_control TEXT, started TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS parts (upload TEXT NOT NULL REFERENCES uploads(id) ON DELETE CASCADE, number INTEGER NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, PRIMARY KEY (upload, number)) STRICT;
`

type Row = { key: string; blob: string; size: number; type: string; etag: string; cache_control: string | null }
type PartRow = { number: number; blob: string; size: number; etag: string }
type UploadRow = { id: string; key: string; type: string; cache_control: string | null }

const KEY = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/

const checked = (key: string): string => {
  const isFine = key.length <= 1024 && KEY.test(key) && !key.split('/').some((name) => name === '.' || name === '..')
  if (!isFine) throw new ObjectsRefusal('bad-key', `Not a key: ${JSON.stringify(key.slice(0, 80))}`)
  return key
}

const meta = (row: Row): ObjectMeta => ({
  key: row.key,
  size: row.size,
  type: row.type,
  etag: row.etag,
  ...(row.cache_control === null ? {} : { cacheControl: row.cache_control }),
})

const durable = async (path: string): Promise<void> => {
  const file = await open(path, 'r')
  await file.sync().finally(() => file.close())
}

/**
 * Objects as files. A row names the blob that holds an object's bytes, and replacing an object is writing a new blob and
 * then the row: a crash leaves the old object or the new one. Blobs have random names, so no key ever becomes a path.
 */
export const objects = async (options: { folder: string; url: string; clock: Clock }): Promise<MachineObjects> => {
  const { folder, url, clock } = options
  const blobs = join(folder, 'blobs')
  await mkdir(blobs, { recursive: true })
  const database = openDatabase(
    join(folder, 'objects.sqlite'),
    `${SCHEMA} CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
  )
  const secret = partSecret(database)
  const byKey = database.prepare('SELECT * FROM objects WHERE key = ?')
  const upsert = database.prepare(
    'INSERT INTO objects (key, blob, size, type, etag, cache_control) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET blob = excluded.blob, size = excluded.size, type = excluded.type, etag = excluded.etag, cache_control = excluded.cache_control',
  )
  const range = database.prepare("SELECT * FROM objects WHERE key > ? AND key >= ? AND key < ? || char(1114111) ORDER BY key LIMIT 1001")
  const uploadById = database.prepare('SELECT * FROM uploads WHERE id = ? AND key = ?')
  const partsOf = database.prepare('SELECT number, blob, size, etag FROM parts WHERE upload = ? ORDER BY number')

  // A row read from a STRICT table has the columns its schema names.
  const find = (key: string): Row | undefined => byKey.get(checked(key)) as Row | undefined
  const upload = (id: string, key: string): UploadRow | undefined => uploadById.get(id, checked(key)) as UploadRow | undefined
  const partRows = (id: string): PartRow[] => partsOf.all(id) as PartRow[]
  const blobPath = (blob: string): string => join(blobs, blob)
  const freshBlob = (): string => randomBytes(16).toString('hex')

  const settle = async (key: string, blob: string, size: number, etag: string, how: PutOptions): Promise<ObjectMeta> => {
    const before = find(key)
    upsert.run(key, blob, size, how.type, etag, how.cacheControl ?? null)
    if (before) await rm(blobPath(before.blob), { force: true })
    return { key, size, etag, type: how.type, ...(how.cacheControl ? { cacheControl: how.cacheControl } : {}) }
  }

  const signature = (key: string, id: string, number: number, size: number, expires: number): string =>
    createHmac('sha256', secret).update(JSON.stringify(['PUT', key, id, number, size, expires])).digest('base64url')

  const removeUpload = async (id: string): Promise<void> => {
    const rows = partRows(id)
    transaction(database, () => database.prepare('DELETE FROM uploads WHERE id = ?').run(id))
    await Promise.all(rows.map((row) => rm(blobPath(row.blob), { force: true })))
  }

  return {
    async put(key, body, how) {
      checked(key)
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
      const blob = freshBlob()
      const file = await open(blobPath(blob), 'wx')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      return settle(key, blob, bytes.byteLength, createHash('md5').update(bytes).digest('hex'), how)
    },
    async get(key) {
      const row = find(key)
      return row && { ...meta(row), bytes: await readFile(blobPath(row.blob)) }
    },
    async head(key) {
      const row = find(key)
      return row && meta(row)
    },
    async range(key, start, end) {
      const row = find(key)
      if (!row) return undefined
      const bytes = new Uint8Array(Math.max(0, Math.min(end, row.size - 1) - start + 1))
      const file = await open(blobPath(row.blob))
      try {
        await file.read(bytes, 0, bytes.byteLength, start)
      } finally {
        await file.close()
      }
      return bytes
    },
    async list(prefix, page) {
      const after = page === undefined ? '' : Buffer.from(page, 'base64url').toString()
      const rows = range.all(after, prefix, prefix) as Row[]
      const shown = rows.slice(0, 1000).map(meta)
      const last = shown.at(-1)
      return rows.length > 1000 && last ? { items: shown, next: Buffer.from(last.key).toString('base64url') } : { items: shown }
    },
    async remove(key) {
      const row = find(key)
      if (!row) return
      database.prepare('DELETE FROM objects WHERE key = ?').run(key)
      await rm(blobPath(row.blob), { force: true })
    },
    async startUpload(key, how) {
      const id = freshBlob()
      database
        .prepare('INSERT INTO uploads (id, key, type, cache_control, started) VALUES (?, ?, ?, ?, ?)')
        .run(id, checked(key), how.type, how.cacheControl ?? null, clock.now().toISOString())
      return id
    },
    async signPart({ key, upload: id, number, size }, ttlSeconds) {
      const expires = Math.floor(clock.now().getTime() / 1000) + ttlSeconds
      const query = new URLSearchParams({
        upload: id,
        part: String(number),
        size: String(size),
        expires: String(expires),
        signature: signature(checked(key), id, number, size, expires),
      })
      return `${url}/uploads/${key}?${query}`
    },
    async listParts(key, id) {
      return upload(id, key) ? partRows(id).map(({ number, size, etag }): Part => ({ number, size, etag })) : []
    },
    async finishUpload(key, id, parts) {
      const row = upload(id, key)
      if (!row) throw new ObjectsRefusal('upload-unknown', 'There is no such upload.')
      const rows = partRows(id)
      const isWhole = rows.length >= parts && rows.slice(0, parts).every((part, index) => part.number === index + 1)
      if (!isWhole || parts < 1) throw new ObjectsRefusal('part-missing', 'A part of the upload has not arrived.')
      const blob = await join_(rows.slice(0, parts).map((part) => blobPath(part.blob)), blobPath, freshBlob())
      const { size } = await stat(blobPath(blob))
      const etag = `${createHash('md5').update(rows.slice(0, parts).map((part) => part.etag).join('')).digest('hex')}-${parts}`
      const done = await settle(key, blob, size, etag, { type: row.type, ...(row.cache_control === null ? {} : { cacheControl: row.cache_control }) })
      await removeUpload(id)
      return done
    },
    async cancelUpload(key, id) {
      if (upload(id, key)) await removeUpload(id)
    },
    locate(key) {
      const row = find(key)
      return row && { ...meta(row), path: blobPath(row.blob) }
    },
    async adopt(key, file, how) {
      checked(key)
      const { size } = await stat(file)
      await durable(file)
      const blob = freshBlob()
      await rename(file, blobPath(blob))
      return settle(key, blob, size, `${size.toString(16)}-${blob.slice(0, 16)}`, how)
    },
    async receivePart(target, body) {
      const key = target.pathname.replace(/^\/uploads\//, '')
      const query = target.searchParams
      const id = query.get('upload') ?? ''
      const [number, size, expires] = ['part', 'size', 'expires'].map((name) => Number(query.get(name)))
      if (number === undefined || size === undefined || expires === undefined || !KEY.test(key)) return { status: 400 }
      const right = Buffer.from(signature(key, id, number, size, expires))
      const given = Buffer.from(query.get('signature') ?? '')
      if (right.length !== given.length || !timingSafeEqual(right, given) || expires * 1000 <= clock.now().getTime()) return { status: 403 }
      if (number < 1 || number > UPLOAD_LIMITS.parts) return { status: 400 }
      if (!upload(id, key)) return { status: 404 }
      return receive(database, { id, number, size, blob: freshBlob(), blobPath }, body)
    },
    close: () => database.close(),
  }
}

type Arrival = { id: string; number: number; size: number; blob: string; blobPath: (blob: string) => string }

const receive = async (
  database: ReturnType<typeof openDatabase>,
  { id, number, size, blob, blobPath }: Arrival,
  body: Readable,
): Promise<{ status: 200; etag: string } | { status: 400 | 413 }> => {
  const hash = createHash('md5')
  let received = 0
  const counted = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      received += chunk.length
      if (received > size) return
      hash.update(chunk)
      yield chunk
    }
  }
  const discard = (): Promise<void> => rm(blobPath(blob), { force: true })
  try {
    await pipeline(body, counted, createWriteStream(blobPath(blob), { flags: 'wx', flush: true }))
  } catch (cause) {
    await discard()
    throw cause
  }
  if (received !== size) {
    await discard()
    return { status: received > size ? 413 : 400 }
  }
  const etag = hash.digest('hex')
  const before = transaction(database, () => {
    const old = database.prepare('SELECT blob FROM parts WHERE upload = ? AND number = ?').get(id, number) as { blob: string } | undefined
    database.prepare('INSERT OR REPLACE INTO parts (upload, number, blob, size, etag) VALUES (?, ?, ?, ?, ?)').run(id, number, blob, size, etag)
    return old
  })
  if (before) await rm(blobPath(before.blob), { force: true })
  return { status: 200, etag }
}

/** Appends the parts to one new blob; the parts stay until the object's row points at it, so a crash loses nothing. */
const join_ = async (paths: string[], blobPath: (blob: string) => string, blob: string): Promise<string> => {
  const target = await open(blobPath(blob), 'wx')
  try {
    for (const path of paths) {
      const part = await open(path)
      try {
        for await (const chunk of part.createReadStream({ highWaterMark: 1024 * 1024, autoClose: false })) await target.write(chunk)
      } finally {
        await part.close()
      }
    }
    await target.sync()
  } finally {
    await target.close()
  }
  return blob
}

/** Made once per data folder, so that URLs signed before a restart still hold after it. */
const partSecret = (database: ReturnType<typeof openDatabase>): string => {
  database.prepare('INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)').run('parts', randomBytes(32).toString('hex'))
  return (database.prepare('SELECT value FROM secrets WHERE name = ?').get('parts') as { value: string }).value
}
