import type { PersonLeave } from '#contract/people.ts'
import { hasRole, isForOwners, isStaff, ROLES, type Role } from '#contract/roles.ts'
import type { Actor } from '#core/handlers.ts'
import type { Person } from '#ports/identity.ts'

/** Roles that somebody may give to others and take from them. */
const givenBy = (actor: Actor): Role[] => {
  if (!hasRole(actor, 'admin')) return []
  return ROLES.filter((role) => role !== 'learner' && (hasRole(actor, 'owner') || !isForOwners(role)))
}

/**
 * What one may do with somebody's account. Support looks after learners; admins after everybody but those who run the school; owners after all,
 * and an owner may give up being one. Nobody shuts themselves out.
 */
export const leaveFor = (actor: Actor, person: Pick<Person, 'id' | 'roles'>): PersonLeave => {
  const isSelf = actor.id === person.id
  const runs = person.roles.some(isForOwners)
  if (hasRole(actor, 'owner')) return { roles: givenBy(actor), mayDisable: !isSelf }
  if (runs) return { roles: [], mayDisable: false }
  const isTheirs = hasRole(actor, 'admin') || !isStaff(person.roles)
  return { roles: givenBy(actor), mayDisable: isTheirs && !isSelf && hasRole(actor, 'support') }
}

/** Whether all that would be other than before is theirs to change. */
export const mayMake = (actor: Actor, person: Pick<Person, 'id' | 'roles'>, after: readonly Role[]): boolean => {
  const { roles } = leaveFor(actor, person)
  const differing = ROLES.filter((role) => person.roles.includes(role) !== after.includes(role))
  return differing.every((role) => role === 'learner' || roles.includes(role))
}
