import type { SigninRedirectArgs, User, UserManager } from 'oidc-client-ts'
import { shallowRef } from 'vue'
import type { School } from '#contract/accounts.ts'
import { locks } from './locks.ts'
import { store } from './store.ts'

/** Renewed this long before it runs out, so that no request is refused for a token that died on its way. */
const RENEW_BEFORE_SECONDS = 60

/** What the library does for us; a sign-in begins by `leave` alone. */
export type Users = Omit<UserManager, 'signinRedirect'>

let managing: Promise<UserManager> | undefined

/** Whether someone is signed in, as far as this browser knows; `undefined` until that has been looked up. */
export const isSignedIn = shallowRef<boolean>()

/** The provider’s own name for whoever is signed in; looked up with each request. */
export const personHere = shallowRef<string>()

// Not by the API client: that one asks here for its token.
const askSchool = async (): Promise<School> => {
  const response = await fetch('/api/school')
  if (!response.ok) throw new TypeError(`The school answered ${response.status}.`)
  // Our own server's answer, made from the same schema.
  return (await response.json()) as School
}

let asking: Promise<School> | undefined

/** The school's public facts, asked for once; a failure is not kept. */
export const askSchoolOnce = (): Promise<School> => {
  asking ??= askSchool().catch((error: unknown) => {
    asking = undefined
    throw error
  })
  return asking
}

// Loaded when it is needed: someone who only looks around never signs in.
const managerFor = async ({ signIn }: School, entrance?: string): Promise<UserManager> => {
  const { UserManager, WebStorageStateStore } = await import('oidc-client-ts')
  return new UserManager({
    authority: signIn.authority,
    client_id: signIn.clientId,
    redirect_uri: `${location.origin}/signed-in`,
    post_logout_redirect_uri: `${location.origin}/`,
    scope: signIn.scope,
    ...(signIn.audience !== undefined && { resource: signIn.audience }),
    ...(entrance !== undefined && { metadataSeed: { authorization_endpoint: entrance } }),
    response_type: 'code',
    // A token bound to our API is refused by the provider's userinfo; `/api/me` says who I am.
    loadUserInfo: false,
    automaticSilentRenew: false,
    // Kept across tabs and visits: a lesson opened in a second tab should not ask to sign in again.
    userStore: new WebStorageStateStore({ store: localStorage, prefix: 'lectern.' }),
    // Across tabs too: a confirmation's link opens in a new one, and the sign-in ends there.
    stateStore: new WebStorageStateStore({ store: localStorage, prefix: 'lectern.' }),
  })
}

const whole = (): Promise<UserManager> => {
  managing ??= askSchoolOnce()
    .then(managerFor)
    .catch((error: unknown) => {
      managing = undefined
      throw error
    })
  return managing
}

export const manager = (): Promise<Users> => whole()

/**
 * Leaves for the provider's page, or for another of its pages than its discovery document names; whatever comes back is the first one's to read.
 * The library makes no nonce by itself; where there is one, it refuses an ID token that does not repeat it (OpenID Connect Core §3.1.3.7, 11).
 */
export const leave = async (asked: SigninRedirectArgs, entrance?: string): Promise<void> => {
  const users = entrance === undefined ? await whole() : await managerFor(await askSchoolOnce(), entrance)
  await users.signinRedirect({ ...asked, nonce: crypto.randomUUID() })
}

const hasStoredUser = (): boolean => store.keys().some((key) => key.startsWith('lectern.user:'))

/** Nobody, where nothing is stored: that needs no looking up. */
export const lookWhoIsHere = (): void => {
  if (!hasStoredUser()) isSignedIn.value = false
}

const storedUser = async (): Promise<User | null> => (hasStoredUser() ? (await manager()).getUser() : null)

export const forget = async (): Promise<void> => {
  await (await manager()).removeUser()
  isSignedIn.value = false
  personHere.value = undefined
}

const isFresh = (user: User): boolean => (user.expires_in ?? 0) > RENEW_BEFORE_SECONDS

/** The provider's own word that the refresh token is good no more, as opposed to a network that is down. */
const isRefused = (error: unknown): boolean => error instanceof Error && error.name === 'ErrorResponse'

/**
 * A token other than `stale`, from the refresh token; `undefined` when signed out.
 * One tab at a time: a refresh token used twice would be taken for stolen.
 */
export const renew = (stale: string): Promise<string | undefined> =>
  locks.alone('lectern.renewal', async () => {
    const users = await manager()
    const stored = await users.getUser()
    if (!stored) return undefined
    if (stored.access_token !== stale && isFresh(stored)) return stored.access_token
    try {
      if (stored.refresh_token) return (await users.signinSilent())?.access_token
    } catch (error) {
      if (!isRefused(error)) throw new TypeError('The sign-in could not be renewed.', { cause: error })
    }
    await forget()
    return undefined
  })

/** The token that says who is signed in, to whom other than the school may ask; `undefined` when nobody is, or when the provider gave none. */
export const idToken = async (): Promise<string | undefined> => {
  if ((await accessToken()) === undefined) return undefined
  return (await storedUser())?.id_token
}

/** The bearer token for the next request; `undefined` when nobody is signed in. */
export const accessToken = async (): Promise<string | undefined> => {
  const user = await storedUser()
  isSignedIn.value = user !== null
  personHere.value = user?.profile.sub
  if (!user) return undefined
  return isFresh(user) ? user.access_token : renew(user.access_token)
}
