import { leave } from '../../lib/tokens.ts'

/** Asks who somebody is once more, for what needs a sign-in that is fresh. */
export const signInAgain = (returnTo: string): Promise<void> => leave({ prompt: 'login', state: { returnTo } })

/** Leaves for the page of the sign-in that adds a way to sign in; it comes back to the account. */
export const setUpSignIn = (what: 'authenticator' | 'passkey'): Promise<void> => leave({ extraQueryParams: { set_up: what }, state: { returnTo: '/account' } })
