/**
 * What somebody is in the whole school, from the least to the most. Whom a teacher lets help with a course is said of that course
 * (`helpers.ts`), and is no role of the school. No schema here: visitors' pages read it.
 */
export const ROLES = ['learner', 'instructor', 'support', 'admin', 'owner'] as const
export type Role = (typeof ROLES)[number]

/** What a role brings with it: whoever teaches or runs the school can learn in it too. */
const WITH: Record<Role, readonly Role[]> = {
  learner: ['learner'],
  instructor: ['learner', 'instructor'],
  support: ['learner', 'support'],
  admin: ['learner', 'instructor', 'support', 'admin'],
  owner: ROLES,
}

/** The roles of somebody who is to be all of these, in their order. */
export const rolesWith = (...roles: readonly Role[]): Role[] => ROLES.filter((each) => each === 'learner' || roles.some((role) => WITH[role].includes(each)))

type Holder = { roles: readonly Role[] }

/** Whether somebody may do what the role may. */
export const hasRole = ({ roles }: Holder, wanted: Role): boolean => roles.some((role) => WITH[role].includes(wanted))

/** Whether an account may do more than learn: whoever takes it over could do harm to others. */
export const isStaff = (roles: readonly Role[]): boolean => roles.some((role) => role !== 'learner')

/** Whether making or unmaking it is for the owners alone. */
export const isForOwners = (role: Role): boolean => role === 'admin' || role === 'owner'
