import type { InboxState, News } from '#contract/money.ts'
import { event } from '#core/events.ts'
import type { Timer } from '#core/handlers.ts'
import { after } from '#core/moments.ts'
import { PROCESSING } from '#core/payments/process.ts'
import { hookBodyRecords, hookRecords, type StoredHook } from '#core/payments/records.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { listed, ROWS_A_PAGE } from './pages.ts'

const inState = (state: InboxState): string => `hooks#${state}`

const news = ({ id, type, state, createdAt, receivedAt, doneAt, isLive, parkedBecause, by = 'webhook' }: StoredHook): News => ({
  ...{ id, type, state, createdAt, receivedAt, isLive, by },
  ...(doneAt !== undefined && { doneAt }),
  // Kept in the record while it is tried again; it says nothing of what has been worked off since.
  ...(state === 'parked' && parkedBecause !== undefined && { parkedBecause }),
})

const MOST_COUNTED = 100

const count = async (tables: Tables, state: InboxState): Promise<number> =>
  (await hookRecords.listIndex(tables, inState(state), { limit: MOST_COUNTED })).items.length

export const countParked = (tables: Tables): Promise<number> => count(tables, 'parked')

export const inbox = async ({ tables }: World, state: InboxState, page: string | undefined) => {
  const found = await listed(hookRecords.listIndex(tables, inState(state), { descending: true, limit: ROWS_A_PAGE, ...(page !== undefined && { page }) }))
  const [received, done, ignored, parked] = await Promise.all([
    count(tables, 'received'),
    count(tables, 'done'),
    count(tables, 'ignored'),
    count(tables, 'parked'),
  ])
  return { news: found.items.map(news), counts: { received, done, ignored, parked, most: MOST_COUNTED }, ...(found.next !== undefined && { next: found.next }) }
}

const named = async (tables: Tables, id: string): Promise<Stored<StoredHook>> => {
  const hook = await hookRecords.get(tables, { id })
  if (!hook) throw missing('payment news')
  return hook
}

export const piece = async ({ tables }: World, id: string): Promise<{ news: News; raw?: string }> => {
  const [{ value }, body] = await Promise.all([named(tables, id), hookBodyRecords.get(tables, { id })])
  return { news: news(value), ...(body && { raw: body.value.raw }) }
}

/** Puts news back in line, and tells of it anew: its first telling has been heard already. */
const again = (world: World, hook: Stored<StoredHook>, retried: number): Promise<'done' | 'conflict'> => {
  const { parkedBecause: _, doneAt: _done, ...rest } = hook.value
  const toldBy = world.ids.make('evt')
  const received: StoredHook = { ...rest, state: 'received', retried, toldBy }
  return world.tables.commit([hookRecords.replace(hook, received)], [event(world, 'hook.received', { hook: rest.id }, toldBy)])
}

export const replayNews = async (world: World, id: string): Promise<{ done: true }> => {
  const hook = await named(world.tables, id)
  if ((await again(world, hook, hook.value.retried ?? 0)) === 'conflict')
    throw new Refusal('conflict', 'This news is being worked off just now. Look at it again.')
  return { done: true }
}

const HOUR_MS = 3600_000
const YOUNG_MS = 3 * 24 * HOUR_MS
const PARKED_A_PAGE = 200
const MOST_PAGES = 5

/** After one hour, two, four … since it came: seven times in three days. */
const isDue = ({ receivedAt, retried = 0 }: StoredHook, now: Date): boolean => Date.parse(receivedAt) + HOUR_MS * 2 ** retried <= now.getTime()

const youngParked = async ({ tables, clock }: World): Promise<StoredHook[]> => {
  const [youngest, found]: [string, StoredHook[]] = [after({ clock }, -YOUNG_MS), []]
  for (let pages = 0, page: string | undefined; pages < MOST_PAGES; pages += 1) {
    const part = await hookRecords.listIndex(tables, inState('parked'), { descending: true, limit: PARKED_A_PAGE, ...(page !== undefined && { page }) })
    found.push(...part.items.filter(({ receivedAt }) => receivedAt >= youngest))
    page = part.next
    if (page === undefined || (part.items.at(-1)?.receivedAt ?? '') < youngest) break
  }
  return found.filter((hook) => isDue(hook, clock.now()))
}

/** Takes parked news up again while it is young: what it is about may have come after it. */
export const retryParked: Timer = {
  name: 'money.retry-parked',
  everySeconds: 3600,
  run: async (world) => {
    for (const { id } of await youngParked(world)) {
      const hook = await hookRecords.get(world.tables, { id })
      // Losing the commit means that somebody has taken it up meanwhile.
      if (hook?.value.state === 'parked') await again(world, hook, (hook.value.retried ?? 0) + 1)
    }
  },
}

/** The provider remembers no longer, and an admin has it before them among the dead letters. */
const LONGEST_RETRIED_MS = 30 * 24 * HOUR_MS
/** What came later is still being tried. */
const FRESH_MS = 6 * HOUR_MS
const RECEIVED_A_PAGE = 100
const MOST_RECEIVED_PAGES = 50

/** Names of the events that told of news which has been waiting for long, the youngest first. */
const longReceived = async ({ tables, clock }: World): Promise<string[]> => {
  const [oldest, youngest, found]: [string, string, string[]] = [after({ clock }, -LONGEST_RETRIED_MS), after({ clock }, -FRESH_MS), []]
  for (let pages = 0, page: string | undefined; pages < MOST_RECEIVED_PAGES; pages += 1) {
    const part = await hookRecords.listIndex(tables, inState('received'), { descending: true, limit: RECEIVED_A_PAGE, ...(page !== undefined && { page }) })
    const due = part.items.filter(({ receivedAt }) => receivedAt >= oldest && receivedAt <= youngest)
    found.push(...due.map(({ id, toldBy = `${id}.received` }) => toldBy))
    page = part.next
    if (page === undefined || (part.items.at(-1)?.receivedAt ?? '') < oldest) break
  }
  return found
}

/**
 * Takes up news that was given up after three days: a provider that was down for longer must not leave a dispute unseen. Its
 * one delivery is put back in line; what is still being tried is left alone, so that nothing is told twice at once.
 */
export const retryReceived: Timer = {
  name: 'money.retry-received',
  everySeconds: 3600,
  run: async (world) => {
    let revived = 0
    for (const told of await longReceived(world)) if ((await world.events.replay(told, PROCESSING)) === 'done') revived += 1
    if (revived > 0) world.log.warn('payment news that was given up is tried again', { revived })
  },
}

/** When news came last, whatever became of it. */
export const newsAt = async ({ tables }: World): Promise<string | undefined> => {
  const newest = await Promise.all(
    (['received', 'done', 'ignored', 'parked'] as const).map((state) => hookRecords.listIndex(tables, inState(state), { descending: true, limit: 1 })),
  )
  return newest
    .flatMap(({ items }) => items.map(({ receivedAt }) => receivedAt))
    .toSorted()
    .at(-1)
}
