/**
 * What an access token may be given. Each names the endpoints that declare it, of everything its person may do; none gives anything its
 * person may not do.
 */
export const SCOPES = ['learning:read', 'courses:read', 'courses:write', 'people:read', 'access:write', 'orders:read'] as const
export type Scope = (typeof SCOPES)[number]
