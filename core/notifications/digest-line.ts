import { DAY_MS, plus } from '#core/moments.ts'
import type { World } from '#ports/world.ts'
import { digestLineRecords, digestRecords } from './records.ts'

const DIGEST_HOUR_UTC = 6
const MOST_TRIES = 10

/** The next morning, by UTC. */
export const nextDigest = (now: string): string => {
  const today = `${now.slice(0, 10)}T${String(DIGEST_HOUR_UTC).padStart(2, '0')}:00:00.000Z`
  return today > now ? today : plus(today, DAY_MS)
}

type Line = { person: string; id: string; subject: string; url: string; names?: string[] | undefined }

/** Adds a line to somebody’s next daily letter, once for each id. */
export const addToDigest = async ({ tables, clock }: Pick<World, 'tables' | 'clock'>, { names, ...rest }: Line): Promise<void> => {
  const at = clock.now().toISOString()
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const due = await digestRecords.get(tables, { person: rest.person })
    // Written anew though nothing changes in it: so a letter that is being made meanwhile does not take it for finished.
    const change = due ? digestRecords.replace(due, due.value) : digestRecords.add({ person: rest.person, dueAt: nextDigest(at) })
    if ((await tables.commit([digestLineRecords.put({ ...rest, ...(names && { names }), at }), change])) === 'done') return
  }
  throw new Error('A line could not be added to somebody’s daily letter.')
}
