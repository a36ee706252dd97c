import { event } from '#core/events.ts'
import type { World } from '#ports/world.ts'
import { viewerRecords } from './records.ts'

/** A rip that goes on is one story: it is told again only after so long. */
const TOLD_AGAIN_SECONDS = 3600
const MOST_TRIES = 5

type Flagged = { person: string; stream: string; lesson: string }

/** Notes that videos are loaded in somebody's name far faster than they can be watched, and tells of it at most once an hour. */
export const flagViewer = async (world: Pick<World, 'tables' | 'clock' | 'ids'>, { person, stream, lesson }: Flagged): Promise<void> => {
  const { tables, clock } = world
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const at = clock.now().toISOString()
    const found = await viewerRecords.get(tables, { person })
    const toldAt = found?.value.flagToldAt
    const isToBeTold = toldAt === undefined || Date.parse(at) - Date.parse(toldAt) >= TOLD_AGAIN_SECONDS * 1000
    const flagged = { streams: [], ...found?.value, person, flaggedAt: at, ...(isToBeTold && { flagToldAt: at }) }
    const change = found ? viewerRecords.replace(found, flagged) : viewerRecords.add(flagged)
    const events = isToBeTold ? [event(world, 'viewer.flagged', { person, stream, lesson })] : []
    if ((await tables.commit([change], events)) === 'done') return
  }
  throw new Error(`The viewer ${person} was written by others ${MOST_TRIES} times while being flagged.`)
}
