import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Keys, LiveKeys } from '#ports/keys.ts'
import type { World } from '#ports/world.ts'
import { lookingEvery } from '../looking.ts'
import { liveOf } from '../stored-keys.ts'

export type KeysPlace = {
  client: SecretsManagerClient
  /** Name or ARN of the secret: JSON with `signingKeys`, and whatever else is kept beside them. */
  secretId: string
  /** What CloudFront calls the public half of a key; undefined for one that is in no key group yet. */
  idOf(name: string): string | undefined
}

/** Whoever waits for a video waits for this too. */
const PATIENCE_MS = 2000

type KeptKeys = { live: LiveKeys; version: string }

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // A parser's own message shows what stands around the mistake, here a key.
    throw new Error('The secret of the keys is not JSON.')
  }
}

/** What the secret holds at this moment, its keys under their own names. */
const keptKeys = async ({ client, secretId }: Omit<KeysPlace, 'idOf'>): Promise<KeptKeys> => {
  const command = new GetSecretValueCommand({ SecretId: secretId })
  const { SecretString = '', VersionId = '', CreatedDate = new Date(0) } = await client.send(command, { abortSignal: AbortSignal.timeout(PATIENCE_MS) })
  const raw = parsed(SecretString)
  return { live: liveOf(raw, { place: 'The secret', changedAt: CreatedDate }), version: VersionId }
}

/**
 * Those that CloudFront knows, under the names it knows them by. A key that has been put in front is one of them once it has been
 * deployed: what it signed before that would be refused.
 */
const known = ({ live }: KeptKeys, idOf: KeysPlace['idOf']): LiveKeys => {
  const [first, ...rest] = live.flatMap((key) => {
    const id = idOf(key.id)
    return id === undefined ? [] : [{ ...key, id }]
  })
  if (!first) throw new Error('CloudFront knows none of the keys in the secret. Deploy, so that it does.')
  return [first, ...rest]
}

/** Below the 5 s that a rotation may take to show, with what a look itself takes; and only while somebody asks. */
const LOOK_EVERY_MS = 2500

/** The keys of a secret, looked at anew while they are asked for. One that cannot be read changes nothing but the log. */
export const keys = async ({ clock, log, ...place }: KeysPlace & Pick<World, 'clock' | 'log'>): Promise<Keys> => {
  const found = await keptKeys(place)
  let live = known(found, place.idOf)
  let stamp = found.version
  let isComplaining = false

  const look = async (): Promise<void> => {
    try {
      const kept = await keptKeys(place)
      if (kept.version !== stamp) {
        live = known(kept, place.idOf)
        stamp = kept.version
        log.info('signing keys changed', { signing: live[0].id, keys: live.length })
      }
      isComplaining = false
    } catch (error) {
      // Said once until it is over: it is looked at every few seconds.
      if (!isComplaining) log.error('signing keys cannot be read: the last good ones stay', error)
      isComplaining = true
    }
  }

  const looked = lookingEvery(LOOK_EVERY_MS, { clock, look })
  return {
    live: async () => {
      await looked()
      return live
    },
  }
}
