import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import type { Clock } from '#ports/clock.ts'
import { checkedKey, checkedOptions, type ObjectEntry, type ObjectMeta, type Objects, type PutOptions } from '#ports/objects.ts'
import { type Buckets, bucketOf, bucketsOf } from './buckets.ts'
import { bare, headersOf, optionsOf } from './object-names.ts'
import { uploads } from './uploads.ts'

type Store = { client: S3Client; buckets: Buckets; clock: Clock }

/**
 * The only client to give `objects`: by default it would sign the checksum of an empty body into every part's URL, and S3 would
 * then refuse whatever a browser sends there.
 */
export const storeClient = (config: S3ClientConfig): S3Client => new S3Client({ ...config, requestChecksumCalculation: 'WHEN_REQUIRED' })

/** Undefined for what S3 says is absent; a door that is locked is a fault. */
const unlessAbsent = async <T>(asked: Promise<T>): Promise<T | undefined> => {
  try {
    return await asked
  } catch (error) {
    if (error instanceof NoSuchKey || error instanceof NotFound) return undefined
    throw error
  }
}

const isStatus = (error: unknown, ...statuses: number[]): boolean =>
  error instanceof S3ServiceException && statuses.includes(error.$metadata.httpStatusCode ?? 0)

type Answered = { ContentLength?: number | undefined; ETag?: string | undefined } & Parameters<typeof optionsOf>[0]

const metaOf = (key: string, answer: Answered): ObjectMeta => ({ key, size: answer.ContentLength ?? 0, etag: bare(answer.ETag), ...optionsOf(answer) })

const headOf = async ({ client, buckets }: Store, key: string): Promise<ObjectMeta | undefined> => {
  const answer = await unlessAbsent(client.send(new HeadObjectCommand({ Bucket: bucketOf(buckets, key), Key: key })))
  return answer && metaOf(key, answer)
}

const token = (key: string): string => Buffer.from(key).toString('base64url')
const lastKey = (page: string): string => checkedKey(Buffer.from(page, 'base64url').toString())

const PAGE_OBJECTS = 1000

/** What follows `after` in one bucket; `until`: as far as this answer tells everything. */
type Stretch = { entries: ObjectEntry[]; until: string | undefined }

const stretchOf = async (client: S3Client, request: { Bucket: string; Prefix: string; StartAfter?: string }): Promise<Stretch> => {
  const answer = await client.send(new ListObjectsV2Command({ ...request, MaxKeys: PAGE_OBJECTS }))
  const entries = (answer.Contents ?? []).map(({ Key = '', Size = 0, ETag }) => ({ key: Key, size: Size, etag: bare(ETag) }))
  return { entries, until: answer.IsTruncated ? entries.at(-1)?.key : undefined }
}

/** Keys are plain letters, so that their order as text is S3's, which is by bytes. */
const byKey = (one: ObjectEntry, other: ObjectEntry): number => (one.key < other.key ? -1 : 1)

const readers = (store: Store): Pick<Objects, 'get' | 'head' | 'range' | 'list'> => {
  const { client, buckets } = store
  const placeOf = (key: string): { Bucket: string; Key: string } => ({ Bucket: bucketOf(buckets, checkedKey(key)), Key: key })
  return {
    head: async (key) => headOf(store, checkedKey(key)),
    async get(key) {
      const answer = await unlessAbsent(client.send(new GetObjectCommand(placeOf(key))))
      return answer && { ...metaOf(key, answer), bytes: (await answer.Body?.transformToByteArray()) ?? new Uint8Array() }
    },
    async range(key, start, end) {
      const place = placeOf(key)
      // S3 takes such a range for none at all, and answers with the whole object.
      if (end < start) return (await headOf(store, key)) && new Uint8Array()
      try {
        const answer = await unlessAbsent(client.send(new GetObjectCommand({ ...place, Range: `bytes=${start}-${end}` })))
        return answer && ((await answer.Body?.transformToByteArray()) ?? new Uint8Array())
      } catch (error) {
        if (isStatus(error, 416)) return new Uint8Array()
        throw error
      }
    },
    async list(prefix, page) {
      const from = { Prefix: prefix, ...(page !== undefined && { StartAfter: lastKey(page) }) }
      const stretches = await Promise.all(bucketsOf(buckets, prefix).map((Bucket) => stretchOf(client, { Bucket, ...from })))
      const bounds = stretches.flatMap(({ until }) => (until === undefined ? [] : [until])).toSorted()
      const [bound] = bounds
      const known = stretches.flatMap(({ entries }) => entries).filter(({ key }) => bound === undefined || key <= bound)
      const items = known.toSorted(byKey).slice(0, PAGE_OBJECTS)
      const last = items.at(-1)
      return last && (bound !== undefined || known.length > items.length) ? { items, next: token(last.key) } : { items }
    },
  }
}

const MOST_TRIES = 5

const writers = (store: Store): Pick<Objects, 'put' | 'nameFile' | 'remove'> => {
  const { client, buckets } = store
  /** Whether the object that was looked at is now named so; false: another one was put there meanwhile. */
  const renamed = async ({ key, etag }: ObjectMeta, how: PutOptions): Promise<boolean> => {
    const [Bucket, guard] = [bucketOf(buckets, key), { CopySourceIfMatch: etag, IfMatch: etag }]
    try {
      await client.send(new CopyObjectCommand({ Bucket, Key: key, CopySource: `${Bucket}/${key}`, MetadataDirective: 'REPLACE', ...guard, ...headersOf(how) }))
      return true
    } catch (error) {
      // 404: it has gone, which the next look finds. 409: somebody else is writing it.
      if (isStatus(error, 404, 409, 412)) return false
      throw error
    }
  }
  return {
    async put(key, body, options) {
      const Bucket = bucketOf(buckets, checkedKey(key))
      const how = checkedOptions(options)
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
      const answer = await client.send(new PutObjectCommand({ Bucket, Key: key, Body: bytes, ChecksumAlgorithm: 'CRC32', ...headersOf(how) }))
      return { key, size: bytes.byteLength, etag: bare(answer.ETag), ...how }
    },
    async nameFile(key, fileName) {
      checkedKey(key)
      checkedOptions({ type: '', fileName })
      for (let tried = 0; tried < MOST_TRIES; tried += 1) {
        const found = await headOf(store, key)
        if (!found) return
        const { type, cacheControl } = found
        if (await renamed(found, { type, fileName, ...(cacheControl !== undefined && { cacheControl }) })) return
      }
      throw new Error(`${key} is being replaced again and again and could not be given its file name.`)
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucketOf(buckets, checkedKey(key)), Key: key }))
    },
  }
}

/** Objects in S3. Nothing bounds them, so `freeBytes` tells nothing. */
export const objects = (store: Store): Objects => ({
  ...readers(store),
  ...writers(store),
  ...uploads({ ...store, headOf: (key) => headOf(store, key) }),
  freeBytes: async () => undefined,
})
