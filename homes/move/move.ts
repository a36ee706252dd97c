import type { Person } from '#ports/identity.ts'
import type { ObjectEntry } from '#ports/objects.ts'
import type { Change, Item, Page } from '#ports/tables.ts'
import type { Checkpoint, Progress } from './checkpoint.ts'
import { carryObject, type Holding, holdingOf } from './objects.ts'
import { carryPeople, isCarried } from './people.ts'
import { type Rename, renaming } from './renaming.ts'
import type { Side } from './side.ts'
import { type Tally, tallying } from './tally.ts'

type Move = { from: Side; to: Side; checkpoint: Checkpoint; secret(): string; say(text: string): void }

export type Plan = { people: number; left: number; items: number; objects: Holding; inTheWay: { items: number; objects: number } }
export type Moved = { people: number; items: Tally; objects: Holding }

const everyPage = async <T>(next: (page?: string) => Promise<Page<T>>, see: (items: T[]) => void): Promise<void> => {
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const found = await next(page)
    see(found.items)
    page = found.next
  }
}

const tallyOf = async (side: Side, rename: Rename['item'] = (item) => item): Promise<Tally> => {
  const { add, tally } = tallying()
  await everyPage(side.every, (items) => {
    for (const item of items) add(rename(item))
  })
  return tally()
}

/** What a move would carry, and what stands in its way there. Changes nothing. */
export const planMove = async ({ from, to }: Pick<Move, 'from' | 'to'>): Promise<Plan> => {
  let [people, left] = [0, 0]
  await everyPage<Person>(
    (page) => from.identity.list(page === undefined ? {} : { page }),
    (found) => {
      const carried = found.filter(isCarried).length
      people += carried
      left += found.length - carried
    },
  )
  const [items, objects] = [await tallyOf(from), await holdingOf(from.objects)]
  const inTheWay = { items: (await tallyOf(to)).count, objects: (await holdingOf(to.objects)).count }
  return { people, left, items: items.count, objects, inTheWay }
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
const PHASES = ['people', 'items', 'objects', 'compare'] as const
type Carrying = Exclude<Progress['phase'], 'compare'>
type Step = (move: Move, progress: Progress) => Promise<{ next: string | undefined; progress: Progress }>

/** A page may hold a thousand films: what a stop in the middle costs is never more than this. */
const NOTE_BYTES = 256 * 1024 ** 2

const pageOf = ({ page }: Progress): { page?: string } => (page === undefined ? {} : { page })

const STEPS: Record<Carrying, Step> = {
  async people({ from, to, secret }, progress) {
    const { items, next } = await from.identity.list(pageOf(progress))
    const ids = await carryPeople({ to: to.identity, secret }, items)
    return { next, progress: { ...progress, ids: [...progress.ids, ...ids] } }
  },
  async items({ from, to }, progress) {
    const rename = renaming(new Map(progress.ids))
    const { items, next } = await from.every(progress.page)
    await carryItems(to, items.map(rename.item))
    return { next, progress }
  },
  async objects({ from, to, checkpoint }, progress) {
    const { text: rename } = renaming(new Map(progress.ids))
    const { items, next } = await from.objects.list('', progress.page)
    let [{ bytes, done = 0 }, noted] = [progress, progress.bytes]
    for (const entry of items.slice(done)) {
      bytes += await carryObject({ from: from.objects, to, rename }, entry)
      done += 1
      if (bytes - noted < NOTE_BYTES) continue
      noted = bytes
      await checkpoint.write({ ...progress, bytes, done })
    }
    return { next, progress: { ...progress, bytes } }
  },
}

const carry = async (move: Move, begun: Progress): Promise<Progress> => {
  let progress = begun
  while (progress.phase !== 'compare') {
    const { phase } = progress
    const { next, progress: carried } = await STEPS[phase](move, progress)
    const { page: _, done: __, ...rest } = carried
    progress = next === undefined ? { ...rest, phase: PHASES[PHASES.indexOf(phase) + 1] ?? 'compare' } : { ...rest, page: next }
    await move.checkpoint.write(progress)
    if (progress.phase !== phase) move.say(`${phase}: carried`)
  }
  return progress
}

/** @throws Error that says what is not the same on both sides. */
const compare = async ({ from, to }: Move, { ids }: Progress): Promise<Moved> => {
  const rename = renaming(new Map(ids))
  const [wanted, items] = [await tallyOf(from, rename.item), await tallyOf(to)]
  const sizes = new Map<string, number>()
  const wantedObjects = await holdingOf(from.objects, ({ key, size }) => void sizes.set(rename.text(key), size))
  const others: string[] = []
  const objects = await holdingOf(to.objects, ({ key, size }: ObjectEntry) => {
    if (sizes.get(key) !== size) others.push(key)
  })
  const faults = [
    ...(wanted.count === items.count ? [] : [`${wanted.count} items here, ${items.count} there`]),
    ...(wanted.digest === items.digest ? [] : ['the items are not the same']),
    ...(wantedObjects.count === objects.count ? [] : [`${wantedObjects.count} objects here, ${objects.count} there`]),
    ...(others.length === 0 ? [] : [`${others.length} objects are others, such as ${others[0]}`]),
  ]
  if (faults.length > 0) throw new Error(`The school did not arrive as it was: ${faults.join('; ')}. Is one of the two still open?`)
  return { people: ids.length, items, objects }
}

/**
 * Carries a whole school from one home to another: its people first, for everything else names them, then its tables, then its objects.
 * Both are closed meanwhile. It may stop anywhere and be called again: it goes on where it was, and at its end both sides are
 * compared by counts and digests. What is on its way stays behind: events that were not told yet, uploads that are not finished.
 *
 * @throws Error where the other side holds something already that no earlier call put there.
 */
export const moveSchool = async (move: Move): Promise<Moved> => {
  const before = await move.checkpoint.read()
  if (!before) {
    const { inTheWay } = await planMove(move)
    if (inTheWay.items + inTheWay.objects > 0)
      throw new Error(`There is a school already: ${inTheWay.items} items and ${inTheWay.objects} objects. It is moved to an empty home only.`)
  }
  const moved = await compare(move, await carry(move, before ?? { phase: 'people', ids: [], bytes: 0 }))
  await move.checkpoint.clear()
  return moved
}
