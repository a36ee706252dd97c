import type { Role } from '#ports/identity.ts'

/** Whoever is more than a learner: they see what is not theirs, so more is asked of their sign-in. */
export const isStaff = (roles: readonly Role[]): boolean => roles.some((role) => role !== 'learner')
