import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type IDToken,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  type UserInfoResponse,
} from 'openid-client'
import type { Secret } from '#ports/secret.ts'

export type OpenIdSettings = { name: string; issuer: string; clientId: string; clientSecret: Secret | undefined }

/** What is to be kept of a sign-in while the browser is at the provider. */
export type Away = { verifier: string; nonce: string; state: string }

/** Whom the provider says it is. `email` is there only where the provider vouches for it. */
export type Stranger = { issuer: string; subject: string; email: string | undefined; name: string | undefined }

export type OpenIdProvider = Pick<OpenIdSettings, 'name' | 'issuer'> & {
  /** Where to send the browser. @throws when the provider does not answer. */
  begin(away: Away): Promise<string>
  /** Who came back; undefined when the answer is refused, forged or meant for another sign-in. */
  finish(query: URLSearchParams, away: Away): Promise<Stranger | undefined>
}

const SCOPE = 'openid email profile'
const PATIENCE_SECONDS = 10
/** A provider's document and keys are read again after this; the keys by the library, when it meets one it does not know. */
const FRESH_MS = 3_600_000

export const newAway = (state: string): Away => ({ verifier: randomPKCECodeVerifier(), nonce: randomNonce(), state })

/** OpenID Connect Core §5.1, and Microsoft's own word for it, which has no `email_verified`. */
const isVouched = (claims: IDToken | UserInfoResponse): boolean =>
  claims['email_verified'] === true || [true, 1, '1', 'true'].some((yes) => claims['xms_edov'] === yes)

const stranger = (issuer: string, claims: IDToken | UserInfoResponse): Stranger => {
  const { sub, email, name } = claims
  return {
    ...{ issuer, subject: sub },
    email: typeof email === 'string' && isVouched(claims) ? email : undefined,
    name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 80) : undefined,
  }
}

/** The answer is not what a provider answers to whoever began this; a provider that is down is a fault. */
const isRefusal = (error: unknown): boolean => {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) return true
  return error instanceof ClientError && error.code !== 'OAUTH_TIMEOUT'
}

/** Another OpenID provider, by the certified client: code, PKCE, state, nonce and signatures. Unsealed HTTP only on this machine, for tests. */
export const openIdProvider = ({ name, issuer, clientId, clientSecret }: OpenIdSettings, redirectUri: string): OpenIdProvider => {
  let known: { at: number; configuration: Promise<Configuration> } | undefined
  const isHere = ['localhost', '127.0.0.1'].includes(new URL(issuer).hostname)
  const configuration = (): Promise<Configuration> => {
    if (known && performance.now() - known.at < FRESH_MS) return known.configuration
    // By itself the client takes the line to the provider for proof, and looks at no signature (OpenID Connect Core §3.1.3.7, 6).
    const execute = [enableNonRepudiationChecks, ...(isHere ? [allowInsecureRequests] : [])]
    const options = { timeout: PATIENCE_SECONDS, execute }
    const asked = discovery(new URL(issuer), clientId, clientSecret?.reveal(), undefined, options)
    known = { at: performance.now(), configuration: asked }
    // A failure is not kept: whoever comes next asks again.
    asked.catch(() => {
      known = undefined
    })
    return asked
  }
  return {
    ...{ name, issuer },
    async begin({ verifier, nonce, state }) {
      const challenge = await calculatePKCECodeChallenge(verifier)
      const asked = { scope: SCOPE, redirect_uri: redirectUri, code_challenge: challenge, code_challenge_method: 'S256', nonce, state }
      return buildAuthorizationUrl(await configuration(), asked).href
    },
    async finish(query, { verifier, nonce, state }) {
      const provider = await configuration()
      try {
        const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state, idTokenExpected: true }
        const tokens = await authorizationCodeGrant(provider, new URL(`${redirectUri}?${query}`), checks)
        const claims = tokens.claims()
        if (!claims) return undefined
        const told = stranger(issuer, claims)
        if (told.email !== undefined || !provider.serverMetadata().userinfo_endpoint) return told
        return stranger(issuer, await fetchUserInfo(provider, tokens.access_token, claims.sub))
      } catch (error) {
        if (isRefusal(error)) return undefined
        throw error
      }
    },
  }
}
