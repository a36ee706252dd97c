import type { people as contract, SchoolPerson, WholePerson } from '#contract/people.ts'
import { type Role, rolesWith } from '#contract/roles.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { helpedBy } from '#core/helpers/records.ts'
import { taughtBy } from '#core/helpers/taught.ts'
import { allEnrolled } from '#core/learning/curriculum.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Person } from '#ports/identity.ts'
import type { World } from '#ports/world.ts'
import { firstOwner } from './first-owner.ts'
import { leaveFor, mayMake } from './policy.ts'
import { actRecords, actsOn } from './records.ts'
import { remember } from './remembering.ts'

const MOST_ACTS = 50
const MOST_COURSES = 100

/** What somebody helps with, asked for once. */
type Helping = ReturnType<typeof helpedBy>

const summaryOf = async ({ id, email, name, roles, isVerified, isDisabled }: Person, helping: Helping): Promise<SchoolPerson> => ({
  ...{ id, email, name, roles: rolesWith(...roles), isVerified, isDisabled },
  helps: (await helping).length,
})

const known = async ({ identity }: World, id: string): Promise<Person> => {
  const person = await identity.find(id)
  if (!person) throw missing('person')
  return person
}

const teachingOf = async ({ tables }: World, person: string, helping: Helping): Promise<WholePerson['teaches']> => {
  const [courses, helped] = await Promise.all([taughtBy(tables, person, helping), helping])
  const as = new Map(helped.map(({ course, help }) => [course, help.as]))
  return courses.slice(0, MOST_COURSES).map(({ id, title }) => ({ id, title, as: as.get(id) ?? 'teacher' }))
}

const whole = async (world: World, actor: Actor, id: string): Promise<WholePerson> => {
  const person = await known(world, id)
  const helping = helpedBy(world.tables, id)
  const [summary, learns, teaches, acts] = await Promise.all([
    summaryOf(person, helping),
    allEnrolled(world, id),
    teachingOf(world, id, helping),
    actRecords.list(world.tables, actsOn(id), { descending: true, limit: MOST_ACTS }),
  ])
  return {
    ...{ person: summary, teaches, may: leaveFor(actor, summary) },
    learns: learns.slice(0, MOST_COURSES).map(({ course, since, lessons, completed }) => ({ id: course.id, title: course.title, since, lessons, completed })),
    acts: acts.items.map(({ id: _, person: __, ...act }) => act),
  }
}

const lastOwner = (): Refusal => new Refusal('conflict', 'The school needs an owner: make somebody else one first.', 'last-owner')
const notTheirs = (): Refusal => new Refusal('not-allowed', 'Your account may not do this with theirs.', 'theirs')

const setRoles = async (world: World, actor: Actor, { person: id, roles, reason }: { person: string; roles: Role[]; reason: string }) => {
  const person = await known(world, id)
  const [before, after] = [rolesWith(...person.roles), rolesWith(...roles)]
  if (!mayMake(actor, { id, roles: before }, after)) throw notTheirs()
  if (before.join() === after.join()) return whole(world, actor, id)
  if ((await world.identity.setRoles(id, after)) === 'last-owner') throw lastOwner()
  await remember(world, actor, person, { what: 'roles', before, after, reason })
  return whole(world, actor, id)
}

/** Somebody whom `actor` may keep out or sign out. */
const theirs = async (world: World, actor: Actor, id: string): Promise<Person> => {
  const person = await known(world, id)
  if (!leaveFor(actor, person).mayDisable) throw notTheirs()
  return person
}

const disable = async (world: World, actor: Actor, { person: id, isDisabled, reason }: { person: string; isDisabled: boolean; reason: string }) => {
  const person = await theirs(world, actor, id)
  if (person.isDisabled === isDisabled) return whole(world, actor, id)
  if (!isDisabled) await world.identity.enable(id)
  else if ((await world.identity.disable(id)) === 'last-owner') throw lastOwner()
  await remember(world, actor, person, { what: isDisabled ? 'disabled' : 'enabled', reason })
  return whole(world, actor, id)
}

const signOut = async (world: World, actor: Actor, { person: id, reason }: { person: string; reason: string }) => {
  const person = await theirs(world, actor, id)
  await world.identity.endSessions(id)
  await remember(world, actor, person, { what: 'signed-out', reason })
  return whole(world, actor, id)
}

/** The people of the school, for those who look after them. */
export const people: Feature<typeof contract> = {
  handlers: {
    list: async (world, _actor, { search, role, page }) => {
      const { items, next } = await world.identity.list({
        ...(search !== undefined && { search }),
        ...(role !== undefined && { role }),
        ...(page !== undefined && { page }),
      })
      return { people: await Promise.all(items.map((person) => summaryOf(person, helpedBy(world.tables, person.id)))), ...(next !== undefined && { next }) }
    },
    person: (world, actor, { person }) => whole(world, actor, person),
    ...{ setRoles, disable, signOut },
  },
  hearings: [],
  timers: [firstOwner],
}
