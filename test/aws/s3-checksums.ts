import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { header, S3Fault, type S3Request } from './s3-request.ts'

const digest = (kind: string, body: Buffer): Buffer => createHash(kind).update(body).digest()

const uint32 = (number: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes
}

const ALGORITHMS: Record<string, (body: Buffer) => Buffer> = {
  crc32: (body) => uint32(crc32(body)),
  sha1: (body) => digest('sha1', body),
  sha256: (body) => digest('sha256', body),
}

export type Checksum = { algorithm: string; value: string }
export type Received = { body: Buffer; checksum?: Checksum }

const PREFIX = 'x-amz-checksum-'
/** They begin alike and are no checksums. */
const WORDS = ['algorithm', 'mode', 'type']

type Framed = { body: Buffer; trailers: [string, string][] }

/**
 * What `aws-chunked` wraps: `<hex length>\r\n<bytes>\r\n … 0\r\n<trailer>:<value>\r\n\r\n`.
 */
const unframed = (framed: Buffer): Framed => {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const end = framed.indexOf('\r\n', at)
    if (end < 0) throw new S3Fault(400, 'IncompleteBody', 'The request body terminated unexpectedly.')
    const length = Number.parseInt(framed.toString('latin1', at, end).split(';')[0] ?? '', 16)
    if (!(length >= 0)) throw new S3Fault(400, 'InvalidRequest', 'A chunk has no length.')
    at = end + 2
    if (length === 0) break
    chunks.push(framed.subarray(at, at + length))
    at += length + 2
  }
  const lines = framed.toString('latin1', at).split('\r\n')
  const trailers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':')
    return colon < 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]]
  })
  return { body: Buffer.concat(chunks), trailers }
}

const framedOf = ({ headers, body }: S3Request): Framed => {
  const how = header(headers, 'x-amz-content-sha256') ?? ''
  if (!how.startsWith('STREAMING-')) return { body, trailers: [] }
  if (how !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') throw new S3Fault(501, 'NotImplemented', `${how} is not played here.`)
  const found = unframed(body)
  if (Number(header(headers, 'x-amz-decoded-content-length')) !== found.body.length)
    throw new S3Fault(400, 'IncompleteBody', 'You did not provide the number of bytes specified.')
  const promised = header(headers, 'x-amz-trailer')
  if (promised !== undefined && !found.trailers.some(([name]) => name === promised))
    throw new S3Fault(400, 'MalformedTrailerError', 'The request contained trailing data that was not well-formed.')
  return found
}

/** Wherever a request may say what its body's checksum is: in a header, behind the body, or, where it is presigned, in its address. */
const claimed = ({ headers, query }: S3Request, trailers: readonly [string, string][]): Checksum[] =>
  [...Object.entries(headers), ...trailers, ...query].flatMap(([name, value]) => {
    const lower = name.toLowerCase()
    const algorithm = lower.slice(PREFIX.length)
    return lower.startsWith(PREFIX) && !WORDS.includes(algorithm) && typeof value === 'string' ? [{ algorithm, value }] : []
  })

/** The body as it was meant, every checksum that came with it compared. @throws S3Fault BadDigest where one is of another body. */
export const received = (request: S3Request): Received => {
  const { body, trailers } = framedOf(request)
  const md5 = header(request.headers, 'content-md5')
  if (md5 !== undefined && md5 !== digest('md5', body).toString('base64'))
    throw new S3Fault(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.')
  const [checksum, another] = claimed(request, trailers)
  if (!checksum) return { body }
  if (another) throw new S3Fault(400, 'InvalidRequest', 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.')
  const compute = ALGORITHMS[checksum.algorithm]
  if (!compute) throw new S3Fault(501, 'NotImplemented', `Checksums of ${checksum.algorithm} are not played here.`)
  if (compute(body).toString('base64') !== checksum.value)
    throw new S3Fault(400, 'BadDigest', `The ${checksum.algorithm.toUpperCase()} you specified did not match the calculated checksum.`)
  return { body, checksum }
}

export const md5Of = (...pieces: Buffer[]): string => pieces.reduce((hash, piece) => hash.update(piece), createHash('md5')).digest('hex')
