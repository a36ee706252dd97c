import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { Readable } from 'node:stream'
import type { Clock } from '#ports/clock.ts'
import { ObjectsRefusal, type Part, type PartToSign, type PutOptions, UPLOAD_LIMITS } from '#ports/objects.ts'
import type { Blobs } from './blobs.ts'
import type { Writing } from './database.ts'
import { type Joining, joining } from './joining.ts'
import { partUrls, type SignedPart } from './part-urls.ts'
import { howOf, type PartRow, type UploadRows, uploadRows } from './upload-rows.ts'

export type PartAnswer = { status: 200; etag: string } | { status: 400 | 403 | 404 | 413 }
export type Joined = { blob: string; size: number; etag: string; how: PutOptions }

export type Uploads = {
  start(key: string, how: PutOptions): Promise<string>
  signPart(part: PartToSign, ttlSeconds: number): string
  list(key: string, upload: string): Part[]
  receive(url: URL, body: Readable): Promise<PartAnswer>
  /** Joins the parts and ends the upload; `keep` writes down what became of it, in the same transaction, and answers the blobs that are left over. */
  finish(at: { key: string; upload: string; parts: number }, keep: (joined: Joined) => string[]): Promise<Joined>
  cancel(key: string, upload: string): Promise<void>
  /** Uploads of which no part has arrived since then, begun before it. */
  idleSince(time: Date): { key: string; upload: string }[]
  /** Waits for what is being joined. */
  stop(): Promise<void>
}

type Options = { database: DatabaseSync; write: Writing; blobs: Blobs; url: string; clock: Clock; minPartBytes: number; checked(key: string): string }

const unknown = (): ObjectsRefusal => new ObjectsRefusal('upload-unknown', 'There is no such upload.')

/** The parts 1 … count, if all of them may be joined. */
const chosenParts = (arrived: readonly PartRow[], count: number, minPartBytes: number): PartRow[] => {
  const chosen = arrived.slice(0, Math.max(0, count))
  const isWhole = count >= 1 && chosen.length === count && chosen.every(({ number }, index) => number === index + 1)
  if (!isWhole) throw new ObjectsRefusal('part-missing', 'A part of the upload has not arrived.')
  const isFine = chosen.slice(0, -1).every(({ size }) => size >= minPartBytes)
  if (!isFine) throw new ObjectsRefusal('part-too-small', `Every part but the last holds at least ${minPartBytes} bytes.`)
  return chosen
}

/** S3's: the digest of the parts' digests, and their number. */
const etagOf = (parts: readonly PartRow[]): string => {
  const digest = createHash('md5').update(parts.map(({ etag }) => etag).join(''), 'hex')
  return `${digest.digest('hex')}-${parts.length}`
}

type Engine = { rows: UploadRows; blobs: Blobs; joins: Joining; clock: Clock }

/** Takes what has been written for a part into the upload. */
const keepPart = async ({ rows, blobs, joins, clock }: Engine, signed: SignedPart, part: PartRow): Promise<PartAnswer> => {
  const { key, upload } = signed
  const answer = { status: 200, etag: part.etag } as const
  const isSame = (before: PartRow): boolean => before.etag === part.etag && before.size === part.size
  const outcome = await rows.add(signed, part, clock.now())
  if (outcome === 'added') return answer
  if (outcome !== 'gone' && isSame(outcome)) return blobs.remove([part.blob]).then(() => answer)
  const isKept = await joins.alone(upload, async () => {
    if (!rows.find(upload, key)) return false
    await joins.replace(upload, part)
    return true
  })
  if (isKept) return answer
  await blobs.remove([part.blob])
  return { status: 404 }
}

/** Multipart uploads as S3 has them: parts in any order, each to a URL of its own that holds for a while. */
export const uploads = ({ database, write, blobs, url, clock, minPartBytes, checked }: Options): Uploads => {
  const urls = partUrls({ database, url, clock })
  const rows = uploadRows({ database, write, checked })
  const joins = joining({ rows, blobs })
  const engine = { rows, blobs, joins, clock }
  return {
    async start(key, how) {
      const id = randomBytes(16).toString('hex')
      await rows.begin(id, key, how, clock.now())
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
      const arrived = await blobs.receive(body, signed)
      if (arrived === 'long') return { status: 413 }
      if (arrived === 'short' || arrived === 'damaged') return { status: 400 }
      const answer = await keepPart(engine, signed, { number, blob: arrived.blob, size, etag: arrived.md5 })
      joins.goOn(upload)
      return answer
    },
    finish: ({ key, upload, parts: count }, keep) =>
      joins.alone(upload, async () => {
        const row = rows.find(upload, key)
        if (!row) throw unknown()
        const chosen = chosenParts(rows.parts(upload), count, minPartBytes)
        const { blob, bytes } = await joins.complete(upload, count)
        const joined = { blob, size: bytes, etag: etagOf(chosen), how: howOf(row) }
        const left = await write(() => {
          const held = rows.blobs(upload)
          rows.remove(upload)
          return [...held.filter((each) => each !== blob), ...keep(joined)]
        })
        await blobs.remove(left)
        return joined
      }),
    cancel: (key, upload) =>
      joins.alone(upload, async () => {
        if (!rows.find(upload, key)) return
        await blobs.remove(
          await write(() => {
            const held = rows.blobs(upload)
            rows.remove(upload)
            return held
          }),
        )
      }),
    idleSince: rows.idleSince,
    stop: joins.stop,
  }
}
