import type { Timer } from '#core/handlers.ts'
import type { World } from '#ports/world.ts'
import { streamRecords, streamsBegunOn, visitorsBegunOn } from './records.ts'

const DAY_MS = 24 * 3600_000
/** A person's stream is kept this long after it began, for whoever asks who watched when. A visitor's is nobody's. */
const KEPT_DAYS = 30
const VISITORS_KEPT_DAYS = 1
/** A school that was closed for a while clears away what it missed. */
const LOOKED_BACK_DAYS = 30
/** A run is short, whatever there is: the next goes on. */
const MOST_A_RUN = 4000
const PAGE = 100

type Old = { begunOn(day: string): string; keptDays: number }

/** Takes away up to `most` that began too long ago, the oldest first; answers how many. */
const clearSome = async ({ tables, clock }: Pick<World, 'tables' | 'clock'>, { begunOn, keptDays }: Old, most: number): Promise<number> => {
  const now = clock.now().getTime()
  const before = new Date(now - keptDays * DAY_MS).toISOString()
  let cleared = 0
  for (let back = LOOKED_BACK_DAYS; back >= 0; back -= 1) {
    const day = new Date(now - (keptDays + back) * DAY_MS).toISOString().slice(0, 10)
    while (cleared < most) {
      // What has been taken away is not listed again: the first page is always the next one.
      const { items, next } = await streamRecords.listIndex(tables, begunOn(day), { limit: PAGE })
      const old = items.filter(({ startedAt }) => startedAt < before)
      if (old.length > 0) await tables.commit(old.map(({ id }) => streamRecords.remove({ id })))
      cleared += old.length
      if (next === undefined || old.length < items.length) break
    }
  }
  return cleared
}

/** Takes away streams that began long ago. */
export const clearing: Timer = {
  name: 'watching.clear-streams',
  everySeconds: 300,
  run: async (world) => {
    const cleared = await clearSome(world, { begunOn: visitorsBegunOn, keptDays: VISITORS_KEPT_DAYS }, MOST_A_RUN / 2)
    await clearSome(world, { begunOn: streamsBegunOn, keptDays: KEPT_DAYS }, MOST_A_RUN - cleared)
  },
}
