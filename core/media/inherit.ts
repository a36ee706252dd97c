import { type Hearing, hearing } from '#core/events.ts'
import type { World } from '#ports/world.ts'
import { mediaPrefix, OWN_POSTER, videoRecords } from './records.ts'

/** What a teacher has added to a video is there again on the one that takes its place, whose file is mostly a better take of the same. */
const inherit = async (world: World, { video: id }: { video: string }): Promise<void> => {
  const video = await videoRecords.get(world.tables, { id })
  const before = video?.value.replaces === undefined ? undefined : (await videoRecords.get(world.tables, { id: video.value.replaces }))?.value
  if (!video || !before || video.value.attempt > 1) return
  const poster = before.hasOwnPoster && !video.value.hasOwnPoster ? await world.objects.get(`${mediaPrefix(before.id)}${OWN_POSTER}`) : undefined
  if (poster) await world.objects.put(`${mediaPrefix(id)}${OWN_POSTER}`, poster.bytes, { type: poster.type, cacheControl: 'no-cache' })
  const chapters = video.value.chapters.length > 0 ? video.value.chapters : before.chapters
  const after = { ...video.value, chapters, hasOwnPoster: video.value.hasOwnPoster || poster !== undefined }
  if ((await world.tables.commit([videoRecords.replace(video, after)])) === 'conflict') return inherit(world, { video: id })
}

export const inheriting: readonly Hearing[] = [hearing('media.inherit', 'video.uploaded', inherit)]
