import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { newSigningKey } from '#core/delivery/signer.ts'
import type { Ids } from '#ports/clock.ts'
import { secret } from '#ports/secret.ts'
import { hasCode } from './error-code.ts'

const hidden = z.string().transform(secret)
const key = z.object({ id: z.string(), privateKey: hidden, publicKey: z.string() })
/** The file as it is read: what is to stay hidden is so from here on. */
export const Secrets = z.object({
  /** The newest signs; all verify. */
  signingKeys: z.tuple([key], key),
  /** Signs the webhooks of the payment stand-in. */
  standInWebhookSecret: hidden,
  /** Of the demo accounts, printed at every start. */
  demoPassword: z.string(),
})
export type Secrets = z.infer<typeof Secrets>

/** What this data folder keeps to itself; made at the first start, readable by its owner only. */
export const openSecrets = async (folder: string, ids: Ids): Promise<Secrets> => {
  const path = join(folder, 'secrets.json')
  const stored = await readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
  if (stored !== undefined) return Secrets.parse(JSON.parse(stored))
  const signing = newSigningKey(ids)
  const made: z.input<typeof Secrets> = {
    signingKeys: [{ ...signing, privateKey: signing.privateKey.reveal() }],
    standInWebhookSecret: `whsec_${ids.secret(24)}`,
    demoPassword: `open-${ids.secret(6)}`,
  }
  await writeFile(`${path}.new`, JSON.stringify(made, null, 2), { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
  return Secrets.parse(made)
}
