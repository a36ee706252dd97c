import { courseRecords, lessonRecords, publicationRecords, publishedLessonRecords, type StoredLesson, type StoredPublication } from '#core/courses/records.ts'
import { enrolmentOf } from '#core/enrolments/enrolments.ts'
import { type Actor, hasRole } from '#core/handlers.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'

/** How a person, or nobody, stands to a published course. */
export type Standing = { isTeacher: boolean; isEnrolled: boolean; isListed: boolean }

export const standing = async (
  tables: Tables,
  actor: Actor | undefined,
  { id, teacherId, isListed }: Pick<StoredPublication, 'id' | 'teacherId' | 'isListed'>,
): Promise<Standing> => ({
  isTeacher: actor !== undefined && (actor.id === teacherId || hasRole(actor, 'admin')),
  isEnrolled: actor !== undefined && (await enrolmentOf(tables, actor.id, id)) !== undefined,
  isListed,
})

/** The one rule: one's own course, what one is enrolled in, and free previews of what is in the catalogue. Everything else is closed. */
export const isOpenTo = ({ isTeacher, isEnrolled, isListed }: Standing, { isPreview }: { isPreview: boolean }): boolean =>
  isTeacher || isEnrolled || (isPreview && isListed)

const ownDraft = async (tables: Tables, actor: Actor | undefined, id: string): Promise<StoredLesson> => {
  const lesson = await lessonRecords.get(tables, { id })
  const course = lesson && (await courseRecords.get(tables, { id: lesson.value.course }))
  const isOwn = actor !== undefined && course !== undefined && (course.value.teacher.id === actor.id || hasRole(actor, 'admin'))
  if (!lesson || !isOwn) throw missing('lesson')
  return lesson.value
}

/** A lesson the actor may see: as published, their own as they are writing it. Throws the refusal that says why not. */
export const openLesson = async (tables: Tables, actor: Actor | undefined, id: string): Promise<StoredLesson> => {
  const published = await publishedLessonRecords.get(tables, { id })
  const publication = published && (await publicationRecords.get(tables, { id: published.value.course }))
  if (!published || !publication) return ownDraft(tables, actor, id)
  const stand = await standing(tables, actor, publication.value)
  // A lesson that has left the draft is in the course until that is published again.
  if (stand.isTeacher) return (await lessonRecords.get(tables, { id }))?.value ?? published.value
  if (isOpenTo(stand, published.value)) return published.value
  if (!publication.value.isListed) throw missing('lesson')
  throw actor ? new Refusal('not-enrolled', 'Enrol in this course to see this lesson.') : new Refusal('not-signed-in', 'Sign in to see this lesson.')
}
