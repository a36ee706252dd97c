import type { Person } from '#ports/identity.ts'
import type { Side } from './side.ts'

type Making = { to: Side['identity']; secret(): string }

const sameRoles = (one: Person, other: Person): boolean => one.roles.toSorted().join() === other.roles.toSorted().join()

/**
 * The same person there: found by their address, or made with a password that nobody knows. No home gives its passwords away, so
 * everybody chooses a new one, as if they had forgotten theirs.
 */
const carried = async ({ to, secret }: Making, person: Person): Promise<Person> => {
  const { email, name, roles } = person
  // Pools ask for a letter of each case, a digit and a sign.
  const made = (await to.findByEmail(email)) ?? (await to.create({ email, name, password: `${secret()}aA1!`, roles }))
  const there = made === 'taken' ? await to.findByEmail(email) : made
  if (!there) throw new Error(`${person.id} could not be made there, and is not there.`)
  if (!sameRoles(there, person)) await to.setRoles(there.id, roles)
  if (person.isDisabled && !there.isDisabled) await to.disable(there.id)
  return there
}

/** Who has not confirmed their address has nothing in the school, and may sign up again. */
export const isCarried = ({ isVerified }: Person): boolean => isVerified

/** Carries one page of people; their ids here and there. */
export const carryPeople = async (making: Making, people: readonly Person[]): Promise<[string, string][]> => {
  const ids: [string, string][] = []
  for (const person of people.filter(isCarried)) ids.push([person.id, (await carried(making, person)).id])
  return ids
}
