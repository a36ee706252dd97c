import type { learning as contract, LessonView, Playback, Progress } from '#contract/learning.ts'
import { shownCaptionsIn, shownKey } from '#core/captions/records.ts'
import { publicationRecords } from '#core/courses/records.ts'
import { playbackCookies } from '#core/delivery/signer.ts'
import { enrolmentOf, enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import type { Actor, Feature, WithCookies } from '#core/handlers.ts'
import { mediaPrefix, OWN_POSTER, type StoredVideo, videoRecords } from '#core/media/records.ts'
import { FIRST_MASTER } from '#core/media/watchable.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { openLesson } from './access.ts'
import { allEnrolled, curriculumOf } from './curriculum.ts'
import { progressRecords } from './progress.ts'
import { searchTranscripts } from './search.ts'
import { transcripts } from './transcripts.ts'

/** A video that can be watched: ready, or its first rendition while the rest is being made. */
const watchableVideo = async (tables: Tables, id: string | undefined): Promise<StoredVideo | undefined> => {
  const video = id === undefined ? undefined : await videoRecords.get(tables, { id })
  return video?.value.state === 'ready' || video?.value.watchable ? video.value : undefined
}

const shownVideo = ({ id, state, durationSeconds, facts, chapters, watchable }: StoredVideo): LessonView['video'] => ({
  ...{ id, chapters, durationSeconds: durationSeconds ?? facts?.durationSeconds ?? 0 },
  ...(state !== 'ready' && { early: watchable?.isWhole ? 'whole' : 'beginning' }),
})

const view = async (world: World, actor: Actor | undefined, { lesson: id }: { lesson: string }): Promise<LessonView> => {
  const { tables } = world
  const lesson = await openLesson(tables, actor, id)
  const { title, kind, text, course } = lesson
  const video = await watchableVideo(tables, lesson.video)
  const progress = actor && (await progressRecords.get(tables, { learner: actor.id, course, lesson: id }))
  return {
    ...{ id, title, kind, text },
    curriculum: await curriculumOf(world, actor, course),
    positionSeconds: progress?.value.positionSeconds ?? 0,
    isCompleted: progress?.value.isCompleted ?? false,
    ...(video && { video: shownVideo(video) }),
  }
}

/** Where the player finds what there is: the ladder with its pictures, or only the first rendition. */
const placesOf = ({ id, state, made, hasOwnPoster }: StoredVideo): Pick<Playback, 'masterUrl' | 'posterUrl' | 'storyboardUrl' | 'isEarly'> => {
  const at = (name: string): string => `/${mediaPrefix(id)}${name}`
  const poster = hasOwnPoster ? OWN_POSTER : made?.poster
  return {
    masterUrl: at(state === 'ready' ? 'master.m3u8' : FIRST_MASTER),
    isEarly: state !== 'ready',
    ...(poster !== undefined && { posterUrl: at(poster) }),
    ...(made?.storyboard && { storyboardUrl: at('storyboard.vtt') }),
  }
}

const playback = async ({ tables, settings, clock }: World, actor: Actor | undefined, { lesson: id }: { lesson: string }): Promise<WithCookies<Playback>> => {
  const lesson = await openLesson(tables, actor, id)
  if (lesson.kind !== 'video') throw missing('video')
  const video = await watchableVideo(tables, lesson.video)
  if (!video) throw new Refusal('not-ready', 'This video is not ready yet.')
  const { cookies, expiresAt } = playbackCookies({ settings, video: video.id, now: clock.now() })
  const shown = await shownCaptionsIn(tables, video.id)
  const captions = shown.map(({ language, label }) => ({ language, label, url: `/${shownKey(video.id, language)}` }))
  return { answer: { video: video.id, ...placesOf(video), captions, expiresAt: expiresAt.toISOString() }, cookies }
}

/** What somebody wants to see next of a video that is still being made is made next. */
const wish = async (world: World, actor: Actor | undefined, { lesson: id, seconds }: { lesson: string; seconds: number }): Promise<{ done: true }> => {
  const lesson = await openLesson(world.tables, actor, id)
  const video = lesson.video === undefined ? undefined : await videoRecords.get(world.tables, { id: lesson.video })
  if (video?.value.state === 'transcoding' && video.value.job !== undefined) await world.transcoder.prefer(video.value.job, seconds)
  return { done: true }
}

const enrol = async (world: World, actor: Actor, { course }: { course: string }): Promise<{ done: true }> => {
  const { tables, clock } = world
  const publication = await publicationRecords.get(tables, { id: course })
  if (!publication?.value.isListed) throw missing('course')
  if (publication.value.price.amountMinor > 0) throw new Refusal('not-allowed', 'This course is paid for at checkout.')
  const enrolment = { learner: actor.id, course, since: clock.now().toISOString() }
  const started = event(world, 'enrolment.started', { learner: actor.id, course }, `${actor.id}.${course}.enrolled`)
  const outcome = await tables.commit([publicationRecords.holds(publication), enrolmentRecords.add(enrolment)], [started])
  // Enrolled already is what was asked for.
  if (outcome === 'done' || (await enrolmentOf(tables, actor.id, course))) return { done: true }
  // The publication was written meanwhile: it may have left the catalogue.
  return enrol(world, actor, { course })
}

type Place = { lesson: string; positionSeconds: number; isCompleted?: boolean | undefined }

const saveProgress = async (world: World, actor: Actor, { lesson: id, positionSeconds, isCompleted }: Place): Promise<Progress> => {
  const { tables, clock } = world
  const lesson = await openLesson(tables, actor, id)
  const ids = { learner: actor.id, course: lesson.course, lesson: id }
  const before = await progressRecords.get(tables, ids)
  // What has been completed stays so while it is watched again, until the learner says otherwise.
  const after = { ...ids, positionSeconds, isCompleted: isCompleted ?? before?.value.isCompleted ?? false, at: clock.now().toISOString() }
  const outcome = await tables.commit([before ? progressRecords.replace(before, after) : progressRecords.add(after)])
  // Another tab, or the tick before: what it completed must not be forgotten.
  if (outcome === 'conflict') return saveProgress(world, actor, { lesson: id, positionSeconds, isCompleted })
  return { lesson: id, positionSeconds, isCompleted: after.isCompleted, at: after.at }
}

export const learning: Feature<typeof contract> = {
  handlers: {
    mine: async ({ tables }, actor) => ({ enrolled: await allEnrolled(tables, actor.id) }),
    curriculum: (world, actor, { course }) => curriculumOf(world, actor, course),
    enrol,
    lesson: view,
    playback,
    wish,
    progress: saveProgress,
    searchTranscripts,
  },
  hearings: transcripts,
  timers: [],
}
