import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'
import * as z from 'zod/mini'
import type { PublicKey } from '#contract/certificates.ts'
import { ofNobody } from '#core/personal.ts'
import { all, records } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import type { SigningKey } from '#ports/keys.ts'
import type { World } from '#ports/world.ts'

/** A public half that has signed: kept for good, since credentials outlive the key in use. */
const keyRecords = records({
  schema: z.object({ id: z.string(), x: z.string(), since: z.string() }),
  key: ({ id }: { id: string }) => ({ pk: 'school', sk: `credential-key#${id}` }),
  people: ofNobody,
})

/** RFC 8410: what stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

type CredentialKey = { id: string; x: string; since: string; privateKey: KeyObject }

/** RFC 7638. */
const thumbprint = (x: string): string =>
  createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url')

/**
 * The Ed25519 key that goes with a key of the school: derived (RFC 5869), so that no home keeps another secret, and nothing signed
 * by the one can be taken for the other's.
 */
const derived = ({ privateKey, since }: SigningKey): CredentialKey => {
  const seed = hkdfSync('sha256', privateKey.reveal(), '', 'lectern credentials Ed25519', 32)
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, Buffer.from(seed)]), format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  if (x === undefined) throw new Error('An Ed25519 key has no public half.')
  return { id: thumbprint(x), x, since, privateKey: key }
}

/** What signs now. Its public half is there to be read before anything it has signed leaves. */
export const signingKey = async ({ keys, tables }: Pick<World, 'keys' | 'tables'>): Promise<CredentialKey> => {
  const [newest] = await keys.live()
  const key = derived(newest)
  if (!(await keyRecords.get(tables, key))) await tables.commit([keyRecords.put({ id: key.id, x: key.x, since: key.since })])
  return key
}

/** Where a key is found is also what it is called, in a credential as in the set. */
export const keyAddress = (url: string, id: string): string => `${url}/api/credential-keys/${id}`

type Reading = Pick<World, 'tables' | 'settings'>

const shown = ({ url }: World['settings'], { id, x }: { id: string; x: string }): PublicKey => ({
  ...{ kty: 'OKP', crv: 'Ed25519', x, kid: keyAddress(url, id) },
  ...{ alg: 'EdDSA', use: 'sig' },
})

export const publicKeys = async ({ tables, settings }: Reading): Promise<PublicKey[]> => {
  const found = await all((page) => keyRecords.list(tables, 'school', { prefix: 'credential-key#', limit: 1000, ...(page !== undefined && { page }) }))
  return found.map((key) => shown(settings, key))
}

export const publicKey = async ({ tables, settings }: Reading, id: string): Promise<PublicKey> => {
  const found = await keyRecords.get(tables, { id })
  if (!found) throw missing('key')
  return shown(settings, found.value)
}
