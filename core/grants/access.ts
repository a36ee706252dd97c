import { courseRecords, lessonRecords, publicationRecords, publishedLessonRecords, type StoredLesson, type StoredPublication } from '#core/courses/records.ts'
import { enrolmentOf } from '#core/enrolments/enrolments.ts'
import { type Actor, hasRole } from '#core/handlers.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type Decision, decide, rightsOf, type Standing } from './decide.ts'

type Place = Pick<World, 'tables' | 'clock'>

/** How a person, or nobody, stands to a published course, now or at another moment. */
export const standing = async (
  { tables, clock }: Place,
  actor: Actor | undefined,
  { id, teacherId, isListed }: Pick<StoredPublication, 'id' | 'teacherId' | 'isListed'>,
  at = clock.now().toISOString(),
): Promise<Standing> => {
  if (!actor) return { as: 'visitor', isDisabled: false, isListed, rights: [] }
  const enrolment = await enrolmentOf(tables, actor.id, id)
  const as = hasRole(actor, 'admin') ? 'admin' : actor.id === teacherId ? 'teacher' : 'person'
  return { as, isDisabled: actor.isDisabled, isListed, rights: rightsOf(enrolment?.value.facts ?? [], at) }
}

const ownDraft = async (tables: Tables, actor: Actor | undefined, id: string): Promise<StoredLesson> => {
  const lesson = await lessonRecords.get(tables, { id })
  const course = lesson && (await courseRecords.get(tables, { id: lesson.value.course }))
  const isOwn = actor !== undefined && course !== undefined && (course.value.teacher.id === actor.id || hasRole(actor, 'admin'))
  if (!lesson || !isOwn) throw missing('lesson')
  return lesson.value
}

const refusal = ({ because }: Decision): Refusal => {
  if (because === 'not-signed-in') return new Refusal('not-signed-in', 'Sign in to see this lesson.')
  if (because === 'disabled') return new Refusal('not-allowed', 'This account has been closed.')
  if (because === 'expired') return new Refusal('access-ended', 'Your access to this course has run out.')
  if (because === 'refunded') return new Refusal('access-ended', 'This course was refunded, and your access ended with it.')
  if (because === 'ended') return new Refusal('access-ended', 'Your access to this course was ended by the school.')
  return because === 'hidden' ? missing('lesson') : new Refusal('not-enrolled', 'Enrol in this course to see this lesson.')
}

/** A lesson that is open to somebody, and what opened it. */
export type Opened = { lesson: StoredLesson; because: Decision['because']; until?: string }

/** A lesson the actor may see: as published, their own as they are writing it. Throws the refusal that says why not. */
export const openedLesson = async (world: Place, actor: Actor | undefined, id: string): Promise<Opened> => {
  const { tables } = world
  const published = await publishedLessonRecords.get(tables, { id })
  const publication = published && (await publicationRecords.get(tables, { id: published.value.course }))
  if (!published || !publication) return { lesson: await ownDraft(tables, actor, id), because: 'teaches' }
  const stand = await standing(world, actor, publication.value)
  const decision = decide(stand, published.value)
  if (!decision.isOpen) throw refusal(decision)
  const { because, until } = decision
  // A lesson that has left the draft is in the course until that is published again.
  const isStaff = because === 'admin' || because === 'teaches'
  const lesson = (isStaff ? (await lessonRecords.get(tables, { id }))?.value : undefined) ?? published.value
  return { lesson, because, ...(until !== undefined && { until }) }
}

export const openLesson = async (world: Place, actor: Actor | undefined, id: string): Promise<StoredLesson> => (await openedLesson(world, actor, id)).lesson
