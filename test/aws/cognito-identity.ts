import { createHash } from 'node:crypto'
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'
import * as z from 'zod'
import type { Cognito } from './cognito.ts'
import { type Answer, REGION, type Service } from './endpoint.ts'

export type IdentityPool = {
  id: string
  /** Whose tokens it takes: `cognito-idp.<region>.amazonaws.com/<pool>`, for one client. */
  providers: readonly { name: string; client: string }[]
  /** Claims by the tags that a session is given of them. */
  tags: Readonly<Record<string, string>>
  /** The role that somebody's groups stand for. */
  roleOf(groups: readonly string[]): string
}

type Options = {
  people: Cognito
  now(): Date
  pool(): IdentityPool
  /** Keys of a session of a role; undefined where the role does not let the pool have any. */
  assume(role: string, tags: Record<string, string>): { accessKeyId: string; secretAccessKey: string; sessionToken: string } | undefined
}

const TARGET = 'AWSCognitoIdentityService.'
const SESSION_SECONDS = 3600
const Asked = z.object({ IdentityPoolId: z.string().optional(), IdentityId: z.string().optional(), Logins: z.record(z.string(), z.string()).default({}) })
const Groups = z.array(z.string()).default([])

class IdentityFault extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** A Cognito identity pool on this machine: a user pool's ID token for keys of a role, which carry the token's claims as tags. */
export const cognitoIdentity = ({ people, now, pool, assume }: Options): Service => {
  const claimsOf = async (logins: Record<string, string>): Promise<JWTPayload> => {
    const [[name = '', token = ''] = []] = Object.entries(logins)
    const provider = pool().providers.find((each) => each.name === name)
    if (!provider) throw new IdentityFault('NotAuthorizedException', `Unauthenticated access is not supported for this identity pool, nor tokens of ${name}.`)
    const expected = { issuer: people.place.issuer, audience: provider.client, currentDate: now() }
    const { payload } = await jwtVerify(token, createLocalJWKSet(people.tokens.keySet), expected).catch((cause: unknown) => {
      throw new IdentityFault('NotAuthorizedException', `Invalid login token. ${String(cause)}`)
    })
    if (payload['token_use'] !== 'id' || !people.users.find(payload.sub ?? '')?.isEnabled)
      throw new IdentityFault('NotAuthorizedException', 'Invalid login token.')
    return payload
  }
  const identityOf = ({ sub = '' }: JWTPayload): string =>
    `${REGION}:${createHash('sha256')
      .update(sub)
      .digest('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')}`

  const operations: Record<string, (asked: z.infer<typeof Asked>) => Promise<object>> = {
    async GetId({ IdentityPoolId, Logins }) {
      if (IdentityPoolId !== pool().id) throw new IdentityFault('ResourceNotFoundException', `IdentityPool '${IdentityPoolId}' not found.`)
      return { IdentityId: identityOf(await claimsOf(Logins)) }
    },
    async GetCredentialsForIdentity({ IdentityId, Logins }) {
      const claims = await claimsOf(Logins)
      if (IdentityId !== identityOf(claims)) throw new IdentityFault('ResourceNotFoundException', `Identity '${IdentityId}' not found.`)
      const tags = Object.fromEntries(Object.entries(pool().tags).map(([tag, claim]) => [tag, String(claims[claim])]))
      const role = pool().roleOf(Groups.parse(claims['cognito:groups']))
      const keys = assume(role, tags)
      if (!keys) throw new IdentityFault('InvalidIdentityPoolConfigurationException', `${role} does not let the pool give keys of it with these tags.`)
      const { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken: SessionToken } = keys
      return { IdentityId, Credentials: { AccessKeyId, SecretKey, SessionToken, Expiration: Math.floor(now().getTime() / 1000) + SESSION_SECONDS } }
    },
  }
  const operationIn = (headers: Record<string, unknown>): string => String(headers['x-amz-target'] ?? '')
  const json = (status: number, body: object): Answer => ({ status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) })
  return {
    name: 'cognito-identity',
    asks: () => [],
    takesUnsigned: ({ headers }) => operationIn(headers).startsWith(TARGET),
    async answer({ headers, body }) {
      const operation = operations[operationIn(headers).slice(TARGET.length)]
      if (!operation) return json(400, { __type: 'UnknownOperationException' })
      try {
        return json(200, await operation(Asked.parse(JSON.parse(body.toString()))))
      } catch (error) {
        if (error instanceof IdentityFault) return json(400, { __type: error.code, message: error.message })
        throw error
      }
    },
  }
}
