import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Checksum } from './s3-checksums.ts'
import { header, S3Fault, type S3Request } from './s3-request.ts'

export type CorsRule = {
  AllowedOrigins: string[]
  AllowedMethods: string[]
  AllowedHeaders?: string[]
  ExposeHeaders?: string[]
  MaxAgeSeconds?: number
}

/** What an object says of itself: its type, how it is cached and saved, and the user's own metadata. */
export type Kept = Record<string, string>

export type Held = { key: string; file: string; size: number; etag: string; modified: Date; kept: Kept; checksum?: Checksum }
export type HeldPart = { number: number; file: string; size: number; etag: string; modified: Date; checksum?: Checksum }
/** `algorithm`: of the checksums that all of its parts must have, where it was begun with one. */
export type HeldUpload = { id: string; key: string; kept: Kept; algorithm?: string; parts: Map<number, HeldPart> }

export type Bucket = { name: string; cors: CorsRule[]; objects: Map<string, Held>; uploads: Map<string, HeldUpload> }

/**
 * Bodies are files in a folder of their own; everything is read and written in one go, so that a reader of an object that is
 * being replaced gets one version or the other, as S3 promises.
 */
export type Shelf = {
  bucket(name: string): Bucket
  write(body: Buffer): string
  read(file: string, start: number, length: number): Buffer
  /** Files one behind the other, as a new one. */
  join(files: readonly string[]): string
  remove(file: string): void
  /** The next of a series: upload ids and sequencers are made of it. */
  next(): number
  close(): void
}

export const openShelf = (buckets: Record<string, { cors?: CorsRule[] }>): Shelf => {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-s3-'))
  const known = new Map(
    Object.entries(buckets).map(([name, { cors = [] }]): [string, Bucket] => [name, { name, cors, objects: new Map(), uploads: new Map() }]),
  )
  let count = 0
  const next = (): number => {
    count += 1
    return count
  }
  const fresh = (): string => join(folder, String(next()))
  return {
    bucket(name) {
      const found = known.get(name)
      if (!found) throw new S3Fault(404, 'NoSuchBucket', `The specified bucket does not exist: ${name}`)
      return found
    },
    write(body) {
      const file = fresh()
      writeFileSync(file, body)
      return file
    },
    read(file, start, length) {
      const bytes = Buffer.alloc(length)
      const handle = openSync(file, 'r')
      readSync(handle, bytes, 0, length, start)
      closeSync(handle)
      return bytes
    },
    join(files) {
      const joined = fresh()
      writeFileSync(joined, '')
      for (const file of files) appendFileSync(joined, readFileSync(file))
      return joined
    },
    remove: (file) => rmSync(file, { force: true }),
    next,
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const SYSTEM = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires']
const MOST_BYTES = 2048

const weight = (entries: readonly [string, string][]): number => entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0)

/** What of a request's headers an object keeps. @throws S3Fault beyond S3's 2 KB of each kind. */
export const keptOf = ({ headers }: Pick<S3Request, 'headers'>): Kept => {
  const of = (wanted: (name: string) => boolean): [string, string][] =>
    Object.keys(headers)
      .filter(wanted)
      .map((name) => [name, header(headers, name) ?? ''])
  const system = of((name) => SYSTEM.includes(name))
  const own = of((name) => name.startsWith('x-amz-meta-')).map(([name, value]): [string, string] => [name, value])
  const isLarge = weight(system) > MOST_BYTES || weight(own.map(([name, value]) => [name.slice('x-amz-meta-'.length), value])) > MOST_BYTES
  if (isLarge) throw new S3Fault(400, 'MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size.')
  return { 'content-type': 'binary/octet-stream', ...Object.fromEntries([...system, ...own]) }
}

const isSame = (etag: string, asked: string): boolean => asked === '*' || asked.replaceAll('"', '') === etag

/** Conditional writes. @throws S3Fault 412 where another object is there than was meant, 404 where none is. */
export const checkWrite = (held: Held | undefined, { headers }: Pick<S3Request, 'headers'>): void => {
  const [match, noneMatch] = [header(headers, 'if-match'), header(headers, 'if-none-match')]
  if (noneMatch !== undefined && noneMatch !== '*')
    throw new S3Fault(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented.')
  if (match !== undefined && !held) throw new S3Fault(404, 'NoSuchKey', 'The specified key does not exist.')
  const isMet = (match === undefined || (held && isSame(held.etag, match))) && (noneMatch === undefined || !held)
  if (!isMet) throw new S3Fault(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
}

/** Conditional reads: what to answer instead, 304 or 412. */
export const readVerdict = ({ etag }: Held, { match, noneMatch }: { match: string | undefined; noneMatch: string | undefined }): 200 | 304 | 412 => {
  if (match !== undefined && !isSame(etag, match)) return 412
  return noneMatch !== undefined && isSame(etag, noneMatch) ? 304 : 200
}
