import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { CognitoFault, type User, type Users } from './users.ts'

/** One sign-in: what its tokens have in common, for as long as it is renewed. */
type Session = { sub: string; originJti: string; authTimeSeconds: number; scope: string; nonce: string | undefined }

export type Tokens = { access_token: string; id_token: string; refresh_token: string; expires_in: number; token_type: 'Bearer' }

type TokensOptions = { issuer(): string; clientId: string; users: Users; now(): Date; ttlSeconds: number }

const unauthorised = (message: string): never => {
  throw new CognitoFault('NotAuthorizedException', message)
}

/** What a pool signs, with keys of its own, claim for claim as Cognito does. */
export const tokens = async ({ issuer, clientId, users, now, ttlSeconds }: TokensOptions) => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { modulusLength: 2048 })
  const kid = randomBytes(32).toString('base64')
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }
  const sessions = new Map<string, Session>()

  const sign = (claims: Record<string, unknown>): Promise<string> => new SignJWT(claims).setProtectedHeader({ kid, alg: 'RS256' }).sign(privateKey)

  const pair = async ({ originJti, authTimeSeconds, scope, nonce }: Session, user: User) => {
    const nowSeconds = Math.floor(now().getTime() / 1000)
    const groups = user.groups.size > 0 ? { 'cognito:groups': [...user.groups] } : {}
    const both = {
      ...{ sub: user.sub, ...groups, iss: issuer(), origin_jti: originJti, event_id: randomUUID() },
      ...{ auth_time: authTimeSeconds, exp: nowSeconds + ttlSeconds, iat: nowSeconds },
    }
    const access = await sign({ ...both, version: 2, client_id: clientId, token_use: 'access', scope, jti: randomUUID(), username: user.sub })
    const id = await sign({
      ...both,
      ...{ at_hash: createHash('sha256').update(access).digest().subarray(0, 16).toString('base64url'), 'cognito:username': user.sub },
      ...{ email: user.attributes.get('email'), email_verified: user.attributes.get('email_verified') === 'true', name: user.attributes.get('name') },
      ...{ aud: clientId, token_use: 'id', jti: randomUUID(), ...(nonce !== undefined && { nonce }) },
    })
    return { access, id }
  }

  const issue = async (session: Session, user: User, refresh: string): Promise<Tokens> => {
    const { access, id } = await pair(session, user)
    return { access_token: access, id_token: id, refresh_token: refresh, expires_in: ttlSeconds, token_type: 'Bearer' }
  }

  return {
    keySet: { keys: [jwk] },
    /** For a test of what does not come from a sign-in. */
    sign,
    async begin(user: User, scope: string, nonce?: string): Promise<Tokens> {
      const session = { sub: user.sub, originJti: randomUUID(), authTimeSeconds: Math.floor(now().getTime() / 1000), scope, nonce }
      const refresh = randomBytes(48).toString('base64url')
      sessions.set(refresh, session)
      return issue(session, user, refresh)
    },
    /** The refresh token stays the same, and the session as old as it is. */
    async renew(refresh: string): Promise<Tokens> {
      const session = sessions.get(refresh) ?? unauthorised('Refresh Token has been revoked')
      const user = users.find(session.sub)
      if (!user?.isEnabled) return unauthorised('User is disabled.')
      return issue(session, user, refresh)
    },
    revoke: (refresh: string): void => void sessions.delete(refresh),
    endAll(sub: string): void {
      for (const [refresh, session] of sessions) if (session.sub === sub) sessions.delete(refresh)
    },
    /** Whose session of this pool an access token belongs to, while it has not been ended. Trusts what it is given, as no home may. */
    holder(access: string): User {
      const { origin_jti } = JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString() || '{}')
      const session = [...sessions.values()].find(({ originJti }) => originJti === origin_jti) ?? unauthorised('Access Token has been revoked')
      return users.get(session.sub)
    },
  }
}

export type PoolTokens = Awaited<ReturnType<typeof tokens>>
