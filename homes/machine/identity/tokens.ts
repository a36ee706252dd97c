import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { createLocalJWKSet, errors, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '#ports/clock.ts'
import type { Person } from '#ports/identity.ts'
import { ALGORITHM, type Keys, publicKey } from './keys.ts'
import { person } from './listing.ts'
import type { People } from './people.ts'

type Given = { issuer: string; audience: string; clientId: string; keys: Keys; people: People; database: DatabaseSync; clock: Clock }

const SKEW_SECONDS = 5

/** Access tokens: checked here without asking anybody, and made for scripts. */
export const tokens = ({ issuer, audience, clientId, keys, people, database, clock }: Given) => {
  const keySet = createLocalJWKSet({ keys: [publicKey(keys.signing)] })
  const session = database.prepare("SELECT 1 FROM oidc WHERE model = 'Session' AND uid = ? AND account = ?")

  const claims = async (token: string): Promise<JWTPayload | undefined> => {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        ...{ issuer, audience, algorithms: [ALGORITHM], typ: 'at+jwt', currentDate: clock.now(), clockTolerance: SKEW_SECONDS },
        requiredClaims: ['sub', 'exp', 'iat', 'client_id'],
      })
      return payload
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }

  return {
    async verify(token: string): Promise<Person | undefined> {
      const payload = await claims(token)
      if (payload?.sub === undefined) return undefined
      const account = people.find(payload.sub)
      if (!account || account.isDisabled || !account.isVerified) return undefined
      // Signed out, a new password: the session is gone, and with it every token made in it, before the token runs out.
      const { sid } = payload
      if (sid !== undefined && (typeof sid !== 'string' || session.get(sid, account.id) === undefined)) return undefined
      return person(account)
    },
    /** A token of no session, for the operator's scripts. */
    async mint(id: string, ttlSeconds: number): Promise<string> {
      const now = Math.floor(clock.now().getTime() / 1000)
      return new SignJWT({ client_id: clientId, jti: randomUUID() })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', ...(keys.signing.kid && { kid: keys.signing.kid }) })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(id)
        .setIssuedAt(now)
        .setExpirationTime(now + ttlSeconds)
        .sign(await importJWK(keys.signing, ALGORITHM))
    },
  }
}
