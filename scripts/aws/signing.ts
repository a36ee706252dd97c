import * as z from 'zod'
import { newSigningKey, rotated } from '#core/delivery/rotation.ts'
import { randomIds } from '#homes/machine/clock.ts'
import { DatedKey, storedKey } from '#homes/stored-keys.ts'
import type { LiveKeys } from '#ports/keys.ts'
import type { Settings, World } from '#ports/world.ts'
import { DeployTrouble, type SecretStore, type Tools } from './tools.ts'

/** As the machine's secrets.json has them, so that a school takes its keys along when it moves. */
const Stored = z.object({ signingKeys: z.array(DatedKey).length(2) })

export type Pair = [LiveKeys[0], LiveKeys[0]]
type Making = Pick<World, 'ids' | 'clock'>

export const makingWith = ({ now }: Pick<Tools, 'now'>): Making => ({ ids: randomIds({ now }), clock: { now } })

export const signingSecret = (stage: string): string => `lectern-${stage}/signing`

/** Two at once: the newest signs, and the key group has its two from the first day on. */
export const newPair = (making: Making): Pair => [newSigningKey(making), newSigningKey(making)]

/** Undefined before the first deployment. @throws for a secret that holds something else, without showing it */
export const keysOf = async (secrets: SecretStore, stage: string): Promise<Pair | undefined> => {
  const text = await secrets.get(signingSecret(stage))
  if (text === undefined) return undefined
  try {
    const [first, second] = Stored.parse(JSON.parse(text)).signingKeys
    if (first && second) return [first, second]
  } catch {
    // What stands there instead may be a key: it is not told.
  }
  throw new DeployTrouble(`The secret ${signingSecret(stage)} holds no two signing keys. Nothing was changed.`)
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
