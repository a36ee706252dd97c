import { ROLES, type Role, rolesWith } from '#contract/roles.ts'

/** Everybody learns; only what goes beyond that is a group of the pool. */
export const GROUPS = ['instructor', 'support', 'admin', 'owner'] as const satisfies readonly Role[]

const isRole = (name: string): name is Role => ROLES.some((role) => role === name)

/**
 * The names in a claim of groups. A token holds an array; API Gateway hands it on as `[a b]` (HTTP APIs) or `a,b` (REST APIs). Whatever
 * else it is names no group.
 */
export const groupsOf = (claim: unknown): string[] => {
  if (Array.isArray(claim)) return claim.filter((name) => typeof name === 'string' && name !== '')
  if (typeof claim !== 'string') return []
  return claim
    .trim()
    .replace(/^\[(.*)\]$/s, '$1')
    .split(/[\s,]+/)
    .map((name) => name.replace(/^"(.*)"$/, '$1'))
    .filter((name) => name !== '')
}

/** The roles of somebody of whom only the pool has heard. */
export const rolesOf = (groups: readonly string[]): Role[] => rolesWith(...groups.filter(isRole))

export type Claims = { sub: string; username: string; groups: string[]; scopes: string[]; authTimeSeconds: number | undefined }

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A claim as text, as the authoriser of an HTTP API writes all of them. */
const seconds = (claim: unknown): number | undefined => {
  const value = typeof claim === 'string' && /^\d+$/.test(claim) ? Number(claim) : claim
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** What a payload says, be it a token's own or one that API Gateway has made flat; undefined unless it names somebody and is an access token's. */
export const claimsIn = (payload: unknown): Claims | undefined => {
  if (!isObject(payload) || payload['token_use'] !== 'access') return undefined
  const { sub, username, scope, auth_time } = payload
  if (typeof sub !== 'string' || sub === '') return undefined
  return {
    sub,
    // A person of the pool's own is called as their `sub`; one who signs in elsewhere has a name such as `Google_123`.
    username: typeof username === 'string' && username !== '' ? username : sub,
    groups: groupsOf(payload['cognito:groups']),
    scopes: groupsOf(scope),
    authTimeSeconds: seconds(auth_time),
  }
}
