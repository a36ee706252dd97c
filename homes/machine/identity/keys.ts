import { generateKeyPair, randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose'

export type Keys = { signing: JWK; cookies: string[] }

/** RS256: every client can check it, and checking is three times cheaper than ES256. */
export const ALGORITHM = 'RS256'

const makeSigningKey = async (): Promise<JWK> => {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: ALGORITHM, use: 'sig' }
}

/** Made once and kept with the data, so that a restart signs nobody out. */
export const openKeys = async (database: DatabaseSync): Promise<Keys> => {
  const get = database.prepare('SELECT value FROM secrets WHERE name = ?')
  const put = database.prepare('INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)')
  const kept = async (name: string, make: () => Promise<string> | string): Promise<string> => {
    if (get.get(name) === undefined) put.run(name, await make())
    // Just written, if it was not there.
    return (get.get(name) as { value: string }).value
  }
  return {
    signing: JSON.parse(await kept('signing', async () => JSON.stringify(await makeSigningKey()))),
    cookies: [await kept('cookies', () => randomBytes(32).toString('base64url'))],
  }
}

const PUBLIC: readonly string[] = ['kty', 'n', 'e', 'kid', 'alg', 'use']

/** The half that may be shown. */
export const publicKey = (jwk: JWK): JWK => Object.fromEntries(Object.entries(jwk).filter(([name]) => PUBLIC.includes(name)))
