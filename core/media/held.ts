import type { World } from '#ports/world.ts'
import { accept } from './probing.ts'
import { heldRecords, videoRecords } from './records.ts'

/**
 * By an index, which may tell of a video a moment late: one that was held just before the budget was raised goes on with the hourly look, and
 * one that has gone on already is read anew.
 *
 * What is held goes on while the budget has room, oldest first; the first that does not fit keeps its place, and those behind it theirs.
 */
export const release = async (world: World): Promise<void> => {
  const { items } = await heldRecords.listIndex(world.tables, 'held', { limit: 1000 })
  for (const { video: id } of items) {
    const video = (await videoRecords.get(world.tables, { id }))?.value
    const outcome = video?.state === 'held' && video.facts ? await accept(world, video, video.facts) : 'none'
    if (outcome === 'held') return
    if (outcome === 'none') await world.tables.commit([heldRecords.remove({ video: id })])
  }
}
