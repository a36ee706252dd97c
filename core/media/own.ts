import { ownCourse } from '#core/courses/outline.ts'
import type { Actor } from '#core/handlers.ts'
import type { Stored } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import { type StoredUpload, type StoredVideo, uploadRecords, videoRecords } from './records.ts'

/** A video of a course the actor may change, whoever sent its file. */
export const ownVideo = async (tables: Tables, actor: Actor, id: string, named = 'video'): Promise<Stored<StoredVideo>> => {
  const video = await videoRecords.get(tables, { id })
  if (!video) throw missing(named)
  await ownCourse(tables, actor, video.value.course, { to: 'edit', named })
  return video
}

/** An upload to a course the actor may change, and its video. */
export const ownUpload = async (tables: Tables, actor: Actor, id: string): Promise<{ upload: Stored<StoredUpload>; video: Stored<StoredVideo> }> => {
  const upload = await uploadRecords.get(tables, { id })
  if (!upload) throw missing('upload')
  return { upload, video: await ownVideo(tables, actor, upload.value.video, 'upload') }
}
