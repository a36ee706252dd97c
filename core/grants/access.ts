import type { Fact } from '#contract/grants.ts'
import { hasRole } from '#contract/roles.ts'
import { courseRecords, lessonRecords, publicationRecords, publishedLessonRecords, type StoredLesson, type StoredPublication } from '#core/courses/records.ts'
import { enrolmentOf } from '#core/enrolments/enrolments.ts'
import type { Actor } from '#core/handlers.ts'
import { helperRecords } from '#core/helpers/records.ts'
import { membershipFacts } from '#core/memberships/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type Decision, decide, oneLedger, rightsOf, type Standing } from './decide.ts'
import { type Learned, learnedOf, pacesOf } from './learned.ts'

type Place = Pick<World, 'tables' | 'clock'>

/** Everything that has happened to somebody's right to a course: to the course itself, and to what they pay for again and again that opens it. */
export const ledgerOf = async (tables: Tables, actor: Pick<Actor, 'id'> | undefined, course: string): Promise<Fact[]> => {
  if (!actor) return []
  const own = (await enrolmentOf(tables, actor.id, course))?.value.facts ?? []
  const paid = await membershipFacts(tables, actor.id, course)
  return oneLedger(own, paid)
}

/** A ledger, or of an earlier moment what it was, the moment it is read for (ISO 8601), what the person has completed, and whether they help with the course. */
type Asked = { facts: Fact[]; at: string; learned: Learned; helps: boolean }

const stands = (
  actor: Actor | undefined,
  { teacherId, isListed }: Pick<StoredPublication, 'teacherId' | 'isListed'>,
  { facts, at, helps }: Pick<Asked, 'facts' | 'at' | 'helps'>,
): Standing => {
  if (!actor) return { as: 'visitor', isDisabled: false, isListed, rights: [] }
  const as = hasRole(actor, 'admin') ? 'admin' : actor.id === teacherId || helps ? 'teacher' : 'person'
  return { as, isDisabled: actor.isDisabled, isListed, rights: rightsOf(facts, at) }
}

/** Whoever helps with a course sees all of it as its teacher does, whatever else they may do there. */
const helpsWith = async (tables: Tables, actor: Actor | undefined, course: string): Promise<boolean> =>
  actor !== undefined && (await helperRecords.get(tables, { person: actor.id, course })) !== undefined

/** How a person, or nobody, stands to a published course now. */
export const standing = async (
  { tables, clock }: Place,
  actor: Actor | undefined,
  course: Pick<StoredPublication, 'id' | 'teacherId' | 'isListed'>,
): Promise<Standing> => {
  const [facts, helps] = await Promise.all([ledgerOf(tables, actor, course.id), helpsWith(tables, actor, course.id)])
  return stands(actor, course, { facts, helps, at: clock.now().toISOString() })
}

type PlacedCourse = Pick<StoredPublication, 'id' | 'slug' | 'title' | 'teacherId' | 'isListed' | 'sections' | 'isSequential' | 'requires'>

/** A lesson and the course it stands in: as learners have it, or where they have none, in its teacher's draft. */
export type Placed = { lesson: StoredLesson; course: PlacedCourse; isPublished: boolean }

const inDraft = async (tables: Tables, id: string): Promise<Placed | undefined> => {
  const lesson = (await lessonRecords.get(tables, { id }))?.value
  const course = lesson && (await courseRecords.get(tables, { id: lesson.course }))?.value
  if (!lesson || !course) return undefined
  const isListed = (await publicationRecords.get(tables, { id: course.id }))?.value.isListed ?? false
  return { lesson, course: { id: course.id, slug: course.slug, title: course.title, teacherId: course.teacher.id, isListed, sections: [] }, isPublished: false }
}

export const placed = async (tables: Tables, id: string): Promise<Placed | undefined> => {
  const published = await publishedLessonRecords.get(tables, { id })
  const publication = published && (await publicationRecords.get(tables, { id: published.value.course }))
  if (!published || !publication) return inDraft(tables, id)
  return { lesson: published.value, course: publication.value, isPublished: true }
}

/** The decision about a lesson where it stands. No right reaches into a draft, and no preview. */
export const decided = (actor: Actor | undefined, { lesson, course, isPublished }: Placed, asked: Asked): Decision => {
  const { teacherId, isListed } = course
  const stand = stands(actor, { teacherId, isListed: isPublished && isListed }, isPublished ? asked : { ...asked, facts: [] })
  return decide(stand, { isPreview: lesson.isPreview, pace: pacesOf(course, asked.learned, asked.at).get(lesson.id) })
}

/** Everything a decision about a lesson is made from, as it is now. */
export const askedNow = async ({ tables, clock }: Place, actor: Actor | undefined, course: PlacedCourse): Promise<Asked> => {
  const [facts, learned, helps] = await Promise.all([
    ledgerOf(tables, actor, course.id),
    learnedOf(tables, actor?.id, course),
    helpsWith(tables, actor, course.id),
  ])
  return { facts, learned, helps, at: clock.now().toISOString() }
}

/** How somebody stands to a published course, what of it they lack, and the decision about each of its lessons. */
export const decidedEach = async (
  world: Place,
  actor: Actor | undefined,
  course: StoredPublication,
): Promise<{ stand: Standing; lacks: readonly string[]; decisions: Map<string, Decision> }> => {
  const asked = await askedNow(world, actor, course)
  const stand = stands(actor, course, asked)
  const paces = pacesOf(course, asked.learned, asked.at)
  const lessons = course.sections.flatMap((section) => section.lessons)
  return {
    ...{ stand, lacks: asked.learned.lacks },
    decisions: new Map(lessons.map(({ id, isPreview }) => [id, decide(stand, { isPreview, pace: paces.get(id) })])),
  }
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

const refusal = ({ because, opensAt }: Decision): Refusal => {
  if (because === 'not-signed-in') return new Refusal('not-signed-in', 'Sign in to see this lesson.')
  if (because === 'disabled') return new Refusal('not-allowed', 'This account has been closed.')
  if (because === 'course-first') return new Refusal('not-yet', 'Another course is to be completed before this one.', because)
  if (because === 'lesson-first') return new Refusal('not-yet', 'Complete the lesson before this one first.', because)
  if (because === 'not-yet' && opensAt !== undefined)
    return new Refusal('not-yet', `This lesson opens on ${DAY.format(new Date(opensAt))} (UTC).`, { because, opensAt })
  if (because === 'expired') return new Refusal('access-ended', 'Your access to this course has run out.', because)
  if (because === 'refunded') return new Refusal('access-ended', 'This course was refunded, and your access ended with it.', because)
  if (because === 'lapsed') return new Refusal('access-ended', 'This course is not being paid for any more.', because)
  if (because === 'disputed')
    return new Refusal('access-ended', 'The bank has disputed the payment for this course; it is closed to you unless the payment stands.', because)
  if (because === 'ended') return new Refusal('access-ended', 'Your access to this course was ended by the school.', because)
  return because === 'hidden' ? missing('lesson') : new Refusal('not-enrolled', 'Enrol in this course to see this lesson.')
}

/** A lesson that is open to somebody, and what opened it. */
export type Opened = { lesson: StoredLesson; because: Decision['because']; until?: string }

/** A lesson the actor may see: as published, their own as they are writing it. Throws the refusal that says why not. */
export const openedLesson = async ({ tables, clock }: Place, actor: Actor | undefined, id: string): Promise<Opened> => {
  const place = await placed(tables, id)
  if (!place) throw missing('lesson')
  const decision = decided(actor, place, await askedNow({ tables, clock }, actor, place.course))
  if (!decision.isOpen) throw refusal(decision)
  const { because, until } = decision
  // A lesson that has left the draft is in the course until that is published again.
  const isStaff = because === 'admin' || because === 'teaches'
  const lesson = (isStaff && place.isPublished ? (await lessonRecords.get(tables, { id }))?.value : undefined) ?? place.lesson
  return { lesson, because, ...(until !== undefined && { until }) }
}

/** The same where a refusal is an answer like another: undefined when the lesson is not open to the actor. */
export const openedIfAllowed = async (world: Place, actor: Actor | undefined, id: string): Promise<Opened | undefined> => {
  try {
    return await openedLesson(world, actor, id)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

export const openLesson = async (world: Place, actor: Actor | undefined, id: string): Promise<StoredLesson> => (await openedLesson(world, actor, id)).lesson
