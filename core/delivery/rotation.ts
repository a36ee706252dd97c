import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { LiveKeys, SigningKey } from '#ports/keys.ts'
import { type Secret, secret } from '#ports/secret.ts'
import type { Settings, World } from '#ports/world.ts'
import { FILE_URL_SECONDS } from './signer.ts'

/** The two kinds of key a CloudFront key group takes. */
export type KeyKind = 'EC P-256' | 'RSA-2048'

/** Undefined for text that is no public key, or one of another kind. */
export const kindOf = (publicKey: string): KeyKind | undefined => {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(publicKey)
    if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'EC P-256'
    return asymmetricKeyType === 'rsa' && asymmetricKeyDetails?.modulusLength === 2048 ? 'RSA-2048' : undefined
  } catch {
    return undefined
  }
}

/** Whether the two halves belong together. */
export const isPair = ({ privateKey, publicKey }: { privateKey: Secret; publicKey: string }): boolean => {
  try {
    return createPublicKey(createPrivateKey(privateKey.reveal())).equals(createPublicKey(publicKey))
  } catch {
    return false
  }
}

/** EC P-256: cookies of 0.4 KB instead of RSA's 0.6, and ten times as many signatures a second. A home makes it once and keeps it. */
export const newSigningKey = ({ ids, clock }: Pick<World, 'ids' | 'clock'>): SigningKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return { id: ids.make('key'), since: clock.now().toISOString(), privateKey: secret(privateKey), publicKey }
}

/** Until every process signs with the new key, and clocks that differ a little. */
const MARGIN_SECONDS = 60

type Signing = Pick<Settings, 'playbackTtlSeconds'>

/** From here on nothing can be valid any more that a key signed which was replaced at `replaced` (ISO 8601). */
const spentAt = (replaced: string, { playbackTtlSeconds }: Signing): Date =>
  new Date(Date.parse(replaced) + (Math.max(playbackTtlSeconds, FILE_URL_SECONDS) + MARGIN_SECONDS) * 1000)

/** What one of the live keys is for. A `spent` one goes at the next rotation. */
export type KeyState = { is: 'signing' } | { is: 'verifying'; until: Date } | { is: 'spent' }

export const keyStates = (live: LiveKeys, settings: Signing, now: Date): { key: SigningKey; state: KeyState }[] =>
  live.map((key, at) => {
    const successor = live[at - 1]
    if (!successor) return { key, state: { is: 'signing' } }
    const until = spentAt(successor.since, settings)
    return { key, state: now < until ? { is: 'verifying', until } : { is: 'spent' } }
  })

/** A new key in front of the one that signed, and only these two; or how long a former key is needed still. */
export const rotated = (live: LiveKeys, fresh: SigningKey, settings: Signing): { keys: LiveKeys } | { waitSeconds: number } => {
  const now = new Date(fresh.since)
  const needed = keyStates(live, settings, now).flatMap(({ state }) => (state.is === 'verifying' ? [state.until.getTime()] : []))
  if (needed.length > 0) return { waitSeconds: Math.ceil((Math.max(...needed) - now.getTime()) / 1000) }
  return { keys: [fresh, live[0]] }
}
