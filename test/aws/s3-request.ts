import type { IncomingHttpHeaders } from 'node:http'
import type { Answer, Ask, Call } from './endpoint.ts'

/** An error as S3 words it. */
export class S3Fault extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
export const unescaped = (text: string): string => Object.entries(ENTITIES).reduceRight((whole, [sign, entity]) => whole.replaceAll(entity, sign), text)

/** Elements one below the other; a list is an element each. */
export const elements = (content: Record<string, string | number | boolean | undefined>): string =>
  Object.entries(content)
    .map(([name, value]) => (value === undefined ? '' : `<${name}>${escaped(String(value))}</${name}>`))
    .join('')

export const xml = (root: string, inner: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${root === 'Error' ? '' : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'}>${inner}</${root}>`,
})

export const asError = (status: number, code: string, message: string): Answer =>
  xml('Error', elements({ Code: code, Message: message, RequestId: 'local' }), status)

export type Operation =
  | 'PutObject'
  | 'CopyObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'ListObjectsV2'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'ListParts'
  | 'ListMultipartUploads'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'

export type S3Request = {
  operation: Operation
  bucket: string
  key: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
}

type Place = { bucket: string; key: string }

/** Bucket and key of an encoded path, of which also the slashes may be encoded. */
export const placeOf = (path: string): Place => {
  const [bucket = '', ...rest] = decodeURIComponent(path).replace(/^\//, '').split('/')
  return { bucket, key: rest.join('/') }
}

export const header = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

/** Where a copy is made from. */
export const sourceOf = ({ headers }: Pick<S3Request, 'headers'>): Place => placeOf(header(headers, 'x-amz-copy-source') ?? '')

const asked = ({ method, headers }: Call, query: URLSearchParams, hasKey: boolean): Operation | undefined => {
  if (!hasKey && method === 'GET' && query.has('uploads')) return 'ListMultipartUploads'
  if (!hasKey) return method === 'GET' && query.get('list-type') === '2' ? 'ListObjectsV2' : undefined
  const isOfUpload = query.has('uploadId')
  const isCopy = headers['x-amz-copy-source'] !== undefined
  const table: Record<string, Operation | undefined> = {
    GET: isOfUpload ? 'ListParts' : 'GetObject',
    HEAD: 'HeadObject',
    PUT: isOfUpload ? (isCopy ? undefined : 'UploadPart') : isCopy ? 'CopyObject' : 'PutObject',
    POST: query.has('uploads') ? 'CreateMultipartUpload' : isOfUpload ? 'CompleteMultipartUpload' : undefined,
    DELETE: isOfUpload ? 'AbortMultipartUpload' : 'DeleteObject',
  }
  return table[method]
}

/** @throws S3Fault for an operation that is not played here. */
export const requestOf = (call: Call): S3Request => {
  const { url, headers, body } = call
  const { bucket, key } = placeOf(url.pathname)
  const operation = asked(call, url.searchParams, key !== '')
  if (!operation) throw new S3Fault(501, 'NotImplemented', `${call.method} ${url.pathname}${url.search} is not played here.`)
  return { operation, bucket, key, query: url.searchParams, headers, body }
}

const LEAVE: Record<Operation, string> = {
  PutObject: 's3:PutObject',
  CopyObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  DeleteObject: 's3:DeleteObject',
  ListObjectsV2: 's3:ListBucket',
  ListParts: 's3:ListMultipartUploadParts',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
}

export const arn = (bucket: string, key = ''): string => `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`

export const asksOf = (request: S3Request): Ask[] => {
  const asks = [{ action: LEAVE[request.operation], resource: arn(request.bucket, request.key) }]
  if (request.operation !== 'CopyObject') return asks
  const source = sourceOf(request)
  return [{ action: 's3:GetObject', resource: arn(source.bucket, source.key) }, ...asks]
}
