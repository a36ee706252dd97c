import type { Hindrance } from '#contract/privacy.ts'
import { event } from '#core/events.ts'
import { GONE_EMAIL, GONE_NAME, type Leaving } from '#core/personal.ts'
import { NOTHING_WRITTEN, type Stored } from '#core/records.ts'
import { forgetReviews } from '#core/reviews/writing.ts'
import type { Event, Item } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { EFFECTS } from './effects.ts'
import { formerOf } from './former.ts'
import { hindrancesOf } from './hindrances.ts'
import { kindFinder } from './kinds.ts'
import { left } from './leaving.ts'
import { ERASURES, erasureOfRecords, erasureRecords, type StoredErasure } from './records.ts'
import { retold } from './retelling.ts'

/** A step is short, so that a cloud's function ends in time and whatever else waits is not kept waiting long. */
const PAGES_A_STEP = 20
const MOST_TRIES = 5
/** Each walk but the last finds what was written while the one before it went on; more than a few, and something writes again and again. */
const MOST_WALKS = 8

const leavingOf = ({ subject, alias, heir, keeps, askedAt }: StoredErasure): Leaving | undefined =>
  subject && { ...subject, alias, heir: heir ?? alias, keeps, at: askedAt }

export const aliasOf = ({ ids }: Pick<World, 'ids'>) => ({ id: ids.make('prs'), name: GONE_NAME, email: GONE_EMAIL })

/** Whoever may ask for it need not be let near the people of the school: what follows is told, and done by whoever hears. */
export const beginning = (world: World, { id }: StoredErasure): Event => event(world, 'erasure.stepped', { erasure: id, step: 0 }, `${id}.step.0`)

/** What is in the way by now of somebody who asked a week ago. What the staff ask for was looked at as they asked. */
const hindranceOf = async (world: World, { by, subject }: StoredErasure): Promise<Hindrance | undefined> => {
  const person = by === 'themselves' && subject ? await world.identity.find(subject.person) : undefined
  return person && (await hindrancesOf(world, person))[0]
}

/** As though it had never been asked for. Whoever asked for themselves is told why. */
const callOff = async ({ tables, ...world }: World, stored: Stored<StoredErasure>, because: Hindrance): Promise<void> => {
  const { id, by, subject } = stored.value
  if (!subject) return
  const { person } = subject
  const told = by === 'themselves' ? [event(world, 'erasure.hindered', { erasure: id, person, because }, `${id}.hindered`)] : []
  await tables.commit([erasureRecords.remove({ id }, stored), erasureOfRecords.remove({ person })], told)
}

/** Written before anything is done: from then on nobody calls off what has begun, and what fails is tried again. */
const begin = async (world: World, stored: Stored<StoredErasure>): Promise<void> => {
  const { id, subject, state } = stored.value
  if (state !== 'waiting' || !subject) return
  const hindrance = await hindranceOf(world, stored.value)
  if (hindrance) return callOff(world, stored, hindrance)
  const running: StoredErasure = { ...stored.value, state: 'running', step: 1, walk: 1, found: 0 }
  // Lost to another who begins it, or to whoever called it off.
  await world.tables.commit([erasureRecords.replace(stored, running)], [event(world, 'erasure.stepped', { erasure: id, step: 1 }, `${id}.step.1`)])
}

/**
 * From now on nobody writes in their name; what has to be counted anew goes by its own feature's rules first. Undefined where it is called off:
 * made the owner since, and the only one, for a school that nobody owns is nobody's to mend.
 */
const closed = async (world: World, stored: Stored<StoredErasure>): Promise<StoredErasure | undefined> => {
  const { subject } = stored.value
  if (!subject) return undefined
  if ((await world.identity.disable(subject.person)) === 'last-owner') {
    await callOff(world, stored, 'staff')
    return undefined
  }
  await forgetReviews(world, subject.person)
  // They may have changed both since they asked; what they were called then is found beside their id.
  const person = await world.identity.find(subject.person)
  return person ? { ...stored.value, subject: { ...subject, name: person.name, email: person.email } } : stored.value
}

type Finder = ReturnType<typeof kindFinder>

/** Until it says nothing of them, whoever else writes it meanwhile. */
const leave = async (world: World, finder: Finder, item: Item, leaving: Leaving): Promise<'same' | 'removed' | 'changed'> => {
  const kind = finder(item)
  if (!kind) throw new Error(`No record says what becomes of ${item.pk} ${item.sk} when somebody leaves.`)
  let now: Item | undefined = item
  for (let tries = 0; now && tries < MOST_TRIES; tries += 1) {
    const outcome = left(kind, now, leaving)
    if (outcome.what === 'same') return 'same'
    const effect = EFFECTS[`${kind.pattern.pk} ${kind.pattern.sk}`]
    const besides = effect ? await effect(world, { item: now, changes: outcome.changes, leaving }) : NOTHING_WRITTEN
    if ((await world.tables.commit([...outcome.changes, ...besides.changes], besides.events)) === 'done') return outcome.what
    now = await world.tables.get(item)
  }
  if (now) throw new Error(`${item.pk} ${item.sk} was written by others again and again.`)
  return 'same'
}

/** What belongs to erasing itself is looked at when it is done. */
const isOurs = ({ pk }: Item): boolean => pk === ERASURES || pk.startsWith('erasure-of#')

type Seen = Pick<StoredErasure, 'found' | 'removed' | 'changed'> & { next: string | undefined }

type By = { finder: Finder; leaving: Leaving; former: ReturnType<typeof formerOf> }

const someItems = async (world: World, { finder, leaving, former }: By, page: string | undefined): Promise<Seen> => {
  const counts = { same: 0, removed: 0, changed: 0 }
  const { items, next } = await world.tables.every(page)
  for (const item of items) {
    if (isOurs(item)) continue
    const outcome = await leave(world, finder, item, leaving)
    counts[outcome] += 1
    if (outcome !== 'same') former.look(item.body)
  }
  const { removed, changed } = counts
  return { removed, changed, found: removed + changed, next }
}

/** Whoever is still to hear of one hears of the pseudonym, as the items say by then. */
const someEvents = async ({ events }: World, leaving: Leaving, page: string | undefined): Promise<Seen> => {
  const { items, next } = await events.remembered(page)
  let found = 0
  for (const told of items) {
    const anew = retold(told, leaving)
    if (!anew) continue
    await events.rewrite(anew)
    found += 1
  }
  return { removed: 0, changed: 0, found, next }
}

/** A walk goes through all items, and then through what is remembered of events. */
const walkPages = async (world: World, erasure: StoredErasure, by: By): Promise<StoredErasure> => {
  let { page, isAtEvents = false, ...walked } = erasure
  for (let pages = 0; pages < PAGES_A_STEP; pages += 1) {
    const { next, ...seen } = isAtEvents ? await someEvents(world, by.leaving, page) : await someItems(world, by, page)
    walked = { ...walked, found: walked.found + seen.found, removed: walked.removed + seen.removed, changed: walked.changed + seen.changed }
    page = next
    if (page !== undefined) continue
    if (isAtEvents) return walked
    isAtEvents = true
  }
  return { ...walked, ...(page !== undefined && { page }), ...(isAtEvents && { isAtEvents }) }
}

/** With what was learned on the way, which the walks that follow look for too: where it stood, this one is not the last. */
const walkSome = async (world: World, erasure: StoredErasure, leaving: Leaving): Promise<StoredErasure> => {
  const former = formerOf(leaving)
  const { subject, ...walked } = await walkPages(world, erasure, { finder: kindFinder(), leaving, former })
  return { ...walked, ...(subject && { subject: { ...subject, former: await former.told(world) } }) }
}

const isWhole = ({ page, isAtEvents }: StoredErasure): boolean => page === undefined && !isAtEvents

/** The account last: until then whoever looks for somebody half erased finds out whose that is. */
const finish = async (world: World, stored: Stored<StoredErasure>, walked: StoredErasure): Promise<void> => {
  const { subject, heir: _, ...rest } = walked
  if (!subject) return
  // Let in again meanwhile, they may be the only owner by now.
  if ((await world.identity.disable(subject.person)) === 'last-owner') throw new Error(`Erasure ${rest.id} is of the only owner: make somebody else one first.`)
  await world.identity.erase(subject.person)
  const done: StoredErasure = { ...rest, state: 'done', doneAt: world.clock.now().toISOString() }
  await world.tables.commit(
    [erasureRecords.replace(stored, done), erasureOfRecords.remove({ person: subject.person })],
    [event(world, 'person.erased', { erasure: done.id, alias: done.alias.id }, `${done.id}.done`)],
  )
}

const afterWalk = ({ walk, id, ...rest }: StoredErasure): StoredErasure => {
  if (walk >= MOST_WALKS) throw new Error(`Erasure ${id} has walked through everything ${walk} times and still finds something.`)
  return { ...rest, id, walk: walk + 1, found: 0 }
}

/** One step. Told of twice, or by two workers, it is made once: the record says which step is next. */
export const step = async (world: World, { erasure: id, step: place }: { erasure: string; step: number }): Promise<void> => {
  const stored = await erasureRecords.get(world.tables, { id })
  if (stored && place === 0) return begin(world, stored)
  if (stored?.value.state !== 'running' || stored.value.step !== place) return
  const erasure = place === 1 ? await closed(world, stored) : stored.value
  const leaving = erasure && leavingOf(erasure)
  if (!leaving) return
  const walked = await walkSome(world, erasure, leaving)
  if (isWhole(walked) && walked.found === 0) return finish(world, stored, walked)
  const next = place + 1
  const after: StoredErasure = { ...(isWhole(walked) ? afterWalk(walked) : walked), step: next }
  // Lost to another worker, which goes on.
  await world.tables.commit([erasureRecords.replace(stored, after)], [event(world, 'erasure.stepped', { erasure: id, step: next }, `${id}.step.${next}`)])
}

/** All of it, one step after another: for whoever has no school running that would hear of each. An open one may be at it as well. */
export const carriedOut = async (world: World, id: string, tell: (erasure: StoredErasure) => void): Promise<StoredErasure> => {
  for (;;) {
    const erasure = (await erasureRecords.get(world.tables, { id }))?.value
    if (!erasure) throw new Error('The erasure was called off.')
    if (erasure.state === 'done') return erasure
    tell(erasure)
    await step(world, { erasure: id, step: erasure.step })
  }
}
