import type { Course } from '#contract/courses.ts'
import { contentGoneRecords } from '#core/content/records.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { helperRecords, helpersOf } from '#core/helpers/records.ts'
import { type StoredUpload, uploadRecords } from '#core/media/records.ts'
import { removeVideos, replacedBy, unfinishedUpload } from '#core/media/videos.ts'
import { all, chunks, type Stored, together, type Writing } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { keptLessons, refuseKeptCourse, refuseKeptLesson } from './kept.ts'
import { changedElsewhere, countLearners, ownCourse, ownLesson, saveCourse } from './outline.ts'
import {
  courseRecords,
  lessonRecords,
  publicationRecords,
  publishedLessonRecords,
  publishingDueRecords,
  removedLessonRecords,
  type StoredCourse,
  type StoredLesson,
  type StoredPublication,
  slugRecords,
} from './records.ts'

type Removal = Writing & { uploads: StoredUpload[] }

/** A lesson's draft with its videos and whatever is on its way to it; `kept` is the video that learners are shown. */
const draftRemoval = async (world: World, id: string, kept: string | undefined): Promise<Removal> => {
  const lesson = await lessonRecords.get(world.tables, { id })
  const upload = lesson && (await unfinishedUpload(world.tables, lesson.value))
  const uploads = upload ? [upload] : []
  const named = [lesson?.value.video, ...uploads.flatMap(({ video, replaces }) => [video, replaces])]
  const replaced = await Promise.all(named.map((video) => replacedBy(world.tables, video)))
  const videos = [...named, ...replaced.flat()].filter((video) => video !== kept)
  const { changes, events } = await removeVideos(world, videos)
  return { changes: [lessonRecords.remove({ id }), ...uploads.map((upload) => uploadRecords.remove({ id: upload.id })), ...changes], events, uploads }
}

/** A draft that stands in no outline any more, with its videos; what learners have of it stays. Uploads on their way are given up by their own clock. */
export const unguardedDraftRemoval = async (world: World, id: string): Promise<Writing> => {
  const published = await publishedLessonRecords.get(world.tables, { id })
  const { changes, events } = await draftRemoval(world, id, published?.value.video)
  return { changes, events }
}

const cancelUploads = async ({ objects }: World, uploads: readonly StoredUpload[]): Promise<void> => {
  for (const { key, ticket } of uploads) await objects.cancelUpload(key, ticket)
}

const withoutLessons = (sections: StoredCourse['sections'], gone: ReadonlySet<string>): StoredCourse['sections'] =>
  sections.map((section) => ({ ...section, lessons: section.lessons.filter((id) => !gone.has(id)) }))

/** A lesson of a course the actor may change, one too that was taken out and is kept for a while. */
const ownEvenRemoved = async (tables: Tables, actor: Actor, id: string): Promise<{ lesson: Stored<StoredLesson>; course: Stored<StoredCourse> }> => {
  const lesson = await lessonRecords.get(tables, { id })
  const removed = lesson && (await removedLessonRecords.get(tables, { course: lesson.value.course, lesson: id }))
  return removed
    ? { lesson, course: await ownCourse(tables, actor, lesson.value.course, { to: 'edit', named: 'lesson' }) }
    : ownLesson(tables, actor, id, { to: 'edit' })
}

/** Takes a lesson out of the draft with all of its own. Learners keep it, and its video, until the course is published again. */
export const removeForGood = async (world: World, actor: Actor, id: string): Promise<Course> => {
  const { course, lesson } = await ownEvenRemoved(world.tables, actor, id)
  refuseKeptLesson(lesson.value)
  const published = await publishedLessonRecords.get(world.tables, { id })
  const { uploads, ...gone } = await draftRemoval(world, id, published?.value.video)
  const events = [...gone.events, event(world, 'course.files-changed', { course: course.value.id })]
  const changes = [...gone.changes, removedLessonRecords.remove({ course: course.value.id, lesson: id })]
  const after = await saveCourse(world, course, { course: { sections: withoutLessons(course.value.sections, new Set([id])) }, changes, events })
  await cancelUploads(world, uploads)
  return after
}

/** A lesson and all there is of it: its draft, that it was taken out, an upload or two, up to four videos and their events. Eight fill no commit. */
const LESSONS_A_COMMIT = 8

const lessonRemoval = async (world: World, { course, id }: { course: string; id: string }): Promise<Removal> => {
  const published = await publishedLessonRecords.get(world.tables, { id })
  const draft = await draftRemoval(world, id, published?.value.video)
  const shown = await removeVideos(world, [published?.value.video])
  return {
    ...together([draft, { changes: [publishedLessonRecords.remove({ id }), removedLessonRecords.remove({ course, lesson: id })], events: [] }, shown]),
    uploads: draft.uploads,
  }
}

/** A course of the actor's that is not in the catalogue. Publishing writes the course, so one that was read as a draft is one when it is replaced. */
const ownDraft = async ({ tables }: World, actor: Actor, id: string): Promise<Stored<StoredCourse>> => {
  const course = await ownCourse(tables, actor, id, { to: 'own' })
  if (course.value.status === 'published') throw new Refusal('conflict', 'Unpublish the course before removing it.')
  return course
}

/** The course without its lessons. Cut short, it is a course with fewer lessons, which can be removed again. */
const emptied = async (world: World, { id, lessons }: { id: string; lessons: string[] }, actor: Actor): Promise<Stored<StoredCourse>> => {
  for (const some of chunks(lessons, LESSONS_A_COMMIT)) {
    const course = await ownDraft(world, actor, id)
    const removals = await Promise.all(some.map((lesson) => lessonRemoval(world, { course: id, id: lesson })))
    await saveCourse(world, course, { course: { sections: withoutLessons(course.value.sections, new Set(some)) }, ...together(removals) })
    for (const { uploads } of removals) await cancelUploads(world, uploads)
  }
  return ownDraft(world, actor, id)
}

const isFollowed = (): Refusal => new Refusal('conflict', 'People have enrolled in this course. Unpublish it instead; they keep what they paid for.')

/**
 * Lets nobody in any more, so that none can pay for what is going. Whoever enrolled after the publication was read has written it;
 * opens it again when somebody follows it in a way of which it says nothing: a membership, or an enrolment of long ago.
 */
const close = async ({ tables }: World, course: Stored<StoredCourse>, publication: Stored<StoredPublication>): Promise<void> => {
  const { id } = publication.value
  const changes = [courseRecords.holds(course), publicationRecords.replace(publication, { ...publication.value, isClosed: true })]
  if ((await tables.commit(changes)) === 'conflict') throw changedElsewhere()
  if ((await countLearners(tables, id)) === 0) return
  await tables.commit([publicationRecords.put(publication.value)])
  throw isFollowed()
}

/** Lessons that were taken out, or whose files went, and that may come back. */
const keptAside = async (tables: Tables, course: string): Promise<string[]> => {
  const gone = await all((page) => contentGoneRecords.list(tables, 'content-gone', { limit: 1000, ...(page !== undefined && { page }) }), 50_000)
  const removed = await all(
    (page) => removedLessonRecords.list(tables, `course#${course}`, { prefix: 'removed#', ...(page !== undefined && { page }) }),
    20_000,
  )
  return [...gone.filter((each) => each.course === course), ...removed].map(({ lesson }) => lesson)
}

/** Removes a course nobody follows, with its lessons and all their videos. */
export const removeCourse = async (world: World, actor: Actor, id: string): Promise<void> => {
  const { tables } = world
  const course = await ownDraft(world, actor, id)
  refuseKeptCourse(course.value)
  if ((await keptLessons(tables, course.value)).size > 0)
    throw new Refusal('kept-in-git', 'Lessons of this course are kept in Git: remove their folder there first.')
  const publication = await publicationRecords.get(tables, { id })
  if (publication?.value.isFollowed || (await countLearners(tables, id)) > 0) throw isFollowed()
  if (publication) await close(world, course, publication)
  const published = publication?.value.sections.flatMap(({ lessons }) => lessons.map((lesson) => lesson.id)) ?? []
  const lessons = new Set([...course.value.sections.flatMap((section) => section.lessons), ...published, ...(await keptAside(tables, id))])
  const empty = await emptied(world, { id, lessons: [...lessons] }, actor)
  const { slug, publishedAt } = empty.value
  // Its pages may be linked to, or on their way out: the name of a course that was published is given to no other.
  const name = publishedAt === undefined ? [slugRecords.remove({ slug })] : []
  const due = empty.value.publishAt === undefined ? [] : [publishingDueRecords.remove({ at: empty.value.publishAt, course: id })]
  const helpers = (await helpersOf(tables, id)).map((helper) => helperRecords.remove(helper))
  const changes = [courseRecords.remove({ id }, empty), publicationRecords.remove({ id }), ...name, ...due, ...helpers]
  if ((await tables.commit(changes, [event(world, 'course.removed', { course: id, slug })])) === 'conflict') throw changedElsewhere()
}
