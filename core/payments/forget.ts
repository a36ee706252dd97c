import { after, DAY_MS, isBefore } from '#core/moments.ts'
import type { World } from '#ports/world.ts'
import { HOOK_BODIES, hookBodyRecords } from './records.ts'

/** A body names whoever paid. The provider itself tells of an event for 30 days; what has been decided from one is in records of its own. */
const KEPT_MS = 90 * DAY_MS
const AT_ONCE = 100

/** Removes what news said word for word once it is 90 days old, whatever became of it; that it came, and what it led to, stays. */
export const forgetBodies = async ({ tables, clock }: Pick<World, 'tables' | 'clock'>): Promise<void> => {
  const oldest = after({ clock }, -KEPT_MS)
  let page: string | undefined
  do {
    const { items, next } = await hookBodyRecords.listIndex(tables, HOOK_BODIES, { limit: AT_ONCE, ...(page !== undefined && { page }) })
    const old = items.filter(({ receivedAt }) => isBefore(receivedAt, oldest))
    if (old.length > 0) await tables.commit(old.map(({ id }) => hookBodyRecords.remove({ id })))
    page = old.length === items.length ? next : undefined
  } while (page !== undefined)
}
