import type { SignInDesk } from './sign-in.ts'
import type { Page } from './tables.ts'

export type Role = 'learner' | 'instructor' | 'support' | 'admin' | 'owner'

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
  /** More than a first factor was shown in it; left out where the provider does not say. */
  isTwoFactor?: boolean
}

/** Whom a token speaks for. One of no session was made for a script. */
export type Bearer = Person & { session?: TokenSession }

export type Identity = {
  settings: SignInSettings
  /** The person an access token speaks for; undefined when it is malformed, forged, expired, for someone else's API, or its person is disabled. */
  verify(accessToken: string): Promise<Bearer | undefined>
  find(id: string): Promise<Person | undefined>
  findByEmail(email: string): Promise<Person | undefined>
  /**
   * With `search`, those of whose name or address a word begins with each word of it; with `role`, those who have it. A page may be short, or empty and have a next one.
   */
  list(options?: { page?: string; search?: string; role?: Exclude<Role, 'learner'> }): Promise<Page<Person>>
  /** Makes a person who can sign in with the password at once, verified. `taken`: the address has an account. */
  create(person: { email: string; name: string; password: string; roles: Role[] }): Promise<Person | 'taken'>
  /** `last-owner`: nobody else who can sign in would be an owner; nothing is changed. */
  setRoles(id: string, roles: Role[]): Promise<'done' | 'last-owner'>
  /** Ends all of the person's sessions too. `last-owner` as above. */
  disable(id: string): Promise<'done' | 'last-owner'>
  /** Lets somebody who was disabled sign in again. */
  enable(id: string): Promise<void>
  /** Forgets the person: sessions, links, and that there ever was an account of the address, which anybody may take again. Of nobody it is no error. */
  erase(id: string): Promise<void>
  /** Whoever is signed in as them anywhere is so no more. */
  endSessions(id: string): Promise<void>
  /** Undefined where the provider keeps to itself how people sign in. */
  desk: SignInDesk | undefined
}
