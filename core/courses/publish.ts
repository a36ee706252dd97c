import type { CatalogueEntry, PublishedCourse, PublishedLesson } from '#contract/catalogue.ts'
import type { Course } from '#contract/courses.ts'
import { event } from '#core/events.ts'
import { videoRecords } from '#core/media/records.ts'
import type { Stored } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import { TABLE_LIMITS, type Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { wholeCourse } from './outline.ts'
import { courseRecords, lessonRecords, publicationRecords, publishedLessonRecords, type StoredCourse, type StoredLesson, type StoredPublication } from './records.ts'

const publishedLesson = async (tables: Tables, lesson: StoredLesson): Promise<PublishedLesson> => {
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

/** The publication a course would make now. */
const publicationOf = async (tables: Tables, course: StoredCourse, lessons: Map<string, StoredLesson>, at: string): Promise<StoredPublication> => {
  const sections = await Promise.all(
    course.sections.map(async ({ id, title, lessons: ids }) => ({
      id,
      title,
      lessons: await Promise.all(ids.flatMap((lesson) => lessons.get(lesson) ?? []).map((lesson) => publishedLesson(tables, lesson))),
    })),
  )
  const shown = sections.filter((section) => section.lessons.length > 0)
  const flat = shown.flatMap((section) => section.lessons)
  const { id, slug, title, summary, description, outcomes, price, teacher } = course
  return {
    id,
    slug,
    title,
    summary,
    description,
    outcomes,
    price,
    teacher: teacher.name,
    teacherId: teacher.id,
    sections: shown,
    lessons: flat.length,
    durationSeconds: flat.reduce((sum, lesson) => sum + (lesson.durationSeconds ?? 0), 0),
    publishedAt: at,
    isListed: true,
  }
}

const chunks = <T>(items: T[], size: number): T[][] => Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))

/** Publishes the course as it stands: lessons first, in as many writes as the limits ask, then the course and the event in one. */
export const publish = async (world: World, before: Stored<StoredCourse>): Promise<Course> => {
  const { tables, clock } = world
  const lessons = await lessonsOf(tables, before.value)
  if (lessons.size === 0) throw new Refusal('not-ready', 'Add a lesson before publishing.')
  const empty = [...lessons.values()].find((lesson) => lesson.kind === 'video' && lesson.video === undefined)
  if (empty) throw new Refusal('not-ready', `“${empty.title}” has no video yet.`)
  const at = clock.now().toISOString()
  // As many as fit into one commit even when each is as large as an item may be.
  const most = Math.floor(TABLE_LIMITS.commitBytes / TABLE_LIMITS.itemBytes)
  for (const some of chunks([...lessons.values()], most)) await tables.commit(some.map(publishedLessonRecords.put))
  const publication = await publicationOf(tables, before.value, lessons, at)
  const after: StoredCourse = { ...before.value, status: 'published', updatedAt: at, publishedAt: at, publishedRevision: before.value.revision }
  const outcome = await tables.commit([courseRecords.replace(before, after), publicationRecords.put(publication)], [event(world, 'course.published', { course: after.id })])
  if (outcome === 'conflict') throw new Refusal('conflict', 'The course was changed elsewhere in the meantime. Load it again.')
  return wholeCourse(tables, after)
}

/** Out of the catalogue; whoever has enrolled keeps the course as it was last published. */
export const unpublish = async (world: World, before: Stored<StoredCourse>): Promise<Course> => {
  const { tables, clock } = world
  const publication = await publicationRecords.get(tables, { id: before.value.id })
  if (!publication || before.value.status === 'draft') return wholeCourse(tables, before.value)
  const after: StoredCourse = { ...before.value, status: 'draft', updatedAt: clock.now().toISOString() }
  const changes = [courseRecords.replace(before, after), publicationRecords.replace(publication, { ...publication.value, isListed: false })]
  const outcome = await tables.commit(changes, [event(world, 'course.unpublished', { course: after.id, slug: after.slug })])
  if (outcome === 'conflict') throw new Refusal('conflict', 'The course was changed elsewhere in the meantime. Load it again.')
  return wholeCourse(tables, after)
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
  return { ...publication, sections, durationSeconds }
}

export const publicCourse = ({ teacherId: _, isListed: __, ...course }: StoredPublication): PublishedCourse => course

export const catalogueEntry = (publication: StoredPublication): CatalogueEntry => {
  const { description: _, outcomes: __, sections: ___, ...entry } = publicCourse(publication)
  return entry
}
