import { after } from '#core/moments.ts'
import { PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { storeNews } from './inbox.ts'
import { isHeeded } from './process.ts'
import { readRecords } from './records.ts'

/** The provider's clock is not ours, and its list may lag behind what has happened. */
const OVERLAP_MS = 3600_000
/** Once a day so much is read again: what a webhook promised for a day and never brought, and what a cursor was wrong about. */
const DAILY_LOOK_BACK_MS = 48 * 3600_000
const DAY_MS = 24 * 3600_000
/** The provider keeps no more. What is older is found by the orders, the memberships and the list of refunds. */
const MOST_LOOK_BACK_MS = 30 * DAY_MS
/** The next run goes on where this one stopped. */
const MOST_PAGES_A_RUN = 100

const earlier = (one: string, other: string): string => (one < other ? one : other)
const later = (one: string, other: string): string => (one > other ? one : other)

type Read = { since: string; page?: string; isDaily: boolean }

/** From where this run reads. */
const beginning = async (world: World): Promise<Read> => {
  const before = (await readRecords.get(world.tables, { what: 'news' }))?.value
  if (!before) return { since: after(world, -DAILY_LOOK_BACK_MS), isDaily: true }
  if (before.unread) return { ...before.unread, isDaily: false }
  const isDaily = before.dailyAt <= after(world, -DAY_MS)
  const fromCursor = new Date(Date.parse(before.until) - OVERLAP_MS).toISOString()
  const since = isDaily ? earlier(fromCursor, after(world, -DAILY_LOOK_BACK_MS)) : fromCursor
  return { since: later(since, after(world, -MOST_LOOK_BACK_MS)), isDaily }
}

/** Puts what is not there yet into the inbox; answers how much that was, and where to go on if the run was cut. */
const readOn = async (world: World, { since, page }: Read): Promise<{ found: number; next?: string }> => {
  let found = 0
  let next = page
  for (let pages = 0; pages < MOST_PAGES_A_RUN; pages += 1) {
    const listed = await world.payments.listNews(since, next)
    for (const { news, raw } of listed.items) {
      // An account may have other uses, and its list tells of all of them.
      if (isHeeded(news.type) && (await storeNews(world, news, raw, 'list')) === 'stored') found += 1
    }
    next = listed.next
    if (next === undefined) return { found }
  }
  return { found, ...(next !== undefined && { next }) }
}

/** Before the first run, which may fail or be killed: whatever happens until one succeeds, days later it may be, is then not too old to be read. */
const remember = async ({ tables }: World, { since }: Read): Promise<void> => {
  const known = await readRecords.get(tables, { what: 'news' })
  if (!known) await tables.commit([readRecords.add({ what: 'news', until: since, dailyAt: since })])
}

/**
 * Reads the provider's own list of what has happened since the last run that came to its end, so that nothing depends on a
 * webhook. What fails leaves the cursor where it is: all of it is read again, and what is in the inbox already is known there.
 */
export const readNews = async (world: World): Promise<void> => {
  const { tables, log } = world
  const begun = await beginning(world)
  const until = world.clock.now().toISOString()
  await remember(world, begun)
  try {
    const { found, next } = await readOn(world, begun)
    if (found > 0) log.info('payment news that no webhook brought', { found })
    const before = (await readRecords.get(tables, { what: 'news' }))?.value
    const dailyAt = begun.isDaily ? until : (before?.dailyAt ?? until)
    const unread = next === undefined ? {} : { unread: { since: begun.since, page: next } }
    await tables.commit([readRecords.put({ what: 'news', until: next === undefined ? until : (before?.until ?? begun.since), dailyAt, ...unread })])
  } catch (error) {
    if (!(error instanceof PaymentsUnavailable)) throw error
    log.warn('payments unavailable: reading its news again later', { reason: error.message })
  }
}
