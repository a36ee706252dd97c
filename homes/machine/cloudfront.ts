import { createPublicKey, createVerify, type KeyObject } from 'node:crypto'
import { BlockList, isIPv4 } from 'node:net'
import * as z from 'zod/mini'
import { matchesPattern } from '#core/delivery/behaviours.ts'
import { COOKIES, fromEdgeBase64, type HashAlgorithm, LATEST_EPOCH_SECONDS, policyText } from '#core/delivery/signer.ts'
import type { Keys, LiveKeys, SigningKey } from '#ports/keys.ts'
import { recent } from './recent.ts'

/** Codes and messages of the edge's refusals, as AWS words them. All of them are a 403. */
export const REFUSALS = {
  MissingKey: 'Missing Key-Pair-Id query parameter or cookie value',
  InvalidKey: 'Unknown Key',
  MalformedPolicy: 'Malformed Policy',
  AccessDenied: 'Access denied',
} as const
export type EdgeRefusal = keyof typeof REFUSALS

/** One request as the edge sees it. */
export type Viewer = {
  /** Scheme, host and the raw request target with its query: percent-encoded as sent, never normalised. */
  url: string
  /** The whole Cookie header. */
  cookies: string | undefined
  /** The viewer's address; read only when a policy asks for it. */
  address: string | undefined
  now: Date
}

type Field = keyof typeof COOKIES
const FIELDS: readonly Field[] = ['policy', 'expires', 'signature', 'key', 'hash']
const PARAMETERS = { policy: 'Policy', expires: 'Expires', signature: 'Signature', key: 'Key-Pair-Id', hash: 'Hash-Algorithm' } as const satisfies Record<
  Field,
  string
>

type Grant = Partial<Record<Field, string>>

/** One IPv4 address or block; undefined when it is neither. */
const block = (source: string): BlockList | undefined => {
  const [, address = '', bits = '32'] = /^([0-9.]+)(?:\/(\d{1,2}))?$/.exec(source) ?? []
  if (!isIPv4(address) || Number(bits) > 32) return undefined
  const list = new BlockList()
  list.addSubnet(address, Number(bits), 'ipv4')
  return list
}

/** Milliseconds would be a grant for fifty thousand years: no more than a signer's mistake, and refused like one. */
const epoch = z.strictObject({ 'AWS:EpochTime': z.int().check(z.positive(), z.lt(LATEST_EPOCH_SECONDS)) })

/**
 * What may stand in a policy. AWS does not say what becomes of other members: here they are refused, for a condition
 * that is not understood would otherwise be one that is not kept.
 */
const Policy = z.strictObject({
  Statement: z.tuple([
    z.strictObject({
      Resource: z.optional(z.string().check(z.regex(/^(http[s*]?:\/\/|\*)/))),
      Condition: z.strictObject({
        DateLessThan: epoch,
        DateGreaterThan: z.optional(epoch),
        IpAddress: z.optional(z.strictObject({ 'AWS:SourceIp': z.string().check(z.refine((source) => block(source) !== undefined)) })),
      }),
    }),
  ]),
})
type Policy = z.infer<typeof Policy>

/** Pairs of one field; undefined when it is given twice and the two disagree. */
const gather = (pairs: Iterable<readonly [string, string]>, names: Record<Field, string>): Grant | undefined => {
  const grant: Grant = {}
  for (const [name, value] of pairs) {
    const field = FIELDS.find((known) => names[known] === name)
    if (!field) continue
    if (grant[field] !== undefined && grant[field] !== value) return undefined
    grant[field] = value
  }
  return grant
}

const pair = (text: string): readonly [string, string] => {
  const equals = text.indexOf('=')
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)]
}

const cookiePairs = (header: string): (readonly [string, string])[] => header.split(';').map((text) => pair(text.trim()))

/** The URL without the parameters of a signature: what a policy's Resource is matched with. */
const split = (url: string): { base: string; grant: Grant | undefined; isSignedUrl: boolean } => {
  const mark = url.indexOf('?')
  if (mark < 0) return { base: url, grant: {}, isSignedUrl: false }
  const parts = url.slice(mark + 1).split('&')
  const names: readonly string[] = Object.values(PARAMETERS)
  const own = parts.filter((part) => !names.includes(pair(part)[0]))
  if (own.length === parts.length) return { base: url, grant: {}, isSignedUrl: false }
  const base = own.length > 0 ? `${url.slice(0, mark)}?${own.join('&')}` : url.slice(0, mark)
  return { base, grant: gather(parts.map(pair), PARAMETERS), isSignedUrl: true }
}

/** The exact text that was signed, and what it says; undefined when that is no policy. */
const readPolicy = (grant: Grant, base: string): { text: Uint8Array | string; policy: Policy } | undefined => {
  // Canned and custom at once: AWS does not say which one wins, so neither does.
  if ((grant.policy === undefined) === (grant.expires === undefined)) return undefined
  if (grant.expires !== undefined) {
    if (!/^[1-9]\d{0,10}$/.test(grant.expires)) return undefined
    const expires = Number(grant.expires)
    const text = policyText(base, expires)
    // The rebuilt policy names the very URL, in which nothing is a wildcard: the signature alone says whether it is the one meant.
    return { text, policy: { Statement: [{ Condition: { DateLessThan: { 'AWS:EpochTime': expires } } }] } }
  }
  const text = fromEdgeBase64(grant.policy ?? '')
  if (!text) return undefined
  try {
    const parsed = Policy.safeParse(JSON.parse(new TextDecoder().decode(text)))
    return parsed.success ? { text, policy: parsed.data } : undefined
  } catch {
    return undefined
  }
}

const hashOf = (grant: Grant): HashAlgorithm | undefined => {
  if (grant.hash === undefined || grant.hash === 'SHA1') return 'SHA1'
  return grant.hash === 'SHA256' ? 'SHA256' : undefined
}

const holdsSignature = (grant: Grant, text: Uint8Array | string, key: KeyObject): boolean => {
  const hash = hashOf(grant)
  const signature = fromEdgeBase64(grant.signature ?? '')
  return hash !== undefined && signature !== undefined && createVerify(hash).update(text).verify(key, signature)
}

/** Policies know IPv4 only: a viewer who comes by IPv6 is outside of every block. */
const isFrom = (list: BlockList | undefined, address: string | undefined): boolean => {
  const plain = (address ?? '').replace(/^::ffff:/i, '')
  return list !== undefined && isIPv4(plain) && list.check(plain, 'ipv4')
}

/** Whether a policy whose signature holds opens this URL now, to this viewer. */
const opens = ({ Statement: [statement] }: Policy, base: string, { address, now }: Viewer): boolean => {
  const { DateLessThan: before, DateGreaterThan: after, IpAddress: from } = statement.Condition
  const seconds = now.getTime() / 1000
  // A policy without a Resource opens everything its key opens; the school's signer never makes one.
  const isCovered = statement.Resource === undefined || matchesPattern(statement.Resource, base)
  const isTime = seconds < before['AWS:EpochTime'] && (after === undefined || seconds > after['AWS:EpochTime'])
  return isCovered && isTime && (from === undefined || isFrom(block(from['AWS:SourceIp']), address))
}

/** So many viewers at once, whose headers are no longer than a browser with a few more cookies sends: at most a few megabytes. */
const MOST_PROVEN = 1000
const LONGEST_PROVEN = 4096

/**
 * Cookie headers whose custom policy has been proven: a viewer shows the very same one for every segment, and its signature
 * is most of what a check costs. What was refused is never kept, and the least lately used goes first.
 */
const provenHeaders = (): { get(header: string): Policy | undefined; keep(header: string, policy: Policy): void } => {
  const kept = recent<Policy>(MOST_PROVEN)
  return {
    get: kept.get,
    keep(header, policy) {
      if (header.length <= LONGEST_PROVEN) kept.set(header, policy)
    },
  }
}

/**
 * CloudFront's check of signed URLs and signed cookies: undefined lets the request through.
 *
 * Any of the five parameters in the query makes it a signed URL, and cookies are not looked at. A cookie or parameter
 * that comes twice with different values is refused (`AccessDenied`): AWS does not say which of them counts. The order in
 * which several faults are noticed is not documented either; here it is key, policy, signature, then what the policy says.
 * Cookies that come again are spared the signature; what their policy says is held against each request.
 */
export const cloudFront = (signingKeys: readonly Pick<SigningKey, 'id' | 'publicKey'>[]): ((viewer: Viewer) => EdgeRefusal | undefined) => {
  const keys = new Map(signingKeys.map(({ id, publicKey }) => [id, createPublicKey(publicKey)]))
  const proven = provenHeaders()

  const prove = (grant: Grant | undefined, base: string): Policy | EdgeRefusal => {
    if (!grant) return 'AccessDenied'
    if (!grant.key) return 'MissingKey'
    const key = keys.get(grant.key)
    if (!key) return 'InvalidKey'
    const read = readPolicy(grant, base)
    if (!read) return 'MalformedPolicy'
    return holdsSignature(grant, read.text, key) ? read.policy : 'AccessDenied'
  }

  const proveCookies = (header: string, base: string): Policy | EdgeRefusal => {
    const before = proven.get(header)
    if (before) return before
    const grant = gather(cookiePairs(header), COOKIES)
    const outcome = prove(grant, base)
    // A canned policy is signed for one URL: that it holds there says nothing of the next.
    if (typeof outcome !== 'string' && grant?.policy !== undefined) proven.keep(header, outcome)
    return outcome
  }

  return (viewer) => {
    const { base, grant, isSignedUrl } = split(viewer.url)
    const outcome = isSignedUrl ? prove(grant, base) : proveCookies(viewer.cookies ?? '', base)
    if (typeof outcome === 'string') return outcome
    return opens(outcome, base, viewer) ? undefined : 'AccessDenied'
  }
}

/** The same check with the keys that are live at each request. They are parsed once for as long as they stay the same. */
export const cloudFrontOf = (keys: Keys): ((viewer: Viewer) => Promise<EdgeRefusal | undefined>) => {
  const checks = new WeakMap<LiveKeys, ReturnType<typeof cloudFront>>()
  return async (viewer) => {
    const live = await keys.live()
    const check = checks.get(live) ?? cloudFront(live)
    checks.set(live, check)
    return check(viewer)
  }
}
