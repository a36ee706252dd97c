import { event, type Payload } from '#core/events.ts'
import type { World } from '#ports/world.ts'
import { heldRecords, videoRecords } from './records.ts'

/** What is held is asked for again, oldest first; the budget decides anew for each. */
export const release = async (world: World, _: Payload<'media-policy.changed'> | undefined): Promise<void> => {
  const { items } = await heldRecords.listIndex(world.tables, 'held', { limit: 1000 })
  for (const { video: id } of items) {
    const video = await videoRecords.get(world.tables, { id })
    if (video?.value.state !== 'held') {
      await world.tables.commit([heldRecords.remove({ video: id })])
      continue
    }
    const { reason: __, ...rest } = video.value
    const after = { ...rest, state: 'uploaded' as const, percent: 0, canRetry: false, attempt: rest.attempt + 1 }
    const told = event(world, 'video.retried', { video: id }, `${id}.${after.attempt}.released`)
    await world.tables.commit([videoRecords.replace(video, after), heldRecords.remove({ video: id })], [told])
  }
}
