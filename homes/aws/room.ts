import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod'
import type { Tell } from '#core/series/bus.ts'
import type { Clock } from '#ports/clock.ts'
import type { DraftStore } from '#ports/world.ts'
import { CONTENT_SECRETS } from '../content-environment.ts'
import { readEnvironment, SettingsError } from '../environment.ts'
import { eventBridgeTell } from './content-bus.ts'
import { objects, storeClient } from './objects.ts'

const Environment = z.object({
  AWS_REGION: z.string().min(1),
  DRAFTS_BUCKET: z.string().min(1),
  CONTENT_BUS: z.string().min(1),
  CONTENT_SECRET_ARN: z.string().min(1),
})

const Secrets = z.object(CONTENT_SECRETS)

/** @throws SettingsError that does not quote it */
const secretsIn = (json: string): Record<string, string> => {
  try {
    return Object.fromEntries(Object.entries(Secrets.parse(JSON.parse(json))).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
  } catch {
    throw new SettingsError('CONTENT_SECRET_ARN names no JSON object of texts.')
  }
}

export type CloudRoom = { drafts: DraftStore; tell: Tell; variables: NodeJS.ProcessEnv }

/** What a program has around it on AWS: `variables` with the keys that its own secret holds. */
export const openCloudRoom = async (variables: NodeJS.ProcessEnv, clock: Clock): Promise<CloudRoom> => {
  const { AWS_REGION: region, DRAFTS_BUCKET: bucket, CONTENT_BUS: bus, CONTENT_SECRET_ARN: SecretId } = readEnvironment(Environment, variables)
  const { SecretString = '{}' } = await new SecretsManagerClient({ region }).send(new GetSecretValueCommand({ SecretId }))
  return {
    drafts: objects({ client: storeClient({ region }), buckets: { store: bucket, uploads: bucket }, clock }),
    tell: eventBridgeTell({ client: new EventBridgeClient({ region }), bus }),
    variables: { ...variables, ...secretsIn(SecretString) },
  }
}
