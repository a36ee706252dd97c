import type { Answer } from './endpoint.ts'
import { md5Of, received } from './s3-checksums.ts'
import { elements, header, type Operation, S3Fault, type S3Request, sourceOf, xml } from './s3-request.ts'
import { type Bucket, checkWrite, type Held, keptOf, readVerdict, type Shelf } from './s3-shelf.ts'

export type Reason = 'PutObject' | 'CompleteMultipartUpload' | 'CopyObject'

export type Desk = {
  shelf: Shelf
  now(): Date
  /** Has S3 tell of an object it has just been given. */
  tell(bucket: Bucket, held: Held, reason: Reason): void
  /** How S3 answers for what is not there: who may not list the bucket is not told so. */
  absent(bucket: string): S3Fault
}

export type Handler = (desk: Desk, request: S3Request) => Answer

/** Puts an object in its place, and the one before it away. */
export const place = ({ shelf, tell }: Desk, bucket: Bucket, held: Held, reason: Reason): void => {
  const before = bucket.objects.get(held.key)
  bucket.objects.set(held.key, held)
  if (before) shelf.remove(before.file)
  tell(bucket, held, reason)
}

const put: Handler = (desk, request) => {
  const { shelf, now } = desk
  const bucket = shelf.bucket(request.bucket)
  const { body, checksum } = received(request)
  const kept = keptOf(request)
  checkWrite(bucket.objects.get(request.key), request)
  const etag = md5Of(body)
  const held: Held = { key: request.key, file: shelf.write(body), size: body.length, etag, modified: now(), kept, ...(checksum && { checksum }) }
  place(desk, bucket, held, 'PutObject')
  return { status: 200, headers: { etag: `"${etag}"`, ...(checksum && { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value }) } }
}

const MOST_COPIED_BYTES = 5 * 1024 ** 3

const copy: Handler = (desk, request) => {
  const { shelf, now } = desk
  const { headers, key } = request
  const source = sourceOf(request)
  const held = shelf.bucket(source.bucket).objects.get(source.key)
  if (!held) throw desk.absent(source.bucket)
  const match = header(headers, 'x-amz-copy-source-if-match')
  if (readVerdict(held, { match, noneMatch: undefined }) !== 200)
    throw new S3Fault(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
  if (held.size > MOST_COPIED_BYTES) throw new S3Fault(400, 'InvalidRequest', 'The specified copy source is larger than the maximum allowable size.')
  const isReplaced = header(headers, 'x-amz-metadata-directive') === 'REPLACE'
  if (!isReplaced && source.bucket === request.bucket && source.key === key)
    throw new S3Fault(400, 'InvalidRequest', 'This copy request is illegal because it is trying to copy an object to itself without changing anything.')
  const bucket = shelf.bucket(request.bucket)
  checkWrite(bucket.objects.get(key), request)
  const body = shelf.read(held.file, 0, held.size)
  const etag = md5Of(body)
  const modified = now()
  place(desk, bucket, { key, file: shelf.write(body), size: held.size, etag, modified, kept: isReplaced ? keptOf(request) : held.kept }, 'CopyObject')
  return xml('CopyObjectResult', elements({ ETag: `"${etag}"`, LastModified: modified.toISOString() }))
}

/** First and last byte of a range, cut to the object; undefined for what is no range, which S3 answers with the whole. */
const spanOf = (range: string | undefined, size: number): [number, number] | undefined => {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  if (from === '' && to === '') return undefined
  const [start, end] = from === '' ? [Math.max(0, size - Number(to)), size - 1] : [Number(from), to === '' ? size - 1 : Number(to)]
  if (end < start && to !== '' && from !== '') return undefined
  if (start >= size) throw new S3Fault(416, 'InvalidRange', 'The requested range is not satisfiable')
  return [start, Math.min(end, size - 1)]
}

/** What a presigned address may have S3 say instead. */
const OVERRIDES = ['content-type', 'content-disposition', 'cache-control', 'content-language', 'expires']

const headersOf = (held: Held, { query, headers }: S3Request, isWhole: boolean): Record<string, string> => ({
  etag: `"${held.etag}"`,
  'last-modified': held.modified.toUTCString(),
  'accept-ranges': 'bytes',
  ...held.kept,
  ...Object.fromEntries(OVERRIDES.flatMap((name) => (query.has(`response-${name}`) ? [[name, query.get(`response-${name}`) ?? '']] : []))),
  ...(held.checksum &&
    isWhole &&
    header(headers, 'x-amz-checksum-mode') === 'ENABLED' && { [`x-amz-checksum-${held.checksum.algorithm}`]: held.checksum.value }),
})

const read: Handler = (desk, request) => {
  const { shelf } = desk
  const held = shelf.bucket(request.bucket).objects.get(request.key)
  if (!held) throw desk.absent(request.bucket)
  const { headers } = request
  const verdict = readVerdict(held, { match: header(headers, 'if-match'), noneMatch: header(headers, 'if-none-match') })
  if (verdict === 412) throw new S3Fault(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
  if (verdict === 304) return { status: 304, headers: { etag: `"${held.etag}"` } }
  const span = spanOf(header(headers, 'range'), held.size)
  const [start, end] = span ?? [0, held.size - 1]
  const said = headersOf(held, request, span === undefined)
  const length = end - start + 1
  if (request.operation === 'HeadObject') return { status: span ? 206 : 200, headers: { ...said, 'content-length': String(length) } }
  const body = shelf.read(held.file, start, length)
  return span ? { status: 206, headers: { ...said, 'content-range': `bytes ${start}-${end}/${held.size}` }, body } : { status: 200, headers: said, body }
}

const remove: Handler = ({ shelf }, request) => {
  const { objects } = shelf.bucket(request.bucket)
  const held = objects.get(request.key)
  if (held) {
    checkWrite(held, request)
    objects.delete(request.key)
    shelf.remove(held.file)
  }
  return { status: 204 }
}

const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))
const MOST_KEYS = 1000

const shown = ({ key, size, etag, modified }: Held): string =>
  `<Contents>${elements({ Key: key, LastModified: modified.toISOString(), ETag: `"${etag}"`, Size: size, StorageClass: 'STANDARD' })}</Contents>`

const list: Handler = ({ shelf }, { bucket, query }) => {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const token = query.get('continuation-token')
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString()
  const most = Math.min(Number(query.get('max-keys') ?? MOST_KEYS), MOST_KEYS)
  const { objects } = shelf.bucket(bucket)
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).toSorted(byBytes)
  /** What a key is listed as: itself, or the folder it lies in. */
  const listedAs = (key: string): string => {
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    return at < 0 ? key : key.slice(0, at + delimiter.length)
  }
  const entries = [...new Set(keys.map(listedAs))].filter((entry) => byBytes(entry, after) > 0)
  const page = entries.slice(0, most)
  const last = page.at(-1)
  const isTruncated = entries.length > page.length
  const next = isTruncated && last !== undefined ? Buffer.from(last).toString('base64url') : undefined
  const inner = page.map((entry) => {
    const held = objects.get(entry)
    return held ? shown(held) : `<CommonPrefixes>${elements({ Prefix: entry })}</CommonPrefixes>`
  })
  const about = { Name: bucket, Prefix: prefix, KeyCount: page.length, MaxKeys: most, IsTruncated: isTruncated, NextContinuationToken: next }
  return xml('ListBucketResult', elements(about) + inner.join(''))
}

export const objectHandlers: Partial<Record<Operation, Handler>> = {
  PutObject: put,
  CopyObject: copy,
  GetObject: read,
  HeadObject: read,
  DeleteObject: remove,
  ListObjectsV2: list,
}
