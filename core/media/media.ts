import { type media as contract, groupOf } from '#contract/media.ts'
import { ownLesson } from '#core/courses/outline.ts'
import { courseRecords, lessonRecords, touched } from '#core/courses/records.ts'
import { event, hearing } from '#core/events.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { refund } from '#core/recipes/budget.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { putChapters, putPoster, removePoster } from './extras.ts'
import { release } from './held.ts'
import { inheriting } from './inherit.ts'
import { ownVideo } from './own.ts'
import { heldRecords, type StoredVideo, videoRecords } from './records.ts'
import { clearing } from './room.ts'
import { stopMaking, tidying, transcoding } from './transcode.ts'
import { cancelUpload, finishUpload, readUpload, signParts, startUpload, sweepUploads } from './uploads.ts'
import { CANCELLABLE, removeVideos, shownVideo, unused, videoOf } from './videos.ts'

const meanwhile = (): Refusal => new Refusal('conflict', 'The video changed in the meantime.')

/** Back to the beginning with what was uploaded; what the teacher added stays. */
const again = (
  {
    reason: _,
    verdict: __,
    estimate: ___,
    job: ____,
    watchable: _____,
    made: ______,
    later: _______,
    ladders: ________,
    charge: _________,
    times,
    ...video
  }: StoredVideo,
  asked: string,
): StoredVideo => ({
  ...video,
  ...{ state: 'uploaded', percent: 0, canRetry: false, attempt: video.attempt + 1 },
  times: { begun: times.begun, uploaded: times.uploaded, asked },
})

const retry = async (world: World, actor: Actor, { video: id }: { video: string }) => {
  const video = await ownVideo(world.tables, actor, id)
  if (!video.value.canRetry || groupOf(video.value) !== 'trouble') throw new Refusal('conflict', 'This video cannot be tried again. Upload another file.')
  const after = again(video.value, world.clock.now().toISOString())
  const changes = [videoRecords.replace(video, after), heldRecords.remove({ video: id })]
  if ((await world.tables.commit(changes, [event(world, 'video.retried', { video: id })])) === 'conflict') throw meanwhile()
  return shownVideo(world, after)
}

const cancel = async (world: World, actor: Actor, { video: id }: { video: string }) => {
  const video = await ownVideo(world.tables, actor, id)
  const { charge: _, watchable: __, ...rest } = video.value
  const { state, job, times } = rest
  if (state === 'cancelled') return shownVideo(world, video.value)
  if (!CANCELLABLE.includes(state)) throw new Refusal('conflict', 'There is nothing left to cancel.')
  const after = { ...rest, state: 'cancelled' as const, canRetry: false, times: { ...times, ended: world.clock.now().toISOString() } }
  const told = { video: id, ...(job !== undefined && { job }) }
  const back = unused(video.value)
  const changes = [videoRecords.replace(video, after), heldRecords.remove({ video: id }), ...(back ? await refund(world.tables, back) : [])]
  // Its progress is written all the time, and so is the month's spending.
  if ((await world.tables.commit(changes, [event(world, 'video.cancelled', told)])) === 'conflict') return cancel(world, actor, { video: id })
  // At once, for whoever waits; the event makes sure of it should this process end here.
  await stopMaking(world, told)
  return shownVideo(world, (await ownVideo(world.tables, actor, id)).value)
}

/** What the lesson had before is its video again. Learners have been shown nothing else. */
const keepPrevious = async (world: World, actor: Actor, { video: id }: { video: string }) => {
  const { tables, clock } = world
  const video = await ownVideo(tables, actor, id)
  const { lesson: of, state, replaces } = video.value
  const { lesson, course } = await ownLesson(tables, actor, of, { to: 'edit' })
  if (replaces === undefined || state === 'ready' || state === 'uploading' || lesson.value.video !== id) {
    throw new Refusal('conflict', 'There is no earlier video of this lesson to keep.')
  }
  const gone = await removeVideos(world, [id])
  const changes = [lessonRecords.replace(lesson, { ...lesson.value, video: replaces }), courseRecords.replace(course, touched(clock, course.value))]
  if ((await tables.commit([...changes, heldRecords.remove({ video: id }), ...gone.changes], gone.events)) === 'conflict') throw meanwhile()
  return videoOf(world, replaces)
}

const videos = async (world: World, actor: Actor, { page }: { page?: string | undefined }) => {
  const { tables } = world
  const found = await videoRecords.listIndex(tables, `videos-of#${actor.id}`, { descending: true, limit: 50, ...(page !== undefined && { page }) })
  const listed = await Promise.all(
    found.items.map(async (video) => {
      const lesson = await lessonRecords.get(tables, { id: video.lesson })
      const course = await courseRecords.get(tables, { id: video.course })
      // Of a lesson that has left its course there is nothing to open.
      if (!lesson || !course) return []
      return [{ video: shownVideo(world, video), lesson: lesson.value.title, course: { id: course.value.id, title: course.value.title } }]
    }),
  )
  return { videos: listed.flat(), ...(found.next !== undefined && { next: found.next }) }
}

export const media: Feature<typeof contract> = {
  handlers: {
    startUpload,
    upload: readUpload,
    signParts,
    finishUpload,
    cancelUpload,
    video: async (world, actor, { video }) => shownVideo(world, (await ownVideo(world.tables, actor, video)).value),
    videos,
    retry,
    cancel,
    keepPrevious,
    pieces: async (world, actor, { video: id }) => {
      const { job, state } = (await ownVideo(world.tables, actor, id)).value
      return { pieces: job === undefined || state !== 'transcoding' ? [] : await world.transcoder.pieces(job) }
    },
    putPoster,
    removePoster,
    putChapters,
  },
  hearings: [...inheriting, ...transcoding, ...clearing, hearing('media.release', 'media-policy.changed', (world) => release(world))],
  timers: [tidying, { name: 'media.release-held', everySeconds: 3600, run: release }, { name: 'media.sweep-uploads', everySeconds: 3600, run: sweepUploads }],
}
