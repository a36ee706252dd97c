import type { Timer } from '#core/handlers.ts'
import { all, chunks } from '#core/records.ts'
import { streamRecords, streamsBegunOn } from './records.ts'

const DAY_MS = 24 * 3600_000
/** A stream is kept this long after it began, for whoever asks who watched when. */
const KEPT_DAYS = 30
/** A school that was closed for a while clears away what it missed. */
const LOOKED_BACK_DAYS = 30
const MOST_A_DAY = 1_000_000

/** Takes away streams that began long ago. */
export const clearing: Timer = {
  name: 'watching.clear-streams',
  everySeconds: 24 * 3600,
  run: async ({ tables, clock }) => {
    for (let back = 0; back < LOOKED_BACK_DAYS; back += 1) {
      const day = new Date(clock.now().getTime() - (KEPT_DAYS + back) * DAY_MS).toISOString().slice(0, 10)
      const old = await all((page) => streamRecords.listIndex(tables, streamsBegunOn(day), { limit: 1000, ...(page && { page }) }), MOST_A_DAY)
      for (const some of chunks(old, 100)) await tables.commit(some.map(({ id }) => streamRecords.remove({ id })))
    }
  },
}
