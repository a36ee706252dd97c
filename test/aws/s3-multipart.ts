import { md5Of, type Received, received } from './s3-checksums.ts'
import { type Handler, place } from './s3-objects.ts'
import { elements, header, type Operation, S3Fault, type S3Request, unescaped, xml } from './s3-request.ts'
import { checkWrite, type HeldPart, type HeldUpload, keptOf, type Shelf } from './s3-shelf.ts'

const MIN_PART_BYTES = 5 * 1024 ** 2
const MOST_PART_BYTES = 5 * 1024 ** 3
const MOST_PARTS = 10_000
const MOST_LISTED = 1000

/** An upload belongs to its key. @throws S3Fault NoSuchUpload where there is none, or it is another key's. */
const uploadOf = (shelf: Shelf, { bucket, key, query }: S3Request): HeldUpload => {
  const upload = shelf.bucket(bucket).uploads.get(query.get('uploadId') ?? '')
  if (upload?.key !== key)
    throw new S3Fault(
      404,
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    )
  return upload
}

const begin: Handler = ({ shelf }, request) => {
  const { uploads, name } = shelf.bucket(request.bucket)
  const id = `${Buffer.from(`upload ${shelf.next()}`).toString('base64url')}_.-`
  const algorithm = header(request.headers, 'x-amz-checksum-algorithm')?.toLowerCase()
  uploads.set(id, { id, key: request.key, kept: keptOf(request), parts: new Map(), ...(algorithm !== undefined && { algorithm }) })
  return xml('InitiateMultipartUploadResult', elements({ Bucket: name, Key: request.key, UploadId: id }))
}

const invalid = (message: string): S3Fault => new S3Fault(400, 'InvalidRequest', message)

/** An upload that was begun with an algorithm takes parts with a checksum of it only, and one that was begun with none no part that has one. */
const checksumOf = ({ algorithm }: HeldUpload, { checksum }: Received): Pick<HeldPart, 'checksum'> => {
  if (checksum?.algorithm !== algorithm)
    throw invalid(`Checksum Type mismatch occurred, expected checksum Type: ${algorithm ?? 'null'}, actual checksum Type: ${checksum?.algorithm ?? 'null'}`)
  return checksum ? { checksum } : {}
}

const takePart: Handler = ({ shelf, now }, request) => {
  const number = Number(request.query.get('partNumber'))
  if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS)
    throw new S3Fault(400, 'InvalidArgument', `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`)
  const upload = uploadOf(shelf, request)
  const got = received(request)
  if (got.body.length > MOST_PART_BYTES) throw new S3Fault(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size')
  const checksum = checksumOf(upload, got)
  const before = upload.parts.get(number)
  const etag = md5Of(got.body)
  upload.parts.set(number, { number, file: shelf.write(got.body), size: got.body.length, etag, modified: now(), ...checksum })
  if (before) shelf.remove(before.file)
  return { status: 200, headers: { etag: `"${etag}"` } }
}

const inOrder = ({ parts }: HeldUpload): HeldPart[] => [...parts.values()].toSorted((one, other) => one.number - other.number)

const listParts: Handler = ({ shelf }, request) => {
  const upload = uploadOf(shelf, request)
  const after = Number(request.query.get('part-number-marker') ?? 0)
  const most = Math.min(Number(request.query.get('max-parts') ?? MOST_LISTED), MOST_LISTED)
  const rest = inOrder(upload).filter(({ number }) => number > after)
  const page = rest.slice(0, most)
  const parts = page.map(({ number, size, etag, modified, checksum }) => {
    const about = { PartNumber: number, LastModified: modified.toISOString(), ETag: `"${etag}"`, Size: size }
    return `<Part>${elements({ ...about, ...(checksum && { [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value }) })}</Part>`
  })
  const about = { Bucket: request.bucket, Key: upload.key, UploadId: upload.id, PartNumberMarker: after, NextPartNumberMarker: page.at(-1)?.number ?? 0 }
  return xml('ListPartsResult', elements({ ...about, MaxParts: most, IsTruncated: rest.length > page.length }) + parts.join(''))
}

const listUploads: Handler = ({ shelf }, { bucket }) => {
  const uploads = [...shelf.bucket(bucket).uploads.values()].map(({ id, key }) => `<Upload>${elements({ Key: key, UploadId: id })}</Upload>`)
  return xml('ListMultipartUploadsResult', elements({ Bucket: bucket, MaxUploads: MOST_LISTED, IsTruncated: false }) + uploads.join(''))
}

type Named = { number: number; etag: string; checksums: Record<string, string> }

const textOf = (inner: string, name: string): string => unescaped(new RegExp(`<${name}>([^<]*)</${name}>`).exec(inner)?.[1] ?? '')

const namedParts = (body: Buffer): Named[] =>
  [...body.toString().matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, inner = '']) => ({
    number: Number(textOf(inner, 'PartNumber')),
    etag: textOf(inner, 'ETag').replaceAll('"', ''),
    checksums: Object.fromEntries([...inner.matchAll(/<Checksum([A-Z0-9]+)>([^<]*)</g)].map(([, name = '', value = '']) => [name.toLowerCase(), value])),
  }))

const MISSING =
  'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part’s entity tag.'

const checkedPart = ({ parts, algorithm }: HeldUpload, { number, etag, checksums }: Named): HeldPart => {
  const part = parts.get(number)
  if (part?.etag !== etag) throw new S3Fault(400, 'InvalidPart', MISSING)
  if (algorithm !== undefined && checksums[algorithm] === undefined)
    throw invalid(
      `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
    )
  const isOther = Object.entries(checksums).some(([name, value]) => part.checksum?.algorithm !== name || part.checksum.value !== value)
  if (isOther) throw new S3Fault(400, 'InvalidPart', MISSING)
  return part
}

const complete: Handler = (desk, request) => {
  const { shelf, now } = desk
  const bucket = shelf.bucket(request.bucket)
  const upload = uploadOf(shelf, request)
  const named = namedParts(request.body)
  if (named.length === 0) throw new S3Fault(400, 'MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema')
  if (named.some(({ number }, index) => index > 0 && number <= (named[index - 1]?.number ?? 0)))
    throw new S3Fault(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.')
  const parts = named.map((each) => checkedPart(upload, each))
  if (parts.slice(0, -1).some(({ size }) => size < MIN_PART_BYTES))
    throw new S3Fault(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size')
  checkWrite(bucket.objects.get(upload.key), request)
  const etag = `${md5Of(...parts.map((part) => Buffer.from(part.etag, 'hex')))}-${parts.length}`
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  const file = shelf.join(parts.map((part) => part.file))
  bucket.uploads.delete(upload.id)
  for (const part of upload.parts.values()) shelf.remove(part.file)
  place(desk, bucket, { key: upload.key, file, size, etag, modified: now(), kept: upload.kept }, 'CompleteMultipartUpload')
  return xml('CompleteMultipartUploadResult', elements({ Bucket: bucket.name, Key: upload.key, ETag: `"${etag}"` }))
}

const abort: Handler = ({ shelf }, request) => {
  const upload = uploadOf(shelf, request)
  shelf.bucket(request.bucket).uploads.delete(upload.id)
  for (const part of upload.parts.values()) shelf.remove(part.file)
  return { status: 204 }
}

export const multipartHandlers: Partial<Record<Operation, Handler>> = {
  CreateMultipartUpload: begin,
  UploadPart: takePart,
  ListParts: listParts,
  ListMultipartUploads: listUploads,
  CompleteMultipartUpload: complete,
  AbortMultipartUpload: abort,
}
