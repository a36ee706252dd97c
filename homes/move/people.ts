import type { Person } from '#ports/identity.ts'
import type { Side } from './side.ts'
import { MoveTrouble } from './trouble.ts'

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
  // Whoever typed that address there has not shown that it is theirs: what the person may do is not given to them.
  if (!there.isVerified) throw new MoveTrouble(`Somebody has signed up there as ${email} and not confirmed it. Remove that account, then go on with --resume.`)
  const [given, closed] = [
    sameRoles(there, person) ? 'done' : await to.setRoles(there.id, roles),
    person.isDisabled && !there.isDisabled ? await to.disable(there.id) : 'done',
  ]
  if (given === 'last-owner' || closed === 'last-owner')
    throw new MoveTrouble(`${email} is the only owner there, and not here. Let another sign in there as the owner first, then go on with --resume.`)
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

type Comparing = { from: Side['identity']; to: Side['identity']; ids: ReadonlyMap<string, string> }

/** Who was carried and is not the same there: another id than everything names, other roles, or let in where they are kept out. */
export const othersThere = async ({ from, to, ids }: Comparing, page?: string): Promise<string[]> => {
  const { items, next } = await from.list(page === undefined ? {} : { page })
  const others: string[] = []
  for (const person of items.filter(isCarried)) {
    const there = await to.findByEmail(person.email)
    const isSame = there && there.id === ids.get(person.id) && sameRoles(there, person) && there.isDisabled === person.isDisabled && there.name === person.name
    if (!isSame) others.push(person.id)
  }
  return next === undefined ? others : [...others, ...(await othersThere({ from, to, ids }, next))]
}
