import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { newSigningKey } from '#core/delivery/rotation.ts'
import type { World } from '#ports/world.ts'
import { hidden, storedKey } from '../stored-keys.ts'
import { hasCode } from './error-code.ts'

/** What is to stay hidden is so from here on. The signing keys in the same file are read by `keys.ts`, again and again. */
const Secrets = z.object({
  /** Signs the webhooks of the payment stand-in. */
  standInWebhookSecret: hidden,
  /** Of the demo accounts, printed at every start. */
  demoPassword: z.string(),
})
export type Secrets = z.infer<typeof Secrets>

export const secretsPath = (folder: string): string => join(folder, 'secrets.json')

/** @throws Error that quotes nothing of the text: a parser's own message shows what stands around the mistake, here a key. */
export const parsedSecrets = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('secrets.json is not JSON.')
  }
}

/** Longer than any exchange takes: what is left after that was left by a process that died. */
const STALE_MS = 60_000

const claimed = async (path: string): Promise<FileHandle> => {
  try {
    if (Date.now() - (await stat(path)).mtimeMs > STALE_MS) await rm(path, { force: true })
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
  try {
    return await open(path, 'wx', 0o600)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw new Error('Something else is changing secrets.json at this moment. Try again in a minute.', { cause: error })
    throw error
  }
}

/**
 * Lets `work` read a file and put another in its place, whole or not at all. The new file is also the claim: whoever wants
 * to change the same one meanwhile is turned away.
 */
export const exchanging = async <T>(path: string, work: (put: (text: string) => Promise<void>) => Promise<T>): Promise<T> => {
  const file = await claimed(`${path}.new`)
  let isPut = false
  const put = async (text: string): Promise<void> => {
    await file.writeFile(text)
    await file.sync()
    await rename(`${path}.new`, path)
    isPut = true
  }
  try {
    return await work(put)
  } finally {
    await file.close()
    if (!isPut) await rm(`${path}.new`, { force: true })
  }
}

/** What this data folder keeps to itself; made at the first start, readable by its owner only. */
export const openSecrets = async (folder: string, { ids, clock }: Pick<World, 'ids' | 'clock'>): Promise<Secrets> => {
  const path = secretsPath(folder)
  const stored = await readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
  if (stored !== undefined) return Secrets.parse(parsedSecrets(stored))
  const made: z.input<typeof Secrets> = { standInWebhookSecret: `whsec_${ids.secret(24)}`, demoPassword: `open-${ids.secret(6)}` }
  const signingKeys = [storedKey(newSigningKey({ ids, clock }))]
  await exchanging(path, (put) => put(JSON.stringify({ signingKeys, ...made }, null, 2)))
  return Secrets.parse(made)
}
