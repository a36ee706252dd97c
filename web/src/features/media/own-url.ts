import type { Straight } from '#contract/media.ts'
import type { OwnKeys } from './own-keys.ts'

/** As long as the keys live at the most. */
const URL_SECONDS = 3600

type Bytes = Uint8Array<ArrayBuffer>
const bytesOf = (text: string): Bytes => new TextEncoder().encode(text)
const hex = (bytes: ArrayBuffer): string => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const sha256 = async (text: string): Promise<string> => hex(await crypto.subtle.digest('SHA-256', bytesOf(text)))

const hmac = async (key: Bytes, text: string): Promise<ArrayBuffer> =>
  crypto.subtle.sign('HMAC', await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']), bytesOf(text))

/** RFC 3986 as Signature Version 4 asks for it: everything but the unreserved is encoded. */
const encoded = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

export type OwnPart = { number: number; size: number; sha256: string }

/**
 * A URL to PUT one part to, signed with keys of one's own: byte for byte what the school's own client makes (Signature Version 4 in the
 * query, "Authenticating Requests: Using Query Parameters" of S3's reference). The store compares size and digest with what arrives.
 */
export const ownUrl = async (part: OwnPart, { place, keys, now }: { place: Straight; keys: OwnKeys; now: Date }): Promise<string> => {
  const url = new URL(place.url)
  const moment = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const [day = ''] = moment.split('T')
  const scope = `${day}/${place.region}/s3/aws4_request`
  const said: Record<string, string> = {
    ...{ 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256', 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD', 'X-Amz-Credential': `${keys.accessKeyId}/${scope}` },
    ...{ 'X-Amz-Date': moment, 'X-Amz-Expires': String(URL_SECONDS), 'X-Amz-Security-Token': keys.sessionToken },
    ...{ 'X-Amz-SignedHeaders': 'content-length;host', partNumber: String(part.number), uploadId: place.ticket },
    ...{ 'x-amz-checksum-sha256': part.sha256, 'x-id': 'UploadPart' },
  }
  const query = Object.entries(said).map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  const headers = `content-length:${part.size}\nhost:${url.host}\n`
  const request = ['PUT', url.pathname, query.toSorted().join('&'), headers, 'content-length;host', 'UNSIGNED-PAYLOAD'].join('\n')
  const text = ['AWS4-HMAC-SHA256', moment, scope, await sha256(request)].join('\n')
  let key = bytesOf(`AWS4${keys.secretKey}`)
  for (const step of [day, place.region, 's3', 'aws4_request']) key = new Uint8Array(await hmac(key, step))
  return `${url.href}?${query.join('&')}&X-Amz-Signature=${hex(await hmac(key, text))}`
}
