import { event } from '#core/events.ts'
import type { World } from '#ports/world.ts'
import { viewerRecords } from './records.ts'

const MOST_TRIES = 5

const dayOf = (at: string): string => at.slice(0, 10)

type Flagged = { person: string; stream: string; lesson: string }

/** Notes that videos are loaded in somebody's name far faster than they can be watched. However often that is noted, it is told once a day. */
export const flagViewer = async (world: Pick<World, 'tables' | 'clock' | 'ids'>, { person, stream, lesson }: Flagged): Promise<void> => {
  const { tables, clock } = world
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const flaggedAt = clock.now().toISOString()
    const found = await viewerRecords.get(tables, { person })
    const change = found ? viewerRecords.replace(found, { ...found.value, flaggedAt }) : viewerRecords.add({ person, streams: [], flaggedAt })
    const before = found?.value.flaggedAt
    const isTold = before !== undefined && dayOf(before) === dayOf(flaggedAt)
    const happening = event(world, 'viewer.flagged', { person, stream, lesson })
    if ((await tables.commit([change], isTold ? [] : [happening])) === 'done') return
  }
  throw new Error(`The viewer ${person} was written by others ${MOST_TRIES} times while being flagged.`)
}
