import * as z from 'zod/mini'
import { done, endpoint, nothing, when } from './base.ts'

const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(80))
const password = z.string().check(z.minLength(1), z.maxLength(200))
/** The provider's own names for things of somebody's: nothing is read from them. */
const its = z.string().check(z.minLength(1), z.maxLength(1024))

export const OpenSession = z.object({
  id: z.string(),
  /** The one that asks. */
  isHere: z.boolean(),
  /** As the browser names itself. */
  device: z.string(),
  /** The network it came from, never the whole address. */
  network: z.string(),
  since: when,
  usedAt: when,
})
export type OpenSession = z.infer<typeof OpenSession>

export const Passkey = z.object({ id: z.string(), name: z.string(), addedAt: when, usedAt: z.optional(when) })
export type Passkey = z.infer<typeof Passkey>

export const OwnAccount = z.object({
  name: z.string(),
  email: z.string(),
  /** Left out where the provider keeps to itself how people sign in: `school.signIn.pages` leads to its own pages. */
  signIn: z.optional(
    z.object({
      hasPassword: z.boolean(),
      pendingEmail: z.optional(z.string()),
      secondFactor: z.object({ isOn: z.boolean(), codesLeft: z.int(), isRequired: z.boolean() }),
      /** Left out where the school's address is none that passkeys can belong to. */
      passkeys: z.optional(z.array(Passkey)),
      sessions: z.array(OpenSession),
      links: z.array(z.object({ issuer: z.string(), name: z.string() })),
    }),
  ),
})
export type OwnAccount = z.infer<typeof OwnAccount>

export const SignInRules = z.object({ staffNeedSecondFactor: z.boolean() })
export type SignInRules = z.infer<typeof SignInRules>

const passkey = z.object({ passkey: its })

/** What somebody changes about themselves. What could lock them out, or let another in, needs a sign-in that is fresh: `sign-in-again`. */
export const ownAccount = {
  own: endpoint({ method: 'GET', path: '/account', access: 'person', summary: 'My account, and how I sign in', input: nothing, output: OwnAccount }),
  rename: endpoint({
    method: 'PATCH',
    path: '/account',
    access: 'person',
    summary: 'Change my name',
    input: z.object({ name }),
    output: done,
  }),
  changeEmail: endpoint({
    method: 'POST',
    path: '/account/email',
    access: 'person',
    summary: 'Ask for another e-mail address; it counts once its link has been opened',
    input: z.object({ email: z.email().check(z.maxLength(254)) }),
    output: done,
  }),
  changePassword: endpoint({
    method: 'POST',
    path: '/account/password',
    access: 'person',
    summary: 'Change my password, which ends my other sessions',
    input: z.object({ present: z.optional(password), next: password }),
    output: done,
  }),
  endSession: endpoint({
    method: 'DELETE',
    path: '/account/sessions/{session}',
    access: 'person',
    summary: 'Sign me out of one browser',
    input: z.object({ session: its }),
    output: done,
  }),
  endSessions: endpoint({
    method: 'POST',
    path: '/account/sessions/end',
    access: 'person',
    summary: 'Sign me out everywhere, or everywhere else',
    input: z.object({ keepsThis: z.boolean() }),
    output: done,
  }),
  removeSecondFactor: endpoint({
    method: 'DELETE',
    path: '/account/second-factor',
    access: 'person',
    summary: 'Take my authenticator app away',
    input: nothing,
    output: done,
  }),
  newRecoveryCodes: endpoint({
    method: 'POST',
    path: '/account/recovery-codes',
    access: 'person',
    summary: 'New recovery codes in place of the old ones, shown this once',
    input: nothing,
    output: z.object({ codes: z.array(z.string()) }),
  }),
  renamePasskey: endpoint({
    method: 'PATCH',
    path: '/account/passkeys/{passkey}',
    access: 'person',
    summary: 'Call a passkey of mine something else',
    input: z.extend(passkey, { name: z.string().check(z.trim(), z.minLength(1), z.maxLength(60)) }),
    output: done,
  }),
  removePasskey: endpoint({
    method: 'DELETE',
    path: '/account/passkeys/{passkey}',
    access: 'person',
    summary: 'Take a passkey of mine away',
    input: passkey,
    output: done,
  }),
  unlink: endpoint({
    method: 'POST',
    path: '/account/links/end',
    access: 'person',
    summary: 'No longer sign in with another provider',
    input: z.object({ issuer: z.url() }),
    output: done,
  }),
  signInRules: endpoint({
    method: 'GET',
    path: '/school/sign-in',
    access: 'admin',
    summary: 'What the school asks at sign-in',
    input: nothing,
    output: SignInRules,
  }),
  putSignInRules: endpoint({
    method: 'PUT',
    path: '/school/sign-in',
    access: 'admin',
    summary: 'Change what the school asks at sign-in',
    input: SignInRules,
    output: done,
  }),
}
