import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { Clock } from '#ports/clock.ts'
import { digestOf, showsSecret } from '../proxy-door.ts'
import { EDGE_HEADER } from './edge-header.ts'

/** A secret that was changed is known after so long; who only guesses costs no more calls than that. */
const LOOK_MS = 60_000

type Options = { client: SecretsManagerClient; arn: string; clock: Clock }

/** Whether a request came through the distribution, and so by whatever stands before that. A gateway has an address of its own, which anybody may call. */
export type EdgeDoor = (headers: APIGatewayProxyEventV2['headers']) => Promise<boolean>

/** Reads the secret at the first request, and again when one shows another. @throws where it cannot be had: nobody is let in then. */
export const edgeDoor = ({ client, arn, clock }: Options): EdgeDoor => {
  let digest: string | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined
  const look = async (): Promise<void> => {
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: arn }))
    if (text === undefined || text === '') throw new Error('The secret of the edge is empty.')
    digest = digestOf(text)
    lookedAt = clock.now().getTime()
  }
  const looked = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }
  return async (headers) => {
    const shown = headers[EDGE_HEADER]
    if (shown === undefined) return false
    if (digest === undefined) await looked()
    if (digest !== undefined && showsSecret(shown, digest)) return true
    if (clock.now().getTime() - lookedAt < LOOK_MS) return false
    await looked()
    return digest !== undefined && showsSecret(shown, digest)
  }
}
