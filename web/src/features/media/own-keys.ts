import * as z from 'zod/mini'
import type { Straight } from '#contract/media.ts'

/** Keys of one's own at a store, for an hour. */
export type OwnKeys = { accessKeyId: string; secretKey: string; sessionToken: string; expires: Date }

/** Keys that run out sooner are replaced: what is signed by them is sent in the minutes that follow. */
const LEAST_LEFT_MS = 15 * 60_000

const Identified = z.object({ IdentityId: z.string() })
const Given = z.object({ Credentials: z.object({ AccessKeyId: z.string(), SecretKey: z.string(), SessionToken: z.string(), Expiration: z.number() }) })

type Asking = { idToken(): Promise<string | undefined>; fetch: typeof fetch; now(): Date }

/** Amazon Cognito's JSON protocol, which needs no signature: the token says who asks. */
const ask = async ({ fetch }: Asking, { region }: Straight, operation: string, body: object): Promise<unknown> => {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityService.${operation}` }
  const answer = await fetch(`https://cognito-identity.${region}.amazonaws.com/`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${operation} was answered ${answer.status}.`)
  return answer.json()
}

const exchange = async (asking: Asking, place: Straight): Promise<OwnKeys> => {
  const token = await asking.idToken()
  if (token === undefined) throw new Error('Nobody is signed in.')
  const Logins = { [place.provider]: token }
  const { IdentityId } = Identified.parse(await ask(asking, place, 'GetId', { IdentityPoolId: place.pool, Logins }))
  const { Credentials } = Given.parse(await ask(asking, place, 'GetCredentialsForIdentity', { IdentityId, Logins }))
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = Credentials
  return { accessKeyId: AccessKeyId, secretKey: SecretKey, sessionToken: SessionToken, expires: new Date(Expiration * 1000) }
}

/** Exchanges a sign-in for keys at the store, once for all uploads of a page, and again before they run out; rejects where none can be had. */
export const ownKeys = (asking: Asking) => {
  let held: { pool: string; keys: Promise<OwnKeys> } | undefined
  return async (place: Straight): Promise<OwnKeys> => {
    const known = held?.pool === place.pool ? await held.keys.catch(() => undefined) : undefined
    if (known && known.expires.getTime() - asking.now().getTime() > LEAST_LEFT_MS) return known
    held = { pool: place.pool, keys: exchange(asking, place) }
    return held.keys
  }
}
