import type { SignInDesk } from './sign-in.ts'
import type { Page } from './tables.ts'

export type Role = 'learner' | 'instructor' | 'admin'

/** A person as the identity provider knows them. `id` is the token's `sub`. */
export type Person = {
  id: string
  email: string
  name: string
  roles: Role[]
  isVerified: boolean
  isDisabled: boolean
  /** When all sessions they had were ended last, as by a new password; ISO 8601. What was begun before is not theirs any more. */
  sessionsSince?: string
}

/** What the browser needs to sign people in by code + PKCE, whichever provider there is. */
export type SignInSettings = {
  authority: string
  clientId: string
  /** The API that access tokens are made for; left out where the provider binds them to its client instead. */
  audience?: string
  scope: string
  /**
   * Absolute addresses that a provider has in place of `prompt=create` and of a sign-out as OpenID Connect has it, and of what a `SignInDesk`
   * does: where a password is chosen anew, and a passkey added.
   */
  pages?: { signUp: string; signOut: string; password?: string; passkeys?: string }
}

/** Which sign-in an access token was made in. */
export type TokenSession = {
  id: string
  /** When they last showed who they are in it; ISO 8601. */
  since: string
}

/** Whom a token speaks for. One of no session was made for a script. */
export type Bearer = Person & { session?: TokenSession }

export type Identity = {
  settings: SignInSettings
  /** The person an access token speaks for; undefined when it is malformed, forged, expired, for someone else's API, or its person is disabled. */
  verify(accessToken: string): Promise<Bearer | undefined>
  find(id: string): Promise<Person | undefined>
  findByEmail(email: string): Promise<Person | undefined>
  list(options?: { page?: string }): Promise<Page<Person>>
  /** Makes a person who can sign in with the password at once, verified. `taken`: the address has an account. */
  create(person: { email: string; name: string; password: string; roles: Role[] }): Promise<Person | 'taken'>
  setRoles(id: string, roles: Role[]): Promise<void>
  /** Ends all of the person's sessions too. */
  disable(id: string): Promise<void>
  /** Whoever is signed in as them anywhere is so no more. */
  endSessions(id: string): Promise<void>
  /** Undefined where the provider keeps to itself how people sign in. */
  desk: SignInDesk | undefined
}
