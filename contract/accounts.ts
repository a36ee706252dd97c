import * as z from 'zod/mini'
import { Accent } from './accent.ts'
import { endpoint, nothing } from './base.ts'
import { joining } from './joining.ts'
import { ownAccount } from './own-account.ts'
import { ROLES } from './roles.ts'
import { FooterLink, LegalPage } from './storefront.ts'

const Role = z.enum(ROLES)

/** `helps`: with a course that is another's. */
export const Me = z.object({ id: z.string(), email: z.string(), name: z.string(), roles: z.array(Role), helps: z.boolean() })
export type Me = z.infer<typeof Me>

/** Public facts about the school that the web app needs before anyone has signed in. */
export const School = z.object({
  name: z.string(),
  currency: z.string(),
  signIn: z.object({
    authority: z.string(),
    clientId: z.string(),
    audience: z.optional(z.string()),
    scope: z.string(),
    /** Where the provider wants people sent to make an account and to sign out, if not as OpenID Connect has it. */
    pages: z.optional(z.object({ signUp: z.string(), signOut: z.string(), password: z.optional(z.string()), passkeys: z.optional(z.string()) })),
  }),
  /** True while checkout runs on the built-in stand-in and no money moves. */
  isDemo: z.boolean(),
  tagline: z.string(),
  accent: z.optional(Accent),
  /** Paths of pictures. */
  logo: z.optional(z.string()),
  icon: z.optional(z.string()),
  footer: z.object({ text: z.string(), links: z.array(FooterLink), legal: z.array(LegalPage) }),
})
export type School = z.infer<typeof School>

export const accounts = {
  me: endpoint({ method: 'GET', path: '/me', access: 'person', summary: 'Who I am', input: nothing, output: Me }),
  school: endpoint({ method: 'GET', path: '/school', access: 'anyone', summary: 'The school, and how to sign in to it', input: nothing, output: School }),
  ...ownAccount,
  ...joining,
}
