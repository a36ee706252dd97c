import { generateKeyPairSync } from 'node:crypto'
import type { SigningKey } from '#ports/keys.ts'
import { secret } from '#ports/secret.ts'
import { newSigningKey } from './rotation.ts'

const since = '2026-11-22T09:00:00.000Z'
const pem = { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } } as const

/** RSA-2048, unless told otherwise. */
export const anRsaKey = (id: string, modulusLength = 2048): SigningKey => {
  const pair = generateKeyPairSync('rsa', { modulusLength, ...pem })
  return { id, since, publicKey: pair.publicKey, privateKey: secret(pair.privateKey) }
}

export const anEcKey = (id: string): SigningKey => newSigningKey({ ids: { make: () => id, secret: () => '' }, clock: { now: () => new Date(since) } })

/** The two kinds of key a school may have, and one that is nobody's. */
export const rsa = anRsaKey('K1RSA')
export const ec = anEcKey('K2EC')
export const stranger = anEcKey('K3NOBODY')
