import { RightKind } from '#contract/grants.ts'
import type { LessonView } from '#contract/learning.ts'
import type { Playback } from '#contract/watching.ts'
import { shownCaptionsIn, shownKey } from '#core/captions/records.ts'
import { mediaAddress, playbackCookies } from '#core/delivery/signer.ts'
import { type Opened, openedLesson } from '#core/grants/access.ts'
import type { Actor, WithCookies } from '#core/handlers.ts'
import { mediaPrefix, posterOf, type StoredVideo, videoRecords } from '#core/media/records.ts'
import { FIRST_MASTER } from '#core/media/watchable.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import { Unkept } from '#ports/unkept.ts'
import type { World } from '#ports/world.ts'
import { type StoredStream, streamRecords, watchingPolicy } from './records.ts'
import { beginStream, busy, counted, endStream, isOutdated, MOST_TRIES, type Seat, seatOf, tooMany, type Wanted } from './streams.ts'

/** A video that can be watched: ready, or its first rendition while the rest is being made. */
export const watchableVideo = async (tables: Tables, id: string | undefined): Promise<StoredVideo | undefined> => {
  const video = id === undefined ? undefined : await videoRecords.get(tables, { id })
  return video?.value.state === 'ready' || video?.value.watchable ? video.value : undefined
}

export const shownVideo = (video: StoredVideo): LessonView['video'] => ({
  ...{ id: video.id, chapters: video.chapters, durationSeconds: durationOf(video) },
  ...(video.state !== 'ready' && { early: video.watchable?.isWhole ? 'whole' : 'beginning' }),
})

export const durationOf = ({ durationSeconds, facts }: Pick<StoredVideo, 'durationSeconds' | 'facts'>): number => durationSeconds ?? facts?.durationSeconds ?? 0

/** Where the player finds what there is: the ladder with its pictures, or only the first rendition. */
const placesOf = (
  { settings }: World,
  { id, state, made, hasOwnPoster }: StoredVideo,
): Pick<Playback, 'masterUrl' | 'posterUrl' | 'storyboardUrl' | 'isEarly'> => {
  const at = (name: string): string => mediaAddress(settings, mediaPrefix(id) + name)
  const poster = posterOf({ hasOwnPoster, made })
  return {
    masterUrl: at(state === 'ready' ? 'master.m3u8' : FIRST_MASTER),
    isEarly: state !== 'ready',
    ...(poster !== undefined && { posterUrl: at(poster) }),
    ...(made?.storyboard && { storyboardUrl: at('storyboard.vtt') }),
  }
}

/** The stream a player already has; undefined when it is not one to go on with. */
const renewable = async ({ tables }: World, actor: Actor | undefined, id: string, lesson: string): Promise<Stored<StoredStream> | undefined> => {
  const found = await streamRecords.get(tables, { id })
  if (!found || found.value.person !== actor?.id || found.value.lesson !== lesson) return undefined
  if (found.value.ended === 'by-you') throw new Refusal('stream-ended', 'This video was ended from another of your devices.')
  // One of an ended session is ended by the opening of the new one.
  return found.value.ended !== undefined || (actor && isOutdated(actor, found.value)) ? undefined : found
}

/** A stream after a sign of life, and undefined where somebody else has written it meanwhile. The picture does not stop for a disk that is full: then it is as it was. */
const lived = async (world: World, found: Stored<StoredStream>, after: StoredStream, seat: Seat): Promise<StoredStream | undefined> => {
  const changes = [streamRecords.replace(found, after), ...(seat.state === 'free' ? [seat.change] : [])]
  try {
    return (await world.tables.commit(changes)) === 'done' ? after : undefined
  } catch (error) {
    if (error instanceof Unkept) return found.value
    throw error
  }
}

/** Goes on with a player's stream for some more minutes; undefined when a new one is to begin. */
const goneOn = async (world: World, actor: Actor | undefined, id: string, wanted: Wanted): Promise<StoredStream | undefined> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const found = await renewable(world, actor, id, wanted.lesson)
    if (!found) return undefined
    const { value } = found
    const at = world.clock.now().toISOString()
    const asks = counted(value.asks, at)
    const seat: Seat = wanted.isLearners && actor ? await seatOf(world, actor, value) : { state: 'has' }
    if (seat.state === 'lost') await endStream(world, id, 'idle', at)
    if (seat.state === 'lost' || seat.state === 'none') throw tooMany()
    // What was seen without a right of one's own is no evidence.
    const toldAt = wanted.isLearners && !value.isLearners ? at : value.toldAt
    const after = { ...value, video: wanted.video, isLearners: wanted.isLearners, seenAt: at, toldAt, asks }
    const stream = await lived(world, found, after, seat)
    if (stream) return stream
  }
  throw busy()
}

/** Whoever watches because of a right of their own; staff see everything, and previews are anybody's. */
export const isLearners = ({ because }: Pick<Opened, 'because'>): boolean => RightKind.options.some((kind) => kind === because)

type Asked = { lesson: string; stream?: string | undefined; browser?: string | undefined; device?: string | undefined }

/** Decides, begins or goes on with a stream, and signs the cookies that open its video. */
export const open = async (world: World, actor: Actor | undefined, { lesson: id, stream, browser, device }: Asked): Promise<WithCookies<Playback>> => {
  const { tables, settings, clock } = world
  const opened = await openedLesson(world, actor, id)
  const { lesson } = opened
  if (lesson.kind !== 'video') throw missing('video')
  const video = await watchableVideo(tables, lesson.video)
  if (!video) throw new Refusal('not-ready', 'This video is not ready yet.')
  const wanted: Wanted = {
    ...{ device: device || 'A browser', lesson: id, lessonTitle: lesson.title, course: lesson.course, video: video.id, isLearners: isLearners(opened) },
    ...(browser !== undefined && { browser }),
  }
  const running = (stream === undefined ? undefined : await goneOn(world, actor, stream, wanted)) ?? (await beginStream(world, actor, wanted))
  const { cookies, ttlSeconds } = playbackCookies({
    ...{ settings, keys: await world.keys.live(), video: video.id, stream: running.id },
    ...{ now: clock.now(), until: opened.until },
  })
  const captions = (await shownCaptionsIn(tables, video.id)).map(({ language, label }) => ({
    language,
    label,
    url: mediaAddress(settings, shownKey(video.id, language)),
  }))
  const { hasWatermark } = await watchingPolicy(tables)
  const watermark = hasWatermark && running.isLearners ? actor?.email : undefined
  return {
    answer: { stream: running.id, video: video.id, ...placesOf(world, video), captions, ttlSeconds, ...(watermark !== undefined && { watermark }) },
    cookies,
  }
}
