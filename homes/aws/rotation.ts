import { randomUUID } from 'node:crypto'
import {
  GetSecretValueCommand,
  InvalidParameterException,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import * as z from 'zod'
import { newSigningKey, rotated } from '#core/delivery/rotation.ts'
import type { LiveKeys } from '#ports/keys.ts'
import type { Settings, World } from '#ports/world.ts'
import { DatedKey, storedKey } from '../stored-keys.ts'

/** Secrets as whoever deploys writes them. */
export type SecretStore = {
  /** Undefined where there is no such secret, or nothing in it yet. */
  get(name: string): Promise<string | undefined>
  put(name: string, text: string): Promise<void>
  /** In the place of what was read. @throws KeysTrouble when somebody else has changed it since */
  exchange(name: string, before: string, text: string): Promise<void>
}

/** What an owner can mend, in words. */
export class KeysTrouble extends Error {
  readonly code = 'keys-trouble'
}

export const keysChanged = (name: string, cause?: unknown): KeysTrouble =>
  new KeysTrouble(`${name} has been changed by somebody else meanwhile, and stays as it is. Deploy once more, so that CloudFront knows what is in it.`, {
    cause,
  })

/** Where a new version waits until it takes the place of the one that was read. */
const WAITING = 'LECTERN_NEXT'

export const secretStore = (client: SecretsManagerClient): SecretStore => ({
  async get(name) {
    try {
      return (await client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString
    } catch (error) {
      // So it answers for a secret that has no value yet, too.
      if (error instanceof ResourceNotFoundException) return undefined
      throw error
    }
  },
  async exchange(SecretId, before, SecretString) {
    const { SecretString: found, VersionId: RemoveFromVersionId = '' } = await client.send(new GetSecretValueCommand({ SecretId }))
    if (found !== before) throw keysChanged(SecretId)
    const MoveToVersionId = randomUUID()
    await client.send(new PutSecretValueCommand({ SecretId, SecretString, VersionStages: [WAITING], ClientRequestToken: MoveToVersionId }))
    try {
      await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId, RemoveFromVersionId }))
    } catch (error) {
      if (error instanceof InvalidParameterException) throw keysChanged(SecretId, error)
      throw error
    }
  },
  put: async (name, text) => void (await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: text }))),
})

/** As the machine's secrets.json has them, so that a school takes its keys along when it moves. */
const Stored = z.object({ signingKeys: z.array(DatedKey).length(2) })

export type Pair = [LiveKeys[0], LiveKeys[0]]
type Making = Pick<World, 'ids' | 'clock'>

export const signingSecret = (stage: string): string => `lectern-${stage}/signing`

/** Two at once: the newest signs, and the key group has its two from the first day on. */
export const newPair = (making: Making): Pair => [newSigningKey(making), newSigningKey(making)]

/** Undefined before the first deployment. @throws KeysTrouble for a secret that holds something else, without showing it */
export const keysOf = async (secrets: SecretStore, stage: string): Promise<Pair | undefined> => {
  const text = await secrets.get(signingSecret(stage))
  if (text === undefined) return undefined
  try {
    const [first, second] = Stored.parse(JSON.parse(text)).signingKeys
    if (first && second) return [first, second]
  } catch {
    // What stands there instead may be a key: it is not told.
  }
  throw new KeysTrouble(`The secret ${signingSecret(stage)} holds no two signing keys. Nothing was changed.`)
}

const written = (pair: Pair): string => JSON.stringify({ signingKeys: pair.map(storedKey) })

/** The first ones, into a secret that holds none. */
export const putKeys = (secrets: SecretStore, stage: string, pair: Pair): Promise<void> => secrets.put(signingSecret(stage), written(pair))

/** In the place of what was read before: two rotations at once would leave a key that CloudFront does not know. */
export const exchangeKeys = (secrets: SecretStore, stage: string, { before, pair }: { before: string; pair: Pair }): Promise<void> =>
  secrets.exchange(signingSecret(stage), before, written(pair))

/** The public halves as the templates take them: CDK's context `signingKeys`. */
export const publicHalves = (pair: Pair): string => JSON.stringify(Object.fromEntries(pair.map(({ id, publicKey }) => [id, publicKey])))

/** A new key beside the one that signs; the one before has signed nothing valid any more, or there is a while to wait. */
export const nextPair = (pair: Pair, making: Making, settings: Pick<Settings, 'playbackTtlSeconds'>): { pair: Pair } | { waitSeconds: number } => {
  const outcome = rotated(pair, newSigningKey(making), settings)
  if ('waitSeconds' in outcome) return outcome
  return { pair: [outcome.keys[0], pair[0]] }
}
