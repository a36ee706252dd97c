import type { Video, VideoState } from '#contract/media.ts'
import { event } from '#core/events.ts'
import { partOf } from '#core/recipes/budget.ts'
import type { Charge } from '#core/recipes/charge.ts'
import { together, type Writing } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type StoredUpload, type StoredVideo, uploadRecords, videoRecords } from './records.ts'
import { claimRecords } from './room.ts'
import { stepsOf } from './steps.ts'

/** States in which something is still to be stopped. */
export const CANCELLABLE: readonly VideoState[] = ['uploaded', 'probing', 'held', 'transcoding', 'packaging']

const sourceOf = ({ facts }: StoredVideo): Video['source'] => {
  if (!facts) return undefined
  const { width, height, codec, measuredFps } = facts.picture
  return { width, height, codec, fps: Math.round(measuredFps * 100) / 100, hasSound: facts.sound !== undefined }
}

/** A video as its teacher sees it. */
export const shownVideo = ({ clock }: Pick<World, 'clock'>, video: StoredVideo): Video => {
  const { id, lesson, state, fileName, sizeBytes, percent, reason, canRetry, recipe, verdict, estimate, durationSeconds, rungs, chapters } = video
  return {
    ...{ id, lesson, state, fileName, sizeBytes, percent, reason, canRetry, recipe, verdict, estimate, rungs, chapters },
    canCancel: CANCELLABLE.includes(state),
    replaces: video.replaces !== undefined && state !== 'ready',
    steps: stepsOf(video, clock.now()),
    source: sourceOf(video),
    durationSeconds: durationSeconds ?? video.facts?.durationSeconds,
    poster: video.hasOwnPoster ? 'own' : 'automatic',
    ...(state === 'ready' ? { watchable: 'whole' } : video.watchable && { watchable: video.watchable.isWhole ? 'whole' : 'beginning' }),
  }
}

export const videoOf = async (world: Pick<World, 'tables' | 'clock'>, id: string): Promise<Video> => {
  const video = await videoRecords.get(world.tables, { id })
  if (!video) throw new Error(`A lesson names ${id}, which is not stored.`)
  return shownVideo(world, video.value)
}

/**
 * The upload on its way to a lesson, which is that of the lesson's own video: whoever begins another gives up this one in the same commit.
 * Read from the table itself. An index may not list it yet, or list one that has arrived.
 */
export const unfinishedUpload = async (tables: Tables, { video }: { video?: string | undefined }): Promise<StoredUpload | undefined> => {
  const claim = video === undefined ? undefined : await claimRecords.get(tables, { video })
  const upload = claim && (await uploadRecords.get(tables, { id: claim.value.upload }))
  return upload?.value.isFinished === false ? upload.value : undefined
}

/** What was not made of a video that is given up now. From packaging on, all of it was. */
export const unused = ({ state, percent, charge }: StoredVideo): Charge | undefined =>
  charge && state === 'transcoding' ? { month: charge.month, ...partOf(charge, 1 - percent / 100) } : undefined

const videoRemoval = async (world: Pick<World, 'tables' | 'clock' | 'ids'>, id: string): Promise<Writing> => {
  const video = await videoRecords.get(world.tables, { id })
  if (!video) return { changes: [], events: [] }
  const { attempt, source } = video.value
  const back = unused(video.value)
  // Its job may be begun in this very moment; one that is cancelled before will never be.
  const told = { video: id, source, job: `${id}.${attempt}`, ...(back && { unused: back }) }
  return { changes: [videoRecords.remove({ id })], events: [event(world, 'video.removed', told)] }
}

const MOST_REPLACED = 20

/** The videos a video takes the place of, one after another; each was never ready, save the last. */
export const replacedBy = async (tables: Tables, id: string | undefined): Promise<string[]> => {
  const found: string[] = []
  for (let next = id; next !== undefined && found.length < MOST_REPLACED; ) {
    next = (await videoRecords.get(tables, { id: next }))?.value.replaces
    if (next === undefined || found.includes(next)) break
    found.push(next)
  }
  return found
}

/** What a commit must hold for videos to go; their objects follow by the events. */
export const removeVideos = async (world: Pick<World, 'tables' | 'clock' | 'ids'>, ids: readonly (string | undefined)[]): Promise<Writing> => {
  const named = [...new Set(ids)].filter((id) => id !== undefined)
  return together(await Promise.all(named.map((id) => videoRemoval(world, id))))
}
