import { manager } from '../../lib/tokens.ts'

/** Asks who somebody is once more, for what needs a sign-in that is fresh. */
export const signInAgain = async (returnTo: string): Promise<void> => (await manager()).signinRedirect({ prompt: 'login', state: { returnTo } })

/** Leaves for the page of the sign-in that adds a way to sign in; it comes back to the account. */
export const setUpSignIn = async (what: 'authenticator' | 'passkey'): Promise<void> =>
  (await manager()).signinRedirect({ extraQueryParams: { set_up: what }, state: { returnTo: '/account' } })
