import type { learning as contract, LessonView, Playback, Progress } from '#contract/learning.ts'
import { publicationRecords } from '#core/courses/records.ts'
import { playbackCookies } from '#core/delivery/signer.ts'
import { enrolmentOf, enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import type { Actor, Feature, WithCookies } from '#core/handlers.ts'
import { mediaPrefix, type StoredVideo, videoRecords } from '#core/media/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { openLesson } from './access.ts'
import { allEnrolled, curriculumOf } from './curriculum.ts'
import { progressRecords } from './progress.ts'

const readyVideo = async (tables: Tables, id: string | undefined): Promise<StoredVideo | undefined> => {
  const video = id === undefined ? undefined : await videoRecords.get(tables, { id })
  return video?.value.state === 'ready' ? video.value : undefined
}

const view = async ({ tables }: World, actor: Actor | undefined, { lesson: id }: { lesson: string }): Promise<LessonView> => {
  const lesson = await openLesson(tables, actor, id)
  const { title, kind, text, course } = lesson
  const video = await readyVideo(tables, lesson.video)
  const progress = actor && (await progressRecords.get(tables, { learner: actor.id, course, lesson: id }))
  return {
    ...{ id, title, kind, text },
    curriculum: await curriculumOf(tables, actor, course),
    positionSeconds: progress?.value.positionSeconds ?? 0,
    isCompleted: progress?.value.isCompleted ?? false,
    ...(video && { video: { id: video.id, durationSeconds: video.durationSeconds ?? 0, chapters: video.chapters } }),
  }
}

const playback = async ({ tables, settings, clock }: World, actor: Actor | undefined, { lesson: id }: { lesson: string }): Promise<WithCookies<Playback>> => {
  const lesson = await openLesson(tables, actor, id)
  if (lesson.kind !== 'video') throw missing('video')
  const video = await readyVideo(tables, lesson.video)
  if (!video) throw new Refusal('not-ready', 'This video is not ready yet.')
  const { cookies, expiresAt } = playbackCookies({ settings, video: video.id, now: clock.now() })
  const at = (name: string): string => `/${mediaPrefix(video.id)}${name}`
  const captions = video.captions.map(({ language, label }) => ({ language, label, url: at(`captions/${language}.vtt`) }))
  const answer = {
    video: video.id,
    masterUrl: at('master.m3u8'),
    posterUrl: at('poster.jpg'),
    storyboardUrl: at('storyboard.vtt'),
    captions,
    expiresAt: expiresAt.toISOString(),
  }
  return { answer, cookies }
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
    curriculum: async ({ tables }, actor, { course }) => curriculumOf(tables, actor, course),
    enrol,
    lesson: view,
    playback,
    progress: saveProgress,
  },
  hearings: [],
  timers: [],
}
