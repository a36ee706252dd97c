import { randomUUID } from 'node:crypto'
import {
  InvalidParameterException,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { newSigningKey, rotated } from '#core/delivery/rotation.ts'
import type { LiveKeys } from '#ports/keys.ts'
import type { Settings, World } from '#ports/world.ts'
import { storedKey } from '../stored-keys.ts'
import { type KeptKeys, type KeysPlace, keptKeys } from './keys.ts'

type Place = { client: SecretsManagerClient; secretId: string }

const written = (others: object, live: LiveKeys): string => JSON.stringify({ ...others, signingKeys: live.map(storedKey) })

/** Where a new version waits until it takes the place of the one that was read. */
const WAITING = 'LECTERN_NEXT'

/** Puts another text in the place of the version that was read, unless somebody else did so meanwhile. */
export const exchangeText = async ({ client, secretId: SecretId }: Place, version: string, SecretString: string): Promise<void> => {
  const VersionId = randomUUID()
  await client.send(new PutSecretValueCommand({ SecretId, SecretString, VersionStages: [WAITING], ClientRequestToken: VersionId }))
  const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: VersionId, RemoveFromVersionId: version }
  try {
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, ...move }))
  } catch (error) {
    if (error instanceof InvalidParameterException)
      throw new Error('Something else has changed the keys at this moment. Look at them, and try again.', { cause: error })
    throw error
  }
}

const exchange = (place: Place, { others, version }: KeptKeys, live: LiveKeys): Promise<void> => exchangeText(place, version, written(others, live))

type Making = Place & Pick<World, 'ids' | 'clock'>

/** The keys of a school that has a secret for them, its first one made where it is empty. */
export const openKeys = async ({ ids, clock, ...place }: Making): Promise<LiveKeys> => {
  try {
    return (await keptKeys(place)).live
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error
    const live: LiveKeys = [newSigningKey({ ids, clock })]
    await place.client.send(new PutSecretValueCommand({ SecretId: place.secretId, SecretString: written({}, live) }))
    return live
  }
}

type Rotation = Making & Pick<KeysPlace, 'idOf'> & { settings: Pick<Settings, 'playbackTtlSeconds'> }

/**
 * A new key in front, the former behind it, as a new version of the secret; or how long to wait, while a key is needed that would
 * have to go. It signs from the deployment on that puts both public halves into CloudFront's key group.
 *
 * @throws Error while the key of the last rotation has not been deployed: the one that signs still would be lost.
 */
export const rotateKeys = async ({ settings, ids, clock, idOf, ...place }: Rotation): Promise<{ keys: LiveKeys } | { waitSeconds: number }> => {
  const found = await keptKeys(place)
  if (idOf(found.live[0].id) === undefined) throw new Error('The newest key has not been deployed yet. Deploy it before you make another.')
  const outcome = rotated(found.live, newSigningKey({ ids, clock }), settings)
  if ('keys' in outcome) await exchange(place, found, outcome.keys)
  return outcome
}

/** For a key that has leaked: a new one, and no other. Once it is deployed, whatever the old ones signed is refused. */
export const replaceKeys = async ({ ids, clock, ...place }: Making): Promise<LiveKeys> => {
  const live: LiveKeys = [newSigningKey({ ids, clock })]
  await exchange(place, await keptKeys(place), live)
  return live
}
