import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** A request as it came: nothing decoded. */
export type Wire = { method: string; target: string; headers: IncomingHttpHeaders; body: Buffer }

export type Verified = { accessKey: string; service: string; isPresigned: boolean }
export type SignatureFault = 'MissingAuthenticationToken' | 'SignatureDoesNotMatch' | 'RequestExpired' | 'InvalidAccessKeyId' | 'RequestTimeTooSkewed'

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** RFC 3986 as SigV4 asks for it: everything but the unreserved is encoded. */
const encoded = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)

type Scope = { accessKey: string; day: string; region: string; service: string }

const scopeOf = (credential: string): Scope | undefined => {
  const [accessKey, day, region, service, end] = credential.split('/')
  return accessKey && day && region && service && end === 'aws4_request' ? { accessKey, day, region, service } : undefined
}

/** S3 signs a path as it is sent; every other service encodes it once more. */
const canonicalPath = (path: string, service: string): string => (service === 's3' ? path : path.split('/').map(encoded).join('/'))

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')

const canonicalHeaders = (headers: IncomingHttpHeaders, signed: readonly string[]): string =>
  signed
    .map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replace(/\s+/g, ' ')}\n`,
    )
    .join('')

type Claim = { scope: Scope; signed: string[]; signature: string; date: string; payload: string; expiresSeconds: number | undefined }

const claimOf = ({ headers, body }: Wire, query: URLSearchParams): Claim | undefined => {
  if (query.has('X-Amz-Signature')) {
    const scope = scopeOf(query.get('X-Amz-Credential') ?? '')
    const signed = (query.get('X-Amz-SignedHeaders') ?? '').split(';')
    const [date, signature] = [query.get('X-Amz-Date') ?? '', query.get('X-Amz-Signature') ?? '']
    return scope && { scope, signed, signature, date, payload: 'UNSIGNED-PAYLOAD', expiresSeconds: Number(query.get('X-Amz-Expires')) }
  }
  const [, credential = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(headers.authorization ?? '') ?? []
  const scope = scopeOf(credential)
  const payload = String(headers['x-amz-content-sha256'] ?? sha256(body))
  return scope && { scope, signed: names.split(';'), signature, date: String(headers['x-amz-date'] ?? ''), payload, expiresSeconds: undefined }
}

const signatureOf = ({ method, headers, target }: Wire, { scope, signed, date, payload }: Claim, secret: string): string => {
  const url = new URL(target, 'http://endpoint')
  const [rawPath = '/'] = target.split('?', 1)
  const request = [
    method,
    canonicalPath(rawPath, scope.service),
    canonicalQuery(url.searchParams),
    canonicalHeaders(headers, signed),
    signed.join(';'),
    payload,
  ]
  const { day, region, service } = scope
  const text = ['AWS4-HMAC-SHA256', date, `${day}/${region}/${service}/aws4_request`, sha256(request.join('\n'))].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<Buffer | string>((from, part) => hmac(from, part), `AWS4${secret}`)
  return hmac(key, text).toString('hex')
}

const isSame = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** `20261128T172000Z` as milliseconds. */
const momentOf = (date: string): number => Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))

const MOST_SKEW_MS = 15 * 60_000
const HASH = /^[0-9a-f]{64}$/

/**
 * Checks a request's Signature Version 4, in its header or its query, as AWS does: the signature over what was sent, the body's
 * hash where one is given, and the time.
 */
export const verifySignature = (wire: Wire, { secretOf, now }: { secretOf(accessKey: string): string | undefined; now: Date }): Verified | SignatureFault => {
  const claim = claimOf(wire, new URL(wire.target, 'http://endpoint').searchParams)
  if (!claim) return 'MissingAuthenticationToken'
  const { scope, signature, payload, expiresSeconds, date } = claim
  const secret = secretOf(scope.accessKey)
  if (secret === undefined) return 'InvalidAccessKeyId'
  if (!isSame(signatureOf(wire, claim, secret), signature)) return 'SignatureDoesNotMatch'
  if (HASH.test(payload) && payload !== sha256(wire.body)) return 'SignatureDoesNotMatch'
  const age = now.getTime() - momentOf(date)
  if (expiresSeconds !== undefined && !(age <= expiresSeconds * 1000)) return 'RequestExpired'
  if (expiresSeconds === undefined && !(Math.abs(age) <= MOST_SKEW_MS)) return 'RequestTimeTooSkewed'
  return { accessKey: scope.accessKey, service: scope.service, isPresigned: expiresSeconds !== undefined }
}
