import { generateKeyPair, randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose'
import type { Clock } from '#ports/clock.ts'
import { transaction } from '../database.ts'
import { openStore } from './store.ts'

/** `former`: keys that sign no more and verify until nothing of theirs can be good. */
export type Keys = { signing: JWK; former: JWK[]; cookies: string[] }

/** RS256: every client can check it, and checking is three times cheaper than ES256. */
export const ALGORITHM = 'RS256'

/** An RSA key by its thumbprint's name (RFC 7638). */
export const makeSigningKey = async (): Promise<JWK> => {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: ALGORITHM, use: 'sig' }
}

/** ID tokens say whose session is to end, and are taken for that as long as a session lasts: a day is more than both. */
const FORMER_MS = 24 * 3_600_000

type Former = { key: JWK; until: number }

const statements = (database: DatabaseSync) => {
  const get = database.prepare('SELECT value FROM secrets WHERE name = ?')
  const put = database.prepare('INSERT OR REPLACE INTO secrets (name, value) VALUES (?, ?)')
  return {
    // The column the statement names.
    get: (name: string): string | undefined => (get.get(name) as { value: string } | undefined)?.value,
    put: (name: string, value: string): void => void put.run(name, value),
  }
}

const formerIn = (text: string | undefined, now: number): Former[] => {
  // Written below.
  const all = text === undefined ? [] : (JSON.parse(text) as Former[])
  return all.filter(({ until }) => until > now)
}

/** Made once and kept with the data, so that a restart signs nobody out. */
const openKeys = async (database: DatabaseSync, clock: Clock): Promise<Keys> => {
  const { get, put } = statements(database)
  if (get('signing') === undefined) put('signing', JSON.stringify(await makeSigningKey()))
  if (get('cookies') === undefined) put('cookies', randomBytes(32).toString('base64url'))
  return {
    signing: JSON.parse(get('signing') ?? ''),
    former: formerIn(get('former'), clock.now().getTime()).map(({ key }) => key),
    cookies: [get('cookies') ?? ''],
  }
}

/** How soon an open school takes up another key. */
const LOOK_MS = 5_000

/** The keys as they are; another program may have put a new one in front. The same object while nothing has changed. */
export const holdKeys = async (database: DatabaseSync, clock: Clock): Promise<{ now(): Keys }> => {
  const { get } = statements(database)
  let [held, lookedAt] = [await openKeys(database, clock), performance.now()]
  return {
    now() {
      if (performance.now() - lookedAt < LOOK_MS) return held
      lookedAt = performance.now()
      const signing: JWK = JSON.parse(get('signing') ?? 'null')
      const former = formerIn(get('former'), clock.now().getTime()).map(({ key }) => key)
      const isSame = signing.kid === held.signing.kid && former.length === held.former.length
      if (!isSame) held = { ...held, signing, former }
      return held
    },
  }
}

/** Puts a new key in front. `isLeaked`: what the former has signed is refused from then on. Answers the new key's id. */
export const rotateSigningKey = async (database: DatabaseSync, clock: Clock, isLeaked: boolean): Promise<string> => {
  const { get, put } = statements(database)
  const [made, now] = [await makeSigningKey(), clock.now().getTime()]
  return transaction(database, () => {
    const signing = get('signing')
    const kept = isLeaked || signing === undefined ? [] : [{ key: JSON.parse(signing), until: now + FORMER_MS }, ...formerIn(get('former'), now)]
    put('former', JSON.stringify(kept))
    put('signing', JSON.stringify(made))
    return made.kid ?? ''
  })
}

/** The same in a data folder, for the operator. */
export const rotateKeyIn = async (folder: string, clock: Clock, isLeaked: boolean): Promise<string> => {
  const database = openStore(folder)
  try {
    return await rotateSigningKey(database, clock, isLeaked)
  } finally {
    database.close()
  }
}

const PUBLIC: readonly string[] = ['kty', 'n', 'e', 'kid', 'alg', 'use']

/** The half that may be shown. */
export const publicKey = (jwk: JWK): JWK => Object.fromEntries(Object.entries(jwk).filter(([name]) => PUBLIC.includes(name)))
