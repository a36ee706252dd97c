import type { Video } from '#contract/media.ts'
import { event } from '#core/events.ts'
import { type Actor, hasRole } from '#core/handlers.ts'
import type { Stored } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import type { Change, Event, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type StoredVideo, videoRecords } from './records.ts'

/** A video as its teacher sees it. */
export const shownVideo = (video: StoredVideo): Video => {
  const { id, state, fileName, sizeBytes, percent, reason, canRetry, durationSeconds, rungs, captions } = video
  return { id, state, fileName, sizeBytes, percent, reason, canRetry, durationSeconds, rungs, captions }
}

export const videoOf = async (tables: Tables, id: string): Promise<Video> => {
  const video = await videoRecords.get(tables, { id })
  if (!video) throw new Error(`A lesson names ${id}, which is not stored.`)
  return shownVideo(video.value)
}

export const ownVideo = async (tables: Tables, actor: Actor, id: string): Promise<Stored<StoredVideo>> => {
  const video = await videoRecords.get(tables, { id })
  if (!video || (video.value.owner !== actor.id && !hasRole(actor, 'admin'))) throw missing('video')
  return video
}

/** What a commit must hold for a video to go; its objects follow by the event. */
export const removeVideo = async (world: Pick<World, 'tables' | 'clock' | 'ids'>, id: string): Promise<{ changes: Change[]; events: Event[] }> => {
  const video = await videoRecords.get(world.tables, { id })
  if (!video) return { changes: [], events: [] }
  const { job, source } = video.value
  return { changes: [videoRecords.remove({ id })], events: [event(world, 'video.removed', { video: id, source, ...(job !== undefined && { job }) })] }
}
