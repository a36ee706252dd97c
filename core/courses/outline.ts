import type { Course, OutlineLesson, TaughtCourse } from '#contract/courses.ts'
import type { Part } from '#contract/helpers.ts'
import { lackOf } from '#contract/lesson-lack.ts'
import { NOTHING_MORE } from '#contract/usual.ts'
import { enrolmentRecords } from '#core/enrolments/enrolments.ts'
import type { Actor } from '#core/handlers.ts'
import { videoOf } from '#core/media/videos.ts'
import { membersOf } from '#core/memberships/followers.ts'
import type { Stored, Writing } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { keptIn } from './kept.ts'
import { type CourseAct, mayDo, partIn } from './policy.ts'
import { courseRecords, lessonRecords, type StoredCourse, type StoredLesson, touched, USUAL_COMPLETION } from './records.ts'

/** What is to be done, and what the actor asked for, where that is a part of the course: all are refused in the same words as where there is no such part. */
export type Wish = { to: CourseAct; named?: string }

/** A course the actor may do this with. To anybody else, one who helps with other things in it too, it is as if there were none. */
export const ownCourse = async (tables: Tables, actor: Actor, id: string, { to, named = 'course' }: Wish): Promise<Stored<StoredCourse>> => {
  const course = await courseRecords.get(tables, { id })
  if (!course || !(await mayDo(tables, actor, { id, teacherId: course.value.teacher.id }, to))) throw missing(named)
  return course
}

/** A lesson of a course the actor may do this with, and that course. */
export const ownLesson = async (
  tables: Tables,
  actor: Actor,
  id: string,
  { to, named = 'lesson' }: Wish,
): Promise<{ lesson: Stored<StoredLesson>; course: Stored<StoredCourse> }> => {
  const lesson = await lessonRecords.get(tables, { id })
  if (!lesson) throw missing(named)
  const course = await ownCourse(tables, actor, lesson.value.course, { to, named })
  // One that was taken out is put back before it is worked on.
  if (!course.value.sections.some(({ lessons }) => lessons.includes(id))) throw missing(named)
  return { lesson, course }
}

const MOST_COUNTED = 1000

/** How many people follow a course, for good or by what they pay for again and again; counting stops at a thousand. */
export const countLearners = async (tables: Tables, course: string): Promise<number> => {
  const { items } = await enrolmentRecords.listIndex(tables, `learners-of#${course}`, { limit: MOST_COUNTED })
  if (items.length === MOST_COUNTED) return MOST_COUNTED
  const people = new Set([...items.map(({ learner }) => learner), ...(await membersOf(tables, course))])
  return Math.min(people.size, MOST_COUNTED)
}

type Shown = Pick<World, 'tables' | 'clock' | 'repository'>

const outlineLesson = async (world: Shown, id: string): Promise<OutlineLesson> => {
  const lesson = await lessonRecords.get(world.tables, { id })
  if (!lesson) throw new Error(`The outline names ${id}, which is not stored.`)
  const { title, kind, isPreview, text, video, files } = lesson.value
  const hasFiles = files.length > 0
  const lacks = lackOf({ ...lesson.value, hasFiles })
  const own = { id, title, kind, isPreview, hasText: text.trim() !== '', hasFiles, ...(lacks && { lacks }) }
  return { ...own, ...(video && { video: await videoOf(world, video) }), ...keptIn(world, lesson.value) }
}

const titlesOf = async (tables: Tables, courses: readonly string[]): Promise<Course['requires']> => {
  const found = await Promise.all(courses.map((id) => courseRecords.get(tables, { id })))
  return found.flatMap((course) => (course ? [{ id: course.value.id, title: course.value.title }] : []))
}

/** The course as its teacher sees it. */
export const wholeCourse = async (world: Shown, course: StoredCourse): Promise<Course> => {
  const { createdAt: _, publishedAt: __, kept: ___, archivedAt, revision, publishedRevision, sections, isSequential = false, requires = [], ...rest } = course
  const [learners, required, ...filled] = await Promise.all([
    countLearners(world.tables, course.id),
    titlesOf(world.tables, requires),
    ...sections.map(async ({ lessons, ...section }) => ({ ...section, lessons: await Promise.all(lessons.map((lesson) => outlineLesson(world, lesson))) })),
  ])
  const hasUnpublishedChanges = course.status === 'draft' || publishedRevision !== revision
  return {
    ...rest,
    ...{ completion: course.completion ?? USUAL_COMPLETION, sales: course.sales ?? NOTHING_MORE, sections: filled, learners, hasUnpublishedChanges },
    ...{ isSequential, requires: required, isArchived: archivedAt !== undefined },
    ...keptIn(world, course),
  }
}

const NO_PART: Part = { as: 'assistant', rights: [], seesRevenue: false }

/** A course on the desk of somebody who has a part in it. */
export const summaryOf = async (tables: Tables, actor: Actor, course: StoredCourse): Promise<TaughtCourse> => {
  const { id, slug, title, summary, price, status, publishAt, archivedAt, updatedAt } = course
  const own = { id, slug, title, summary, price, status, updatedAt, isArchived: archivedAt !== undefined, ...(publishAt !== undefined && { publishAt }) }
  const [learners, part = NO_PART] = await Promise.all([countLearners(tables, id), partIn(tables, actor, { id, teacherId: course.teacher.id })])
  return { ...own, learners, part, teacher: course.teacher.name }
}

export const changedElsewhere = (): Refusal => new Refusal('conflict', 'The course was changed elsewhere in the meantime. Load it again.')

/** The same where learners would see no difference: when it is to be published, or that it was put away. */
export const saveAside = async (
  world: World,
  before: Stored<StoredCourse>,
  { course, changes = [], events = [] }: { course: Partial<StoredCourse> } & Partial<Writing>,
): Promise<Course> => {
  const after: StoredCourse = { ...before.value, ...course, updatedAt: world.clock.now().toISOString() }
  if ((await world.tables.commit([courseRecords.replace(before, after), ...changes], events)) === 'conflict') throw changedElsewhere()
  return wholeCourse(world, after)
}

/** One write of a course and what changes with it; a second writer in between is refused, not overwritten. */
export const saveCourse = async (
  world: World,
  before: Stored<StoredCourse>,
  { course, changes = [], events = [] }: { course: Partial<StoredCourse> } & Partial<Writing>,
): Promise<Course> => {
  const after = touched(world.clock, { ...before.value, ...course })
  const outcome = await world.tables.commit([courseRecords.replace(before, after), ...changes], events)
  if (outcome === 'conflict') throw changedElsewhere()
  return wholeCourse(world, after)
}
