import { createSign } from 'node:crypto'
import type { LiveKeys, SigningKey } from '#ports/keys.ts'
import type { Secret } from '#ports/secret.ts'
import type { Settings } from '#ports/world.ts'

/** CloudFront's two digests. A cookie set or URL that names none is SHA1, which is why ours always names SHA256. */
export type HashAlgorithm = 'SHA1' | 'SHA256'

export const COOKIES = {
  policy: 'CloudFront-Policy',
  expires: 'CloudFront-Expires',
  signature: 'CloudFront-Signature',
  key: 'CloudFront-Key-Pair-Id',
  hash: 'CloudFront-Hash-Algorithm',
} as const

/** Names the stream that the cookies beside it were made for. CloudFront does not read it; the machine's edge asks whether that stream still runs. */
export const STREAM_COOKIE = 'Lectern-Stream'

/** Standard base64 with the three characters that are not safe in a URL replaced; it is not base64url. */
export const toEdgeBase64 = (bytes: Uint8Array | string): string =>
  (typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes).toBase64().replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~')

/** Undefined unless it is exactly what `toEdgeBase64` makes: one grant has one spelling. */
export const fromEdgeBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  if (!/^[A-Za-z0-9~-]+_{0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  try {
    return Uint8Array.fromBase64(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), { lastChunkHandling: 'strict' })
  } catch {
    // Bits beyond the last byte that are not zero: another spelling of the same bytes.
    return undefined
  }
}

/** The canonical text of a policy that has only an end: the edge rebuilds it byte for byte from a canned grant, so the order counts. */
export const policyText = (resource: string, expiresEpochSeconds: number): string =>
  JSON.stringify({ Statement: [{ Resource: resource, Condition: { DateLessThan: { 'AWS:EpochTime': expiresEpochSeconds } } }] })

/** Scheme, host and port only: no user, path, quote, backslash, control character or wildcard can ride along. */
const ORIGIN = /^https?:\/\/[A-Za-z0-9.[\]:-]+$/
/** An id of ours or of AWS's: it stands in policies and Set-Cookie lines as it is. */
const ID = /^[A-Za-z0-9_-]{1,128}$/
const MEDIA = /^https?:\/\/[A-Za-z0-9.[\]:-]+\/media\/[A-Za-z0-9_-]{1,128}\/\*$/
/** Later than this is milliseconds taken for seconds (the year 5138). */
export const LATEST_EPOCH_SECONDS = 100_000_000_000

/** Where a page finds an object behind the lock: a path on its own host, or a URL of the host that media are served from. */
export const mediaAddress = ({ url, mediaUrl }: Pick<Settings, 'url' | 'mediaUrl'>, key: string): string => `${mediaUrl === url ? '' : mediaUrl}/${key}`

/**
 * What a grant for one video opens: everything below `media/<video>/`, and no sibling that merely begins with its id.
 *
 * @throws Error for an origin or an id that could widen the pattern or break out of the policy's JSON.
 */
export const mediaResource = (url: string, video: string): string => {
  if (!ORIGIN.test(url)) throw new Error('Media can be signed only for a plain http or https origin.')
  if (!ID.test(video)) throw new Error('Media can be signed only for a plain video id.')
  return `${url}/media/${video}/*`
}

/** The key of a lesson's file, as core/files names them. */
const FILE_KEY = /^files\/[A-Za-z0-9_-]{1,128}\/[A-Za-z0-9_-]{1,128}$/

/**
 * The one object that a file's URL opens.
 *
 * @throws Error for an origin or a key that could name more than one object or break out of the policy's JSON.
 */
export const fileResource = (url: string, key: string): string => {
  if (!ORIGIN.test(url)) throw new Error('Files can be signed only for a plain http or https origin.')
  if (!FILE_KEY.test(key)) throw new Error('Only the key of a lesson’s file can be signed.')
  return `${url}/${key}`
}

/** The signature in CloudFront's base64: PKCS#1 v1.5 by an RSA key, DER by an EC key. */
export const signText = (text: string, privateKey: Secret, hash: HashAlgorithm): string => toEdgeBase64(createSign(hash).update(text).sign(privateKey.reveal()))

type Grant = { resource: string; expiresEpochSeconds: number; key: Pick<SigningKey, 'id' | 'privateKey'> }

const checkGrant = ({ expiresEpochSeconds, key }: Omit<Grant, 'resource'>): void => {
  const isTime = Number.isInteger(expiresEpochSeconds) && expiresEpochSeconds > 0 && expiresEpochSeconds < LATEST_EPOCH_SECONDS
  if (!isTime) throw new Error('A grant ends at a time in whole seconds.')
  if (!ID.test(key.id)) throw new Error('A key has a plain id.')
}

/**
 * Names and values of the four cookies that carry a custom policy.
 *
 * @throws Error for anything but one video, an end in whole seconds and a plain key id. `JSON.stringify` would escape a quote; a
 * resource that has one was not made by `mediaResource`.
 */
export const signedCookies = ({ resource, expiresEpochSeconds, key }: Grant): [name: string, value: string][] => {
  if (!MEDIA.test(resource)) throw new Error('Cookies can be signed only for one video.')
  checkGrant({ expiresEpochSeconds, key })
  const policy = policyText(resource, expiresEpochSeconds)
  return [
    [COOKIES.policy, toEdgeBase64(policy)],
    [COOKIES.signature, signText(policy, key.privateKey, 'SHA256')],
    [COOKIES.key, key.id],
    [COOKIES.hash, 'SHA256'],
  ]
}

/** Epoch seconds: so long from now, but not beyond the moment (ISO 8601) at which the right itself ends. */
const expiryOf = (now: Date, ttlSeconds: number, until: string | undefined): number => {
  const nowSeconds = Math.floor(now.getTime() / 1000)
  const left = until === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(Date.parse(until) / 1000) - nowSeconds)
  return nowSeconds + Math.min(ttlSeconds, left)
}

type PlaybackOptions = {
  settings: Pick<Settings, 'url' | 'mediaUrl' | 'playbackTtlSeconds'>
  /** The first signs. */
  keys: LiveKeys
  video: string
  stream: string
  now: Date
  /** When the right itself ends (ISO 8601): nothing is signed beyond. */
  until?: string | undefined
}

/**
 * The school sets the cookies and another of its hosts reads them: that must lie below the school's own.
 *
 * @throws Error for any other host, which would never be sent them.
 */
const sharing = ({ url, mediaUrl }: Pick<Settings, 'url' | 'mediaUrl'>): string[] => {
  if (mediaUrl === url) return []
  const [{ hostname: school }, { hostname: media }] = [new URL(url), new URL(mediaUrl)]
  if (!media.endsWith(`.${school}`)) throw new Error('Media are served from the school’s own host or from one below it.')
  return [`Domain=${school}`]
}

/**
 * Whole `Set-Cookie` lines that let a browser read one video for `ttlSeconds` from now. They have no Expires or Max-Age: the
 * policy holds the time, and a session cookie is gone with the browser.
 */
export const playbackCookies = ({ settings, keys: [key], video, stream, now, until }: PlaybackOptions): { cookies: string[]; ttlSeconds: number } => {
  if (!ID.test(stream)) throw new Error('A stream has a plain id.')
  const expiresEpochSeconds = expiryOf(now, settings.playbackTtlSeconds, until)
  const ttlSeconds = expiresEpochSeconds - Math.floor(now.getTime() / 1000)
  const values = signedCookies({ resource: mediaResource(settings.mediaUrl, video), expiresEpochSeconds, key })
  const attributes = [`Path=/media/${video}/`, ...sharing(settings), 'HttpOnly', 'SameSite=Lax', ...(settings.url.startsWith('https:') ? ['Secure'] : [])].join(
    '; ',
  )
  const named = [...values, [STREAM_COOKIE, stream]]
  return { cookies: named.map(([name, value]) => `${name}=${value}; ${attributes}`), ttlSeconds }
}

/** Long enough for a slow phone to begin, and to go on after a lost line; a URL that has been passed on is soon of no use. */
export const FILE_URL_SECONDS = 300

type FileOptions = {
  settings: Pick<Settings, 'mediaUrl'>
  /** The first signs. */
  keys: LiveKeys
  file: string
  now: Date
  /** When the right itself ends (ISO 8601): nothing is signed beyond. */
  until?: string | undefined
}

/**
 * A URL that opens exactly one object, of key `file`, for at most `FILE_URL_SECONDS`: CloudFront's canned policy, which knows no wildcard.
 *
 * @throws Error for anything but one lesson's file, an end in whole seconds and a plain key id.
 */
export const signedFileUrl = ({ settings, keys: [key], file, now, until }: FileOptions): { url: string; expiresAt: string } => {
  const resource = fileResource(settings.mediaUrl, file)
  const expiresEpochSeconds = expiryOf(now, FILE_URL_SECONDS, until)
  checkGrant({ expiresEpochSeconds, key })
  const signature = signText(policyText(resource, expiresEpochSeconds), key.privateKey, 'SHA256')
  const query = `Expires=${expiresEpochSeconds}&Signature=${signature}&Key-Pair-Id=${key.id}&Hash-Algorithm=SHA256`
  return { url: `${resource}?${query}`, expiresAt: new Date(expiresEpochSeconds * 1000).toISOString() }
}
