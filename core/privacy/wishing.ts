import { ERASURE_WAITS_DAYS, type ErasureRow, type Hindrance, type Wishes } from '#contract/privacy.ts'
import { hasRole, isStaff } from '#contract/roles.ts'
import { courseRecords } from '#core/courses/records.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { membershipsOf } from '#core/memberships/records.ts'
import { after, DAY_MS } from '#core/moments.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Person } from '#ports/identity.ts'
import type { World } from '#ports/world.ts'
import { aliasOf, beginning } from './erasing.ts'
import { DUE_ERASURES, ERASURES, erasureOfRecords, erasureRecords, type StoredErasure } from './records.ts'

const teaches = async ({ tables }: World, { id }: Pick<Person, 'id'>): Promise<boolean> =>
  (await courseRecords.listIndex(tables, `teacher#${id}`, { limit: 1 })).items.length > 0

const pays = async ({ tables }: World, { id }: Pick<Person, 'id'>): Promise<boolean> =>
  (await membershipsOf(tables, id)).some(({ endedAt }) => endedAt === undefined)

export const hindrancesOf = async (world: World, person: Person): Promise<Hindrance[]> => [
  ...((await teaches(world, person)) ? (['teaches'] as const) : []),
  ...((await pays(world, person)) ? (['membership'] as const) : []),
  ...(isStaff(person.roles) ? (['staff'] as const) : []),
]

export const erasureOf = async ({ tables }: World, person: string): Promise<Stored<StoredErasure> | undefined> => {
  const of = await erasureOfRecords.get(tables, { person })
  return of && erasureRecords.get(tables, { id: of.value.erasure })
}

type Wish = { person: Person; keeps: Wishes; by: StoredErasure['by']; heir?: Person | undefined; waitsDays: number }

/** Writes down that somebody is to be forgotten; the one they have already where there is one. */
const wished = async (world: World, { person, keeps, by, heir, waitsDays }: Wish): Promise<Stored<StoredErasure>> => {
  const [id, at] = [world.ids.make('ers'), world.clock.now().toISOString()]
  const erasure: StoredErasure = {
    ...{ id, keeps, by, state: 'waiting', alias: aliasOf(world), askedAt: at, dueAt: after(world, waitsDays * DAY_MS) },
    subject: { person: person.id, email: person.email, name: person.name, isStaff: isStaff(person.roles) },
    ...(heir && { heir: { id: heir.id, name: heir.name, email: heir.email } }),
    ...{ step: 0, walk: 0, found: 0, removed: 0, changed: 0 },
  }
  const told = waitsDays > 0 ? [event(world, 'erasure.asked', { erasure: id })] : []
  await world.tables.commit([erasureRecords.add(erasure), erasureOfRecords.add({ person: person.id, erasure: id })], told)
  const stored = await erasureOf(world, person.id)
  if (!stored) throw new Refusal('conflict', 'This was called off at this moment.')
  return stored
}

const WORDS: Record<Hindrance, string> = {
  teaches: 'You teach courses here: hand them over to somebody else first.',
  membership: 'A membership or plan of yours is being paid: end it first.',
  staff: 'You are one of the staff: ask an admin.',
}

/** By themselves: a week from now, so that whoever found a browser open has not the last word. */
export const leave = async (world: World, actor: Actor, { email, keeps }: { email: string; keeps: Wishes }): Promise<void> => {
  if (email.trim().toLowerCase() !== actor.email.toLowerCase()) throw new Refusal('bad-input', 'That is not the address of your account.')
  const [hindrance] = await hindrancesOf(world, actor)
  if (hindrance) throw new Refusal('conflict', WORDS[hindrance], hindrance)
  await wished(world, { person: actor, keeps, by: 'themselves', waitsDays: ERASURE_WAITS_DAYS })
}

const calledOff = async ({ tables }: World, stored: Stored<StoredErasure>): Promise<void> => {
  const { id, state, subject } = stored.value
  if (state !== 'waiting' || !subject) throw new Refusal('conflict', 'It has begun, and cannot be called off any more.')
  const outcome = await tables.commit([erasureRecords.remove({ id }, stored), erasureOfRecords.remove({ person: subject.person })])
  if (outcome === 'conflict') throw new Refusal('conflict', 'It has begun, and cannot be called off any more.')
}

export const stay = async (world: World, { id }: Actor): Promise<void> => {
  const stored = await erasureOf(world, id)
  if (stored) await calledOff(world, stored)
}

export const spare = async (world: World, { erasure: id }: { erasure: string }): Promise<{ done: true }> => {
  const stored = await erasureRecords.get(world.tables, { id })
  if (!stored) throw missing('erasure')
  await calledOff(world, stored)
  return { done: true }
}

type Erase = { email: string; keeps: Wishes; heir?: string | undefined; by: 'staff' | 'operator' }

const heirOf = async ({ identity }: World, email: string | undefined, person: Person): Promise<Person | undefined> => {
  if (email === undefined) return undefined
  const heir = await identity.findByEmail(email)
  if (!heir || heir.id === person.id || heir.isDisabled || !hasRole(heir, 'instructor')) {
    throw new Refusal('bad-input', 'Courses go to somebody who may teach, and who stays.', 'heir')
  }
  return heir
}

/** At once, by the staff or whoever runs the machine. One that waits already begins now. @throws Refusal where something has to be done first */
export const eraseNow = async (world: World, { email, keeps, heir: named, by }: Erase): Promise<StoredErasure> => {
  const person = await world.identity.findByEmail(email)
  if (!person) throw missing('person')
  if (hasRole(person, 'owner')) throw new Refusal('conflict', 'They own the school: another owner has to take that from them first.', 'owner')
  const heir = await heirOf(world, named, person)
  if (!heir && (await teaches(world, person))) throw new Refusal('conflict', 'They teach courses: say who takes them over.', 'teaches')
  if (await pays(world, person)) throw new Refusal('conflict', 'A membership or plan of theirs is being paid: end it first.', 'membership')
  const stored = (await erasureOf(world, person.id)) ?? (await wished(world, { person, keeps, by, heir, waitsDays: 0 }))
  await world.tables.commit([], [beginning(world, stored.value)])
  return stored.value
}

/** The one under way of somebody with an address, whether or not there is an account of it any more. */
export const erasureNamed = async ({ tables }: World, email: string): Promise<StoredErasure | undefined> => {
  const { items } = await erasureRecords.listIndex(tables, DUE_ERASURES, { limit: 1000 })
  return items.find(({ state, subject }) => state === 'running' && subject?.email === email.trim().toLowerCase())
}

/** Begins those whose time has come. */
export const beginDue = async (world: World): Promise<void> => {
  const { items } = await erasureRecords.listIndex(world.tables, DUE_ERASURES)
  const now = world.clock.now().toISOString()
  for (const { id, state, dueAt } of items) {
    if (state !== 'waiting' || dueAt > now) continue
    const stored = await erasureRecords.get(world.tables, { id })
    if (stored) await world.tables.commit([], [beginning(world, stored.value)])
  }
}

const row = ({ id, state, subject, alias, by, askedAt, dueAt, doneAt, removed, changed }: StoredErasure): ErasureRow => ({
  ...{ id, state, by, askedAt, dueAt, removed, changed, alias: alias.id },
  ...(subject && { person: { id: subject.person, name: subject.name, email: subject.email } }),
  ...(doneAt !== undefined && { doneAt }),
})

/** The newest first. */
export const erasures = async ({ tables }: World, { page }: { page?: string | undefined }) => {
  const { items, next } = await erasureRecords.list(tables, ERASURES, { descending: true, limit: 50, ...(page !== undefined && { page }) })
  return { erasures: items.map(row), ...(next !== undefined && { next }) }
}
