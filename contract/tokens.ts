import * as z from 'zod/mini'
import { done, endpoint, id, nothing, when } from './base.ts'
import { SCOPES } from './scopes.ts'

export const MOST_TOKENS = 50
export const MOST_TOKEN_DAYS = 366

const Scopes = z.array(z.enum(SCOPES)).check(z.minLength(1), z.maxLength(SCOPES.length))

export const AccessToken = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  /** Its last letters: enough to find it again in a settings file, and of no use to anybody else. */
  hint: z.string(),
  createdAt: when,
  expiresAt: when,
  /** To the hour; left out where it never was. */
  usedAt: z.optional(when),
  /** `ended`: by a new password, or whatever else has ended all sessions of its person. */
  state: z.enum(['live', 'expired', 'ended']),
})
export type AccessToken = z.infer<typeof AccessToken>

export const tokens = {
  list: endpoint({
    method: 'GET',
    path: '/account/tokens',
    access: 'person',
    summary: 'My access tokens, newest first',
    input: nothing,
    output: z.object({ tokens: z.array(AccessToken) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/account/tokens',
    access: 'person',
    summary: 'Make an access token for a program; what it is, is told this once',
    input: z.object({
      name: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
      scopes: Scopes,
      days: z.int().check(z.minimum(1), z.maximum(MOST_TOKEN_DAYS)),
    }),
    output: z.object({ token: AccessToken, secret: z.string() }),
  }),
  revoke: endpoint({
    method: 'DELETE',
    path: '/account/tokens/{token}',
    access: 'person',
    summary: 'Have a token of mine open nothing any more',
    input: z.object({ token: id('tok') }),
    output: done,
  }),
}
