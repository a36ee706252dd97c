import type { Person } from '#ports/identity.ts'
import type { ObjectEntry } from '#ports/objects.ts'
import type { Change, Item, Page } from '#ports/tables.ts'
import type { Checkpoint, Progress } from './checkpoint.ts'
import { batches, carryObjects, type Holding, holdingOf } from './objects.ts'
import { carryPeople, isCarried, othersThere } from './people.ts'
import { renaming } from './renaming.ts'
import type { OnTheWay, Side } from './side.ts'
import { type Tally, tallying } from './tally.ts'
import { MoveTrouble } from './trouble.ts'
import { isUntouchedItem, isUntouchedObject } from './untouched.ts'

/** How far it is: people, items or bytes, as the phase has it. */
export type Told = { phase: Progress['phase']; done: number }

type Move = {
  from: Side
  to: Side
  checkpoint: Checkpoint
  secret(): string
  tell(told: Told): void
  /** Goes without the events that not everybody has heard. */
  leavesEvents?: boolean
}

export type Plan = {
  people: number
  /** Who has not confirmed an address. */
  left: number
  items: number
  objects: Holding
  onTheWay: OnTheWay
  inTheWay: { people: number; items: number; objects: number }
}
export type Moved = { people: number; items: Tally; objects: Holding }

const everyPage = async <T>(next: (page?: string) => Promise<Page<T>>, see: (items: T[]) => void): Promise<void> => {
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const found = await next(page)
    see(found.items)
    page = found.next
  }
}

const everybody = (side: Side, see: (people: Person[]) => void): Promise<void> =>
  everyPage<Person>((page) => side.identity.list(page === undefined ? {} : { page }), see)

const tallyOf = async (side: Side, seen: (item: Item) => Item | undefined = (item) => item): Promise<Tally> => {
  const { add, tally } = tallying()
  await everyPage(side.every, (items) => {
    for (const each of items) {
      const item = seen(each)
      if (item) add(item)
    }
  })
  return tally()
}

/** What a home holds besides what it writes by itself while nobody uses it, and besides people who come along anyway. */
const inTheWayOf = async (to: Side, known: ReadonlySet<string>): Promise<Plan['inTheWay']> => {
  let [people, objects] = [0, 0]
  await everybody(to, (found) => {
    people += found.filter(({ email }) => !known.has(email.toLowerCase())).length
  })
  await holdingOf(to.objects, (entry) => {
    if (!isUntouchedObject(entry)) objects += 1
  })
  const { count: items } = await tallyOf(to, (item) => (isUntouchedItem(item) ? undefined : item))
  return { people, items, objects }
}

/** What a move would carry, what it would leave, and what stands in its way there. Changes nothing. */
export const planMove = async ({ from, to }: Pick<Move, 'from' | 'to'>): Promise<Plan> => {
  let [people, left] = [0, 0]
  const known = new Set<string>()
  await everybody(from, (found) => {
    const carried = found.filter(isCarried)
    people += carried.length
    left += found.length - carried.length
    for (const { email } of carried) known.add(email.toLowerCase())
  })
  const [items, objects] = [await tallyOf(from), await holdingOf(from.objects)]
  return { people, left, items: items.count, objects, onTheWay: await from.onTheWay(), inTheWay: await inTheWayOf(to, known) }
}

/** Well within what one commit holds. */
const COMMIT_ITEMS = 50
const COMMIT_BYTES = 2 * 1024 ** 2

const carryItems = async (to: Side, items: readonly Item[]): Promise<void> => {
  let [changes, bytes]: [Change[], number] = [[], 0]
  const commit = async (): Promise<void> => {
    if (changes.length > 0 && (await to.tables.commit(changes)) !== 'done') throw new Error('A commit without a condition found a conflict.')
    changes = []
    bytes = 0
  }
  for (const { pk, sk, body, index } of items) {
    const size = Buffer.byteLength(JSON.stringify(body))
    if (changes.length === COMMIT_ITEMS || bytes + size > COMMIT_BYTES) await commit()
    changes.push({ kind: 'put', key: { pk, sk }, body, ...(index && { index }) })
    bytes += size
  }
  await commit()
}

/** Each phase carries a page; every page that has been carried is written down. */
const PHASES = ['room', 'people', 'items', 'objects', 'compare'] as const
type Carrying = Exclude<Progress['phase'], 'compare'>
type Step = (move: Move, progress: Progress) => Promise<{ next: string | undefined; progress: Progress }>

/** A page may hold a thousand films: what a stop in the middle costs is never more than this. */
const NOTE_BYTES = 256 * 1024 ** 2

const pageOf = ({ page }: Progress): { page?: string } => (page === undefined ? {} : { page })

/** Takes away what an unused home has written by itself: its counterpart comes along. */
const makeRoom = async ({ tables, every, objects }: Side): Promise<void> => {
  const [items, keys]: [Item[], string[]] = [[], []]
  await everyPage(every, (found) => void items.push(...found.filter(isUntouchedItem)))
  await holdingOf(objects, ({ key }) => void keys.push(key))
  for (const { pk, sk } of items) await tables.commit([{ kind: 'remove', key: { pk, sk } }])
  for (const key of keys.filter((each) => isUntouchedObject({ key: each }))) await objects.remove(key)
}

const STEPS: Record<Carrying, Step> = {
  async room({ to }, progress) {
    await makeRoom(to)
    return { next: undefined, progress }
  },
  async people({ from, to, secret }, progress) {
    const { items, next } = await from.identity.list(pageOf(progress))
    const ids = await carryPeople({ to: to.identity, secret }, items)
    return { next, progress: { ...progress, ids: [...progress.ids, ...ids] } }
  },
  async items({ from, to }, progress) {
    const rename = renaming(new Map(progress.ids))
    const { items, next } = await from.every(progress.page)
    await carryItems(to, items.map(rename.item))
    return { next, progress: { ...progress, items: progress.items + items.length } }
  },
  async objects({ from, to, checkpoint, tell }, progress) {
    const { text: rename } = renaming(new Map(progress.ids))
    const { items, next } = await from.objects.list('', progress.page)
    let [{ bytes, done = 0 }, noted, passed] = [progress, progress.bytes, progress.bytes]
    const seen = (more: number): void => {
      passed += more
      tell({ phase: 'objects', done: passed })
    }
    for (const batch of batches(items.slice(done))) {
      bytes += await carryObjects({ from: from.objects, to, rename, seen }, batch)
      done += batch.length
      if (bytes - noted < NOTE_BYTES) continue
      noted = bytes
      await checkpoint.write({ ...progress, bytes, done })
    }
    return { next, progress: { ...progress, bytes } }
  },
}

const doneIn = ({ phase, ids, items, bytes }: Progress): number => {
  if (phase === 'people') return ids.length
  return phase === 'items' ? items : bytes
}

const carry = async (move: Move, begun: Progress): Promise<Progress> => {
  let progress = begun
  while (progress.phase !== 'compare') {
    const { phase } = progress
    const { next, progress: carried } = await STEPS[phase](move, progress)
    const { page: _, done: __, ...rest } = carried
    progress = next === undefined ? { ...rest, phase: PHASES[PHASES.indexOf(phase) + 1] ?? 'compare' } : { ...rest, page: next }
    await move.checkpoint.write(progress)
    move.tell({ phase, done: doneIn({ ...progress, phase }) })
  }
  return progress
}

/** @throws Error that says what is not the same on both sides. */
const compare = async ({ from, to }: Move, { ids }: Progress): Promise<Moved> => {
  const rename = renaming(new Map(ids))
  const strangers = await othersThere({ from: from.identity, to: to.identity, ids: new Map(ids) })
  const [wanted, items] = [await tallyOf(from, rename.item), await tallyOf(to)]
  const sizes = new Map<string, number>()
  const wantedObjects = await holdingOf(from.objects, ({ key, size }) => void sizes.set(rename.text(key), size))
  const others: string[] = []
  const objects = await holdingOf(to.objects, ({ key, size }: ObjectEntry) => {
    if (sizes.get(key) !== size) others.push(key)
  })
  const faults = [
    ...(strangers.length === 0 ? [] : [`${strangers.length} people are not the same, such as ${strangers[0]}`]),
    ...(wanted.count === items.count ? [] : [`${wanted.count} items here, ${items.count} there`]),
    ...(wanted.digest === items.digest ? [] : ['the items are not the same']),
    ...(wantedObjects.count === objects.count ? [] : [`${wantedObjects.count} objects here, ${objects.count} there`]),
    ...(others.length === 0 ? [] : [`${others.length} objects are others, such as ${others[0]}`]),
  ]
  if (faults.length > 0) throw new MoveTrouble(`The school did not arrive as it was: ${faults.join('; ')}. Is one of the two still open?`)
  return { people: ids.length, items, objects }
}

/** @throws MoveTrouble for what keeps a move from beginning */
export const checkPlan = ({ inTheWay, onTheWay }: Plan, leavesEvents = false): void => {
  const { people, items, objects } = inTheWay
  if (people + items + objects > 0)
    throw new MoveTrouble(
      `There is a school already: ${people} people of its own, ${items} items and ${objects} objects. A school is moved to an unused home only.`,
    )
  if (onTheWay.events > 0 && !leavesEvents)
    throw new MoveTrouble(
      `${onTheWay.events} events have not been heard by everybody. Open the school until they have, or go without them (--leave-events): what they would have set off does not happen.`,
    )
}

/**
 * Carries a whole school from one home to another: its people first, for everything else names them, then its tables, then its objects.
 * Both are closed meanwhile. It may stop anywhere and be called again: it goes on where it was, and at its end both sides are
 * compared by counts and digests. What is on its way stays behind: uploads that are not finished, and events that were not heard.
 *
 * @throws MoveTrouble where the other side holds something already that no earlier call put there.
 */
export const moveSchool = async (move: Move): Promise<Moved> => {
  const before = await move.checkpoint.read()
  if (!before) checkPlan(await planMove(move), move.leavesEvents)
  const begun: Progress = before ?? { phase: 'room', ids: [], items: 0, bytes: 0 }
  if (!before) await move.checkpoint.write(begun)
  const moved = await compare(move, await carry(move, begun))
  await move.checkpoint.clear()
  return moved
}
