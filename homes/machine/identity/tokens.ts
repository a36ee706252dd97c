import { randomUUID } from 'node:crypto'
import { createLocalJWKSet, errors, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '#ports/clock.ts'
import type { Bearer } from '#ports/identity.ts'
import { ALGORITHM, type Keys, publicKey } from './keys.ts'
import { person } from './listing.ts'
import type { People } from './people.ts'
import type { Sessions } from './sessions.ts'

type Given = { issuer: string; audience: string; clientId: string; keys: () => Keys; people: People; sessions: Sessions; clock: Clock }

const SKEW_SECONDS = 5

/** Access tokens: checked here without asking anybody, and made for scripts. */
export const tokens = ({ issuer, audience, clientId, keys, people, sessions, clock }: Given) => {
  const held: { keys: Keys; set: ReturnType<typeof createLocalJWKSet> }[] = []
  const keySet = (): ReturnType<typeof createLocalJWKSet> => {
    const now = keys()
    const [known] = held
    if (known?.keys === now) return known.set
    held[0] = { keys: now, set: createLocalJWKSet({ keys: [now.signing, ...now.former].map(publicKey) }) }
    return held[0].set
  }

  const claims = async (token: string): Promise<JWTPayload | undefined> => {
    try {
      const { payload } = await jwtVerify(token, keySet(), {
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
    async verify(token: string): Promise<Bearer | undefined> {
      const payload = await claims(token)
      if (payload?.sub === undefined) return undefined
      const account = people.find(payload.sub)
      if (!account || account.isDisabled || !account.isVerified) return undefined
      // Signed out, a new password: the session is gone, and with it every token made in it, before the token runs out.
      const { sid } = payload
      if (sid === undefined) return person(account)
      const since = typeof sid === 'string' ? sessions.provenAt(account.id, sid) : undefined
      if (typeof sid !== 'string' || since === undefined) return undefined
      return { ...person(account), session: { id: sid, since, isTwoFactor: sessions.isTwoFactor(account.id, sid) } }
    },
    /** A token of no session, for the operator's scripts. */
    async mint(id: string, ttlSeconds: number): Promise<string> {
      const { signing } = keys()
      const now = Math.floor(clock.now().getTime() / 1000)
      return new SignJWT({ client_id: clientId, jti: randomUUID() })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', ...(signing.kid && { kid: signing.kid }) })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(id)
        .setIssuedAt(now)
        .setExpirationTime(now + ttlSeconds)
        .sign(await importJWK(signing, ALGORITHM))
    },
  }
}
