import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { Readable } from 'node:stream'
import type { Clock } from '#ports/clock.ts'
import { ObjectsRefusal, type Part, type PutOptions, UPLOAD_LIMITS } from '#ports/objects.ts'
import type { Blobs } from './blobs.ts'
import { transaction } from './database.ts'

export const UPLOADS_SCHEMA = `
CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, key TEXT NOT NULL, type TEXT NOT NULL, cache_control TEXT, started TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS parts (upload TEXT NOT NULL REFERENCES uploads(id) ON DELETE CASCADE, number INTEGER NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, PRIMARY KEY (upload, number)) STRICT;
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`

type UploadRow = { id: string; key: string; type: string; cache_control: string | null }
type PartRow = { number: number; blob: string; size: number; etag: string }

export type PartAnswer = { status: 200; etag: string } | { status: 400 | 403 | 404 | 413 }
export type Joined = { blob: string; size: number; etag: string; how: PutOptions }

export type Uploads = {
  start(key: string, how: PutOptions): string
  signPart(part: { key: string; upload: string; number: number; size: number }, ttlSeconds: number): string
  list(key: string, upload: string): Part[]
  receive(url: URL, body: Readable): Promise<PartAnswer>
  /** Joins the parts in a new blob; the upload stays until `forget`. */
  join(key: string, upload: string, parts: number): Promise<Joined>
  /** Takes the rows away, inside the caller's transaction, and answers the blobs of the parts; undefined when there is no such upload. */
  forget(key: string, upload: string): string[] | undefined
  /** Uploads begun before then. */
  startedBefore(time: Date): { key: string; upload: string }[]
}

type Options = { database: DatabaseSync; blobs: Blobs; url: string; clock: Clock; minPartBytes: number; checked(key: string): string }

/** Made once per data folder, so that URLs signed before a restart still hold after it. */
const partSecret = (database: DatabaseSync): string => {
  database.prepare('INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)').run('parts', randomBytes(32).toString('hex'))
  // The row was made on the line before, if not earlier.
  return (database.prepare('SELECT value FROM secrets WHERE name = ?').get('parts') as { value: string }).value
}

const howOf = (row: UploadRow): PutOptions => ({ type: row.type, ...(row.cache_control === null ? {} : { cacheControl: row.cache_control }) })

const isSame = (right: string, given: string): boolean => {
  const [a, b] = [Buffer.from(right), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const unknown = (): ObjectsRefusal => new ObjectsRefusal('upload-unknown', 'There is no such upload.')

type Signed = { key: string; upload: string; number: number; size: number; expires: number }

/** The URLs parts are sent to: they name one part of one size, and hold until they expire. */
const partUrls = ({ database, url, clock }: Pick<Options, 'database' | 'url' | 'clock'>) => {
  const secret = partSecret(database)
  const signature = ({ key, upload, number, size, expires }: Signed): string =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['PUT', key, upload, number, size, expires]))
      .digest('base64url')
  return {
    sign({ key, upload, number, size }: Omit<Signed, 'expires'>, ttlSeconds: number): string {
      const expires = Math.floor(clock.now().getTime() / 1000) + ttlSeconds
      const query = { upload, part: String(number), size: String(size), expires: String(expires), signature: signature({ key, upload, number, size, expires }) }
      return `${url}/uploads/${key}?${new URLSearchParams(query)}`
    },
    /** What a URL allows now; undefined when it is not ours, altered or expired. */
    read({ pathname, searchParams: query }: URL): Signed | undefined {
      const [number, size, expires] = [Number(query.get('part')), Number(query.get('size')), Number(query.get('expires'))]
      const signed = { key: pathname.replace(/^\/uploads\//, ''), upload: query.get('upload') ?? '', number, size, expires }
      const isOurs = isSame(signature(signed), query.get('signature') ?? '')
      return isOurs && expires * 1000 > clock.now().getTime() ? signed : undefined
    },
  }
}

/** Below, a row read from a STRICT table has the columns its schema names. */
const openRows = (database: DatabaseSync, checked: Options['checked']) => {
  const insert = database.prepare('INSERT INTO uploads (id, key, type, cache_control, started) VALUES (?, ?, ?, ?, ?)')
  const byId = database.prepare('SELECT id, key, type, cache_control FROM uploads WHERE id = ? AND key = ?')
  const older = database.prepare('SELECT id AS upload, key FROM uploads WHERE started < ?')
  const removed = database.prepare('DELETE FROM uploads WHERE id = ?')
  const partsOf = database.prepare('SELECT number, blob, size, etag FROM parts WHERE upload = ? ORDER BY number')
  const putPart = database.prepare('INSERT OR REPLACE INTO parts (upload, number, blob, size, etag) VALUES (?, ?, ?, ?, ?)')
  const find = (upload: string, key: string): UploadRow | undefined => byId.get(upload, checked(key)) as UploadRow | undefined
  const parts = (upload: string): PartRow[] => partsOf.all(upload) as PartRow[]
  return {
    insert,
    find,
    parts,
    remove: (upload: string) => removed.run(upload),
    startedBefore: (time: Date) => older.all(time.toISOString()) as { key: string; upload: string }[],
    /** The blobs that nothing names any more: the part's earlier one, or this one when the upload ended while it was on its way. */
    record: ({ key, upload }: Signed, part: PartRow): { isKept: boolean; left: string[] } =>
      transaction(database, () => {
        if (!find(upload, key)) return { isKept: false, left: [part.blob] }
        const before = parts(upload).filter(({ number }) => number === part.number)
        putPart.run(upload, part.number, part.blob, part.size, part.etag)
        return { isKept: true, left: before.map(({ blob }) => blob) }
      }),
  }
}

/** The parts 1 … count, if all of them may be joined. */
const chosenParts = (arrived: readonly PartRow[], count: number, minPartBytes: number): PartRow[] => {
  const chosen = arrived.slice(0, count)
  const isWhole = count >= 1 && chosen.length === count && chosen.every(({ number }, index) => number === index + 1)
  if (!isWhole) throw new ObjectsRefusal('part-missing', 'A part of the upload has not arrived.')
  const isFine = chosen.slice(0, -1).every(({ size }) => size >= minPartBytes)
  if (!isFine) throw new ObjectsRefusal('part-too-small', `Every part but the last holds at least ${minPartBytes} bytes.`)
  return chosen
}

/** Multipart uploads as S3 has them: parts in any order, each to a URL of its own that holds for a while. */
export const uploads = ({ database, blobs, url, clock, minPartBytes, checked }: Options): Uploads => {
  const urls = partUrls({ database, url, clock })
  const rows = openRows(database, checked)
  return {
    start(key, how) {
      const id = randomBytes(16).toString('hex')
      rows.insert.run(id, checked(key), how.type, how.cacheControl ?? null, clock.now().toISOString())
      return id
    },
    signPart: (part, ttlSeconds) => urls.sign({ ...part, key: checked(part.key) }, ttlSeconds),
    list: (key, id) => (rows.find(id, key) ? rows.parts(id).map(({ number, size, etag }) => ({ number, size, etag })) : []),
    async receive(target, body) {
      const signed = urls.read(target)
      if (!signed) return { status: 403 }
      const { key, upload, number, size } = signed
      if (!Number.isInteger(number) || number < 1 || number > UPLOAD_LIMITS.parts || size > UPLOAD_LIMITS.maxPartBytes) return { status: 400 }
      if (!rows.find(upload, key)) return { status: 404 }
      const arrived = await blobs.receive(body, size)
      if (arrived === 'short') return { status: 400 }
      if (arrived === 'long') return { status: 413 }
      const { isKept, left } = rows.record(signed, { number, blob: arrived.blob, size, etag: arrived.md5 })
      await blobs.remove(left)
      return isKept ? { status: 200, etag: arrived.md5 } : { status: 404 }
    },
    async join(key, id, count) {
      const row = rows.find(id, key)
      if (!row) throw unknown()
      const chosen = chosenParts(rows.parts(id), count, minPartBytes)
      // S3's: the digest of the parts' digests, and their number.
      const digest = createHash('md5')
        .update(chosen.map(({ etag }) => etag).join(''), 'hex')
        .digest('hex')
      const size = chosen.reduce((sum, part) => sum + part.size, 0)
      try {
        const blob = await blobs.join(chosen.map((part) => part.blob))
        return { blob, size, etag: `${digest}-${count}`, how: howOf(row) }
      } catch (cause) {
        // Someone else finished or cancelled it meanwhile, and its parts are gone.
        throw rows.find(id, key) ? cause : unknown()
      }
    },
    forget(key, id) {
      if (!rows.find(id, key)) return undefined
      const held = rows.parts(id).map(({ blob }) => blob)
      rows.remove(id)
      return held
    },
    startedBefore: rows.startedBefore,
  }
}
