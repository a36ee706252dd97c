import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { Clock } from '#ports/clock.ts'
import { type Claims, claimsIn } from './claims.ts'

type Given = { issuer: string; clientId: string; clock: Clock }

const SKEW_SECONDS = 5

/** What says that a token is not ours; a pool whose keys cannot be had says nothing of it. */
const isRefused = (error: unknown): boolean =>
  error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === errors.JOSEError.code)

/** Where a pool's tokens come from. `endpoint`: a pool that is not AWS's own. */
export const issuerOf = ({ region, pool, endpoint }: { region: string; pool: string; endpoint?: string | undefined }): string =>
  `${endpoint ?? `https://cognito-idp.${region}.amazonaws.com`}/${pool}`

/**
 * Reads an access token of the pool's, made for this client: undefined when it is anything else.
 * The keys are asked for once in a container's life, and again when a token names another.
 * @throws when the pool's keys cannot be had
 */
export const tokens = ({ issuer, clientId, clock }: Given): ((token: string) => Promise<Claims | undefined>) => {
  const keySet = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        ...{ issuer, algorithms: ['RS256'], currentDate: clock.now(), clockTolerance: SKEW_SECONDS },
        requiredClaims: ['sub', 'exp', 'iat', 'client_id', 'token_use'],
      })
      // There is no `aud` in it: what it was made for is a client, and an ID token names none this way.
      return payload['client_id'] === clientId ? claimsIn(payload) : undefined
    } catch (error) {
      if (isRefused(error)) return undefined
      throw error
    }
  }
}
