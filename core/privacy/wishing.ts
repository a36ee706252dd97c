import { ERASURE_WAITS_DAYS, type ErasureRow, type Hindrance, type Wishes } from '#contract/privacy.ts'
import { hasRole } from '#contract/roles.ts'
import { normalEmail } from '#core/addresses.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { after, DAY_MS } from '#core/moments.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Person } from '#ports/identity.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { aliasOf, beginning } from './erasing.ts'
import { hindrancesOf, pays, teaches } from './hindrances.ts'
import { DUE_ERASURES, ERASURES, erasureOfRecords, erasureRecords, type StoredErasure } from './records.ts'

export const erasureOf = async ({ tables }: World, person: string): Promise<Stored<StoredErasure> | undefined> => {
  const of = await erasureOfRecords.get(tables, { person })
  return of && erasureRecords.get(tables, { id: of.value.erasure })
}

type Wish = { person: Person; keeps: Wishes; by: StoredErasure['by']; heir?: Person | undefined; waitsDays: number }

const heirIn = (heir: Person | undefined) => heir && { heir: { id: heir.id, name: heir.name, email: heir.email } }

/** That somebody is to be forgotten, as it is written down; there is no room for a second one. */
const wished = (world: World, { person, keeps, by, heir, waitsDays }: Wish): { erasure: StoredErasure; changes: Change[] } => {
  const [id, at] = [world.ids.make('ers'), world.clock.now().toISOString()]
  const erasure: StoredErasure = {
    ...{ id, keeps, by, state: 'waiting', alias: aliasOf(world), askedAt: at, dueAt: after(world, waitsDays * DAY_MS) },
    subject: { person: person.id, email: person.email, name: person.name },
    ...heirIn(heir),
    ...{ step: 0, walk: 0, found: 0, removed: 0, changed: 0 },
  }
  return { erasure, changes: [erasureRecords.add(erasure), erasureOfRecords.add({ person: person.id, erasure: id })] }
}

const WORDS: Record<Hindrance, string> = {
  teaches: 'You teach courses here: hand them over to somebody else first.',
  membership: 'A membership or plan of yours is being paid: end it first.',
  staff: 'You are one of the staff: ask an admin.',
}

/** By themselves: a week from now, so that whoever found a browser open has not the last word. */
export const leave = async (world: World, actor: Actor, { email, keeps }: { email: string; keeps: Wishes }): Promise<void> => {
  if (normalEmail(email) !== normalEmail(actor.email)) throw new Refusal('bad-input', 'That is not the address of your account.')
  const [hindrance] = await hindrancesOf(world, actor)
  if (hindrance) throw new Refusal('conflict', WORDS[hindrance], hindrance)
  const { erasure, changes } = wished(world, { person: actor, keeps, by: 'themselves', waitsDays: ERASURE_WAITS_DAYS })
  // Asked for twice, the first goes on.
  await world.tables.commit(changes, [event(world, 'erasure.asked', { erasure: erasure.id })])
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

/** Written with the event that begins it. One that waits already begins now, and as is said now. */
const wishedNow = async (world: World, wish: Wish): Promise<StoredErasure> => {
  const stored = await erasureOf(world, wish.person.id)
  if (stored && stored.value.state !== 'waiting') throw new Refusal('conflict', 'Their erasure has begun already.')
  const fresh = wished(world, wish)
  const { heir: _, ...before } = stored?.value ?? fresh.erasure
  const erasure: StoredErasure = { ...before, keeps: wish.keeps, by: wish.by, dueAt: fresh.erasure.dueAt, ...heirIn(wish.heir) }
  const outcome = await world.tables.commit(stored ? [erasureRecords.replace(stored, erasure)] : fresh.changes, [beginning(world, erasure)])
  if (outcome === 'conflict') throw new Refusal('conflict', 'It was asked for, begun or called off at this moment. Look again.')
  return erasure
}

/** At once, by the staff or whoever runs the machine. @throws Refusal where something has to be done first, or it has begun */
export const eraseNow = async (world: World, { email, keeps, heir: named, by }: Erase): Promise<StoredErasure> => {
  const person = await world.identity.findByEmail(email)
  if (!person) throw missing('person')
  if (hasRole(person, 'owner')) throw new Refusal('conflict', 'They own the school: another owner has to take that from them first.', 'owner')
  const heir = await heirOf(world, named, person)
  if (!heir && (await teaches(world, person))) throw new Refusal('conflict', 'They teach courses: say who takes them over.', 'teaches')
  if (await pays(world, person)) throw new Refusal('conflict', 'A membership or plan of theirs is being paid: end it first.', 'membership')
  return wishedNow(world, { person, keeps, by, heir, waitsDays: 0 })
}

/** The one under way of somebody with an address, whether or not there is an account of it any more. */
export const erasureNamed = async ({ tables }: World, email: string): Promise<StoredErasure | undefined> => {
  const { items } = await erasureRecords.listIndex(tables, DUE_ERASURES, { limit: 1000 })
  return items.find(({ state, subject }) => state === 'running' && subject?.email === normalEmail(email))
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
