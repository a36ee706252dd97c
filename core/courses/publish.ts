import type { CatalogueEntry, PublishedCourse, PublishedLesson } from '#contract/catalogue.ts'
import type { Course } from '#contract/courses.ts'
import { lackOf, stopsPublishing } from '#contract/lesson-lack.ts'
import { event } from '#core/events.ts'
import { videoRecords } from '#core/media/records.ts'
import { removeVideos } from '#core/media/videos.ts'
import { type Stored, together, type Writing } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import { ratingOf } from '#core/reviews/records.ts'
import { keepVersion } from '#core/versions/keep.ts'
import { type Change, type Event, TABLE_LIMITS, type Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { changedElsewhere, wholeCourse } from './outline.ts'
import {
  courseRecords,
  lessonRecords,
  publicationRecords,
  publishedLessonRecords,
  publishingDueRecords,
  type StoredCourse,
  type StoredLesson,
  type StoredPublication,
} from './records.ts'

export const publishedLesson = async (tables: Tables, lesson: StoredLesson): Promise<PublishedLesson> => {
  const { id, title, kind, isPreview } = lesson
  const video = lesson.video === undefined ? undefined : (await videoRecords.get(tables, { id: lesson.video }))?.value
  const durationSeconds = video?.state === 'ready' ? video.durationSeconds : undefined
  return { id, title, kind, isPreview, ...(durationSeconds !== undefined && { durationSeconds }) }
}

const lessonsOf = async (tables: Tables, course: StoredCourse): Promise<Map<string, StoredLesson>> => {
  const ids = course.sections.flatMap(({ lessons }) => lessons)
  const found = await Promise.all(ids.map((id) => lessonRecords.get(tables, { id })))
  return new Map(found.flatMap((lesson) => (lesson ? [[lesson.value.id, lesson.value]] : [])))
}

/** What a course says of itself once it is published. */
export const publishedFields = ({
  id,
  slug,
  title,
  summary,
  description,
  outcomes,
  price,
  otherPrices,
  teacher,
  completion,
  isSequential,
  requires,
  sales,
}: StoredCourse) => ({
  ...{ id, slug, title, summary, description, outcomes, price },
  // Kept in the draft of a course that is free for now.
  otherPrices: price.amountMinor === 0 ? [] : otherPrices,
  teacher: teacher.name,
  teacherId: teacher.id,
  ...(completion && { completion }),
  ...(isSequential && { isSequential }),
  ...(requires && requires.length > 0 && { requires }),
  ...(sales && { sales }),
})

/** The publication a course would make now. */
const publicationOf = async (tables: Tables, course: StoredCourse, lessons: Map<string, StoredLesson>, at: string): Promise<StoredPublication> => {
  const sections = await Promise.all(
    course.sections.map(async ({ lessons: ids, ...section }) => ({
      ...section,
      lessons: await Promise.all(ids.flatMap((lesson) => lessons.get(lesson) ?? []).map((lesson) => publishedLesson(tables, lesson))),
    })),
  )
  const shown = sections.filter((section) => section.lessons.length > 0)
  const flat = shown.flatMap((section) => section.lessons)
  return {
    ...publishedFields(course),
    sections: shown,
    lessons: flat.length,
    durationSeconds: flat.reduce((sum, lesson) => sum + (lesson.durationSeconds ?? 0), 0),
    publishedAt: at,
    isListed: true,
  }
}

/** Lessons as they were last published, those among them that have left the draft since. */
const publishedLessons = async (tables: Tables, course: StoredCourse): Promise<Map<string, StoredLesson>> => {
  const publication = await publicationRecords.get(tables, { id: course.id })
  const listed = publication?.value.sections.flatMap(({ lessons }) => lessons.map(({ id }) => id)) ?? []
  // A publication that was cut short may have written lessons it does not list.
  const ids = new Set([...listed, ...course.sections.flatMap(({ lessons }) => lessons)])
  const found = await Promise.all([...ids].map((id) => publishedLessonRecords.get(tables, { id })))
  return new Map(found.flatMap((lesson) => (lesson ? [[lesson.value.id, lesson.value]] : [])))
}

/** Learners are never given a video that may still fail for one they can watch. */
export const refuseUnready = async (tables: Tables, lessons: Iterable<StoredLesson>, published: Map<string, StoredLesson>): Promise<void> => {
  const all = [...lessons]
  for (const lesson of all) {
    const lack = lackOf({ ...lesson, hasFiles: lesson.files.length > 0 })
    if (stopsPublishing(lack)) throw new Refusal('not-ready', `“${lesson.title}” has no ${lack} yet.`)
  }
  const videos = all.filter(({ kind }) => kind === 'video')
  const states = await Promise.all(
    videos.map(async ({ video }) => (video === undefined ? undefined : (await videoRecords.get(tables, { id: video }))?.value.state)),
  )
  for (const [place, { id, title, video }] of videos.entries()) {
    const state = states[place]
    if (state === undefined || state === 'uploading') throw new Refusal('not-ready', `“${title}” has no video yet.`)
    if (state === 'failed') throw new Refusal('not-ready', `The video of “${title}” could not be used. Upload another.`)
    const before = published.get(id)?.video
    if (state !== 'ready' && before !== undefined && before !== video) {
      throw new Refusal('not-ready', `The new video of “${title}” is still being prepared. Learners see the present one until then.`)
    }
  }
}

/** The video that a lesson has, or would have if it came back: one that has left the repository is kept aside for a while. */
const videoStill = async (tables: Tables, now: StoredLesson | undefined, before: StoredLesson | undefined): Promise<string | undefined> =>
  now || !before ? now?.video : (await lessonRecords.get(tables, { id: before.id }))?.value.video

/** What publishing one lesson writes, or one that has left the course: a video that is shown no longer goes with it. */
export const lessonWriting = async (world: World, { now, before }: { now: StoredLesson | undefined; before: StoredLesson | undefined }): Promise<Writing> => {
  const still = await videoStill(world.tables, now, before)
  const gone = await removeVideos(world, before?.video === still ? [] : [before?.video])
  const put = now ? [publishedLessonRecords.put(now)] : []
  const remove = before && !now ? [publishedLessonRecords.remove({ id: before.id })] : []
  return { changes: [...put, ...remove, ...gone.changes], events: gone.events }
}

/** Each writes itself and takes a video away with its event: as many fill no commit by their number. */
const LESSONS_A_COMMIT = 30
/** Room is left for the course, what holds beside, and what an item weighs beyond its text. */
const COMMIT_BYTES = TABLE_LIMITS.commitBytes * 0.75
const MOST_BYTES_A_UNIT = 3

type Pair = { id: string; now: StoredLesson | undefined; before: StoredLesson | undefined }

/** Lessons that differ from what is published, in groups that fit into one commit each whatever their texts weigh. */
const groups = (pairs: readonly Pair[]): Pair[][] => {
  const found: { pairs: Pair[]; bytes: number }[] = []
  for (const pair of pairs) {
    const text = JSON.stringify(pair.now ?? null)
    if (text === JSON.stringify(pair.before ?? null)) continue
    const bytes = text.length * MOST_BYTES_A_UNIT
    const last = found.at(-1)
    if (last && last.pairs.length < LESSONS_A_COMMIT && last.bytes + bytes <= COMMIT_BYTES) {
      last.pairs.push(pair)
      last.bytes += bytes
    } else found.push({ pairs: [pair], bytes })
  }
  return found.map((group) => group.pairs)
}

/** What is to hold with every commit of a publication, and what is written with its last one. */
export type Beside = { holds: readonly Change[]; changes: readonly Change[]; events: readonly Event[]; by?: { name: string } }
export const NOTHING_BESIDE: Beside = { holds: [], changes: [], events: [] }

type LessonsWriting = { ids: Iterable<string>; now: ReadonlyMap<string, StoredLesson>; published: ReadonlyMap<string, StoredLesson>; holds: readonly Change[] }

/** Lessons as they are now, in as many writes as the limits ask, while the course is as it was read. */
export const publishedEach = async (world: World, course: Stored<StoredCourse>, { ids, now, published, holds }: LessonsWriting): Promise<void> => {
  for (const some of groups([...ids].map((id) => ({ id, now: now.get(id), before: published.get(id) })))) {
    const { changes, events } = together(await Promise.all(some.map((pair) => lessonWriting(world, pair))))
    if ((await world.tables.commit([courseRecords.holds(course), ...holds, ...changes], events)) === 'conflict') throw changedElsewhere()
  }
}

const MOST_TRIES = 3

type Last = { before: Stored<StoredCourse>; after: StoredCourse; publication: StoredPublication; beside: Beside }

/**
 * A publication's last commit, of the course, what is sold and the event. Somebody may be the first to enrol meanwhile, which the course
 * keeps: that is nothing to trouble its teacher with.
 */
export const publishedAsWritten = async (world: World, { before, after, publication, beside }: Last): Promise<void> => {
  const told = event(world, 'course.published', { course: after.id })
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const changes = [courseRecords.replace(before, after), await replacing(world.tables, publication), ...beside.holds, ...beside.changes]
    if ((await world.tables.commit(changes, [told, ...beside.events])) === 'done') return
  }
  throw changedElsewhere()
}

/** In place of the publication there is, if any, of which only that somebody follows it stays. */
const replacing = async (tables: Tables, publication: StoredPublication): Promise<Change> => {
  const before = await publicationRecords.get(tables, publication)
  if (!before) return publicationRecords.add(publication)
  return publicationRecords.replace(before, { ...publication, ...(before.value.isFollowed && { isFollowed: true }) })
}

/** Publishes the course as it stands: lessons first, in as many writes as the limits ask, then the course and the event in one. */
export const publish = async (world: World, before: Stored<StoredCourse>, wanted: Partial<Beside> = {}): Promise<Course> => {
  const { tables, clock } = world
  const beside = { ...NOTHING_BESIDE, ...wanted }
  if (before.value.archivedAt !== undefined) throw new Refusal('conflict', 'Bring the course back before it is published.')
  const lessons = await lessonsOf(tables, before.value)
  if (lessons.size === 0) throw new Refusal('not-ready', 'Add a lesson before publishing.')
  const published = await publishedLessons(tables, before.value)
  await refuseUnready(tables, lessons.values(), published)
  const ids = new Set([...lessons.keys(), ...published.keys()])
  await publishedEach(world, before, { ids, now: lessons, published, holds: beside.holds })
  const at = clock.now().toISOString()
  // The first time counts: a comma put right makes no new course of an old one.
  const publication = await publicationOf(tables, before.value, lessons, before.value.publishedAt ?? at)
  const version = await keepVersion(world, { course: before.value, lessons: [...lessons.values()], why: 'published', by: beside.by?.name })
  const { publishAt, publishFault: _, ...rest } = before.value
  const due = publishAt === undefined ? [] : [publishingDueRecords.remove({ at: publishAt, course: before.value.id })]
  const after: StoredCourse = {
    ...rest,
    versions: version.number,
    status: 'published',
    updatedAt: at,
    publishedAt: publication.publishedAt,
    publishedRevision: before.value.revision,
  }
  await publishedAsWritten(world, { before, after, publication, beside: { ...beside, changes: [...beside.changes, ...version.changes, ...due] } })
  return wholeCourse(world, after)
}

/** Out of the catalogue; whoever has enrolled keeps the course as it was last published. */
export const unpublish = async (world: World, before: Stored<StoredCourse>, beside: Beside = NOTHING_BESIDE): Promise<Course> => {
  const { tables, clock } = world
  const publication = await publicationRecords.get(tables, { id: before.value.id })
  if (!publication || before.value.status === 'draft') return wholeCourse(world, before.value)
  const after: StoredCourse = { ...before.value, status: 'draft', updatedAt: clock.now().toISOString() }
  const own = [courseRecords.replace(before, after), publicationRecords.replace(publication, { ...publication.value, isListed: false })]
  const told = event(world, 'course.unpublished', { course: after.id, slug: after.slug })
  const outcome = await tables.commit([...own, ...beside.holds, ...beside.changes], [told, ...beside.events])
  if (outcome === 'conflict') throw changedElsewhere()
  return wholeCourse(world, after)
}

/** Durations of videos that became ready after their course was published. */
export const refreshed = async (tables: Tables, publication: StoredPublication): Promise<StoredPublication> => {
  const sections = await Promise.all(
    publication.sections.map(async (section) => ({
      ...section,
      lessons: await Promise.all(
        section.lessons.map(async (lesson) => {
          const stored = await publishedLessonRecords.get(tables, { id: lesson.id })
          return stored ? publishedLesson(tables, stored.value) : lesson
        }),
      ),
    })),
  )
  const durationSeconds = sections.flatMap(({ lessons }) => lessons).reduce((sum, lesson) => sum + (lesson.durationSeconds ?? 0), 0)
  const { rating: _, ...rest } = publication
  const rating = await ratingOf(tables, publication.id)
  return { ...rest, sections, durationSeconds, ...(rating && { rating }) }
}

export const publicCourse = ({
  teacherId: _,
  isListed: __,
  isClosed: ___,
  isFollowed: ____,
  completion: _____,
  ...course
}: StoredPublication): PublishedCourse => course

export const catalogueEntry = (publication: StoredPublication): CatalogueEntry => {
  const { description: _, outcomes: __, sections: ___, isSequential: ____, requires: _____, ...shown } = publicCourse(publication)
  const { sales: ______, rating: _______, reviews: ________, ...entry } = shown
  return entry
}
