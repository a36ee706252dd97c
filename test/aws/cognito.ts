import { adminOperations, Input, invalid, OPEN, type Operations, ownOperations } from './cognito/operations.ts'
import { tokens } from './cognito/tokens.ts'
import { CognitoFault, type Confirmation, users } from './cognito/users.ts'
import { ACCOUNT, type Answer, type Call, REGION, type Service } from './endpoint.ts'

export type CognitoOptions = {
  now(): Date
  poolId?: string
  clientId?: string
  groups?: readonly string[]
  ttlSeconds?: number
  onConfirmed?(event: Confirmation): Promise<void>
}

const TARGET = 'AWSCognitoIdentityProviderService.'

const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
})

/** A Cognito user pool on this machine, for AWS's own client: people signed up and signed in, their tokens signed by keys of its own. */
export const cognito = async (options: CognitoOptions) => {
  const {
    now,
    poolId = `${REGION}_Lectern01`,
    clientId = '4lecternwebclient00000000a',
    groups = ['instructor', 'support', 'admin', 'owner'],
    ttlSeconds = 3600,
  } = options
  const told: Confirmation[] = []
  // Set once it is known where the pool is reached.
  const place = { issuer: `https://cognito-idp.${REGION}.amazonaws.com/${poolId}` }
  const onConfirmed = async (event: Confirmation): Promise<void> => {
    told.push(event)
    await options.onConfirmed?.(event)
  }
  const people = users({ region: REGION, poolId, clientId, groups, now, onConfirmed })
  const badges = await tokens({ issuer: () => place.issuer, clientId, users: people, now, ttlSeconds })

  const operations: Operations = { ...adminOperations(people, badges, poolId), ...ownOperations(people, badges) }

  const operationOf = ({ headers }: Pick<Call, 'headers'>): string => {
    const target = String(headers['x-amz-target'] ?? '')
    return target.startsWith(TARGET) ? target.slice(TARGET.length) : ''
  }

  const perform = async (call: Call): Promise<unknown> => {
    const operation = operations[operationOf(call)]
    if (!operation) throw new CognitoFault('UnknownOperationException', `There is no ${operationOf(call)} here.`)
    const parsed = Input.safeParse(JSON.parse(call.body.toString() || '{}'))
    if (!parsed.success) return invalid(parsed.error.message)
    const { UserPoolId, ClientId } = parsed.data
    const isOurs = (UserPoolId ?? poolId) === poolId && (ClientId ?? clientId) === clientId
    if (!isOurs)
      throw new CognitoFault('ResourceNotFoundException', UserPoolId ? `User pool ${UserPoolId} does not exist.` : 'User pool client does not exist.')
    return (await operation(parsed.data)) ?? {}
  }

  const service: Service = {
    name: 'cognito-idp',
    asks: (call) => [{ action: `cognito-idp:${operationOf(call)}`, resource: `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${poolId}` }],
    takesUnsigned: (wire) => wire.headers.authorization === undefined && OPEN.includes(operationOf(wire)),
    async answer(call) {
      try {
        return json(200, await perform(call))
      } catch (error) {
        if (error instanceof CognitoFault) return json(400, { __type: error.code, message: error.message })
        throw error
      }
    },
  }

  return {
    ...{ service, poolId, clientId, users: people, tokens: badges, place },
    /** Every confirmation it has told its trigger of. */
    told: told as readonly Confirmation[],
    /** The code that was mailed to somebody last. */
    codeFor: (email: string): string => people.get(email).code?.value ?? '',
  }
}

export type Cognito = Awaited<ReturnType<typeof cognito>>
