import type { IncomingMessage } from 'node:http'
import type { DatabaseSync } from 'node:sqlite'
import type { Configuration, KoaContextWithOIDC, Provider as OidcProvider } from 'oidc-provider'
import { InvalidTarget } from 'oidc-provider/lib/helpers/errors.js'
import { base, Check, Prompt } from 'oidc-provider/lib/helpers/interaction_policy/index.js'
import { Provider } from 'oidc-provider/lib/provider.js'
import { FRESH_SECONDS } from '#core/accounts/fresh.ts'
import type { Log } from '#ports/log.ts'
import { adapter } from './adapter.ts'
import { cookieName } from './http.ts'
import { ALGORITHM, type Keys } from './keys.ts'
import type { People } from './people.ts'

export const CLIENT_ID = 'lectern-web'
export const SCOPE = 'openid profile email'
export const ACCESS_SECONDS = 10 * 60
export const SESSION_SECONDS = 12 * 3600
const VISIT_SECONDS = 2 * 3600

export type Screens = Pick<Configuration, 'renderError'> &
  Required<Pick<NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>, 'logoutSource' | 'postLogoutSuccessSource'>>

/** What somebody's sign-in is short of by the school's rules: a second factor they have, or one they have yet to set up. */
export type Lacks = (account: string, amr: readonly string[]) => 'second' | 'set-up' | undefined

type Given = {
  lacks: Lacks
  /** Told of every sign-in and every renewal. */
  seen(session: string, request: IncomingMessage): void
  /** Told of a grant whose tokens are to count no more. */
  revoked(grantId: string): void
  url: string
  issuer: string
  audience: string
  keys: Keys
  database: DatabaseSync
  people: People
  log: Log
  screens: Screens
}

/** Below `/auth`. None begins with the mount's own name, which the provider could not tell from its prefix. */
const ROUTES = { authorization: '/authorize', token: '/token', jwks: '/jwks', userinfo: '/userinfo', revocation: '/revoke', end_session: '/sign-out' }

export const isProviderPath = (path: string): boolean =>
  path.startsWith('/.well-known/') || Object.values(ROUTES).some((route) => path === route || path.startsWith(`${route}/`))

const setUpAsked = ({ oidc: { params, result } }: KoaContextWithOIDC): boolean => params?.['set_up'] !== undefined && result?.['set_up'] === undefined

const lack = (lacks: Lacks, { oidc: { session } }: KoaContextWithOIDC) =>
  session?.accountId === undefined ? undefined : lacks(session.accountId, session.amr ?? [])

/**
 * `prompt=create` (OpenID Connect Prompt Create 1.0) leads to the sign-up page, and `set_up=authenticator` or `passkey` to where one adds that:
 * with a sign-in that is fresh, for it opens the account for good. Consent is never asked: the only client is the school itself.
 */
const policy = (lacks: Lacks) => {
  const prompts = base()
  prompts.add(new Prompt({ name: 'create', requestable: true }), 0)
  prompts.get('login')?.checks.add(
    new Check('not_enough', 'more has to be shown than was', (context) => {
      const { session } = context.oidc
      if (session?.accountId === undefined) return Check.NO_NEED_TO_PROMPT
      const missing = lack(lacks, context)
      return missing === 'second' || ((missing === 'set-up' || setUpAsked(context)) && session.past(FRESH_SECONDS))
    }),
  )
  const check = new Check('something_to_set_up', 'a way to sign in is to be set up', (context) => setUpAsked(context) || lack(lacks, context) === 'set-up')
  prompts.add(new Prompt({ name: 'set_up' }, check), prompts.length - 1)
  return prompts
}

const addressOf = (uid: string, prompt: string, setUp: unknown): string => {
  const which = { create: '?new', set_up: setUp === 'passkey' ? '?passkey' : '?authenticator' }[prompt]
  return `/auth/sign-in/${uid}${which ?? ''}`
}

const account =
  (people: People): Configuration['findAccount'] =>
  (_, id) => {
    const found = people.find(id)
    if (!found || found.isDisabled || !found.isVerified) return undefined
    const { email, name, roles } = found
    return { accountId: id, claims: () => ({ sub: id, email, email_verified: true, name, roles }) }
  }

const grant = (audience: string) => async (context: KoaContextWithOIDC) => {
  const { oidc } = context
  const { accountId } = oidc.session ?? {}
  if (accountId === undefined) return undefined
  const id = oidc.session?.grantIdFor(CLIENT_ID)
  const kept = id === undefined ? undefined : await oidc.provider.Grant.find(id)
  if (kept && kept.accountId === accountId) return kept
  const made = new oidc.provider.Grant({ clientId: CLIENT_ID, accountId })
  made.addOIDCScope(`${SCOPE} offline_access`)
  made.addResourceScope(audience, SCOPE)
  await made.save()
  return made
}

const features = ({ audience, screens }: Given): Configuration['features'] => ({
  devInteractions: { enabled: false },
  dPoP: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  revocation: { enabled: true },
  rpInitiatedLogout: { enabled: true, logoutSource: screens.logoutSource, postLogoutSuccessSource: screens.postLogoutSuccessSource },
  resourceIndicators: {
    enabled: true,
    // The browser need not name our API: there is no other.
    defaultResource: (_, __, asked) => asked ?? audience,
    useGrantedResource: () => true,
    getResourceServerInfo: (_, resource) => {
      if (resource !== audience) throw new InvalidTarget()
      return { scope: '', audience, accessTokenTTL: ACCESS_SECONDS, accessTokenFormat: 'jwt', jwt: { sign: { alg: ALGORITHM } } }
    },
  },
})

/** From the sign-in on, however often the session is used: the library would begin its time anew at each use. `loginTs`: epoch seconds, once signed in. */
export const secondsLeft = (loginTs: number | undefined, now: number): number =>
  loginTs === undefined ? SESSION_SECONDS : Math.max(1, loginTs + SESSION_SECONDS - Math.floor(now / 1000))

const configuration = (given: Given): Configuration => {
  const { url, audience, keys, database, people, screens } = given
  return {
    adapter: adapter(database),
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [`${url}/signed-in`],
        post_logout_redirect_uris: [`${url}/`],
        id_token_signed_response_alg: ALGORITHM,
      },
    ],
    responseTypes: ['code'],
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name', 'roles'], email: ['email', 'email_verified'] },
    // The first signs; what the others have signed still counts.
    jwks: { keys: [keys.signing, ...keys.former] },
    cookies: {
      keys: keys.cookies,
      names: { session: cookieName(url, 'session'), interaction: cookieName(url, 'visit'), resume: cookieName(url, 'resume') },
      long: { httpOnly: true, sameSite: 'lax', signed: true, path: '/auth' },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    routes: ROUTES,
    features: features(given),
    extraParams: ['return_to', 'set_up'],
    extraTokenClaims: (_, token) => ('sessionUid' in token && token.sessionUid !== undefined ? { sid: token.sessionUid } : undefined),
    findAccount: account(people),
    loadExistingGrant: grant(audience),
    interactions: {
      policy: policy(given.lacks),
      // The interaction's cookie is bound to this path, so every page of a sign-in lies below it.
      url: (_, { uid, prompt, params }) => addressOf(uid, prompt.name, params['set_up']),
    },
    issueRefreshToken: () => true,
    // A refresh token lives and dies with the session, whatever scope was asked for.
    expiresWithSession: () => true,
    rotateRefreshToken: true,
    clientBasedCORS: (_, origin) => origin === new URL(url).origin,
    pkce: { required: () => true },
    ttl: {
      AccessToken: ACCESS_SECONDS,
      AuthorizationCode: 60,
      IdToken: 3600,
      RefreshToken: SESSION_SECONDS,
      Interaction: VISIT_SECONDS,
      Session: (_, { loginTs }) => secondsLeft(loginTs, Date.now()),
      Grant: 14 * 24 * 3600,
    },
    ...(screens.renderError && { renderError: screens.renderError }),
  }
}

export const openProvider = (given: Given): OidcProvider => {
  const provider: OidcProvider = new Provider(given.issuer, configuration(given))
  // Behind `handle`, which says by which address and scheme the school is known; nobody else's word is taken.
  provider.proxy = true
  provider.on('authorization.success', ({ oidc, req }) => {
    if (oidc.session) given.seen(oidc.session.uid, req)
  })
  provider.on('grant.success', ({ oidc, req }) => {
    const uid = (oidc.entities.RefreshToken ?? oidc.entities.AuthorizationCode)?.sessionUid
    if (uid !== undefined) given.seen(uid, req)
  })
  provider.on('grant.revoked', (_, grantId) => given.revoked(grantId))
  provider.on('server_error', (_, error) => given.log.error('the identity provider failed', error))
  return provider
}
