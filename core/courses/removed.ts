import type { Course } from '#contract/courses.ts'
import type { RemovedLesson } from '#contract/removed-lesson.ts'
import type { Actor, Timer } from '#core/handlers.ts'
import { DAY_MS, isBefore, plus } from '#core/moments.ts'
import { all } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { refuseKeptLesson } from './kept.ts'
import { MOST_LESSONS } from './limits.ts'
import { ownCourse, ownLesson, saveCourse, wholeCourse } from './outline.ts'
import { courseRecords, lessonRecords, REMOVED_KEPT_DAYS, removedLessonRecords, type StoredCourse } from './records.ts'
import { removeForGood, unguardedDraftRemoval } from './removal.ts'

type Sections = StoredCourse['sections']

const placeOf = (sections: Sections, lesson: string): { section: string; place: number } => {
  const found = sections.find(({ lessons }) => lessons.includes(lesson))
  return { section: found?.id ?? '', place: found?.lessons.indexOf(lesson) ?? 0 }
}

/** Out of the course, from where it can be put back for a while. Learners keep it until the course is published again. */
const takeOut = async (world: World, actor: Actor, id: string): Promise<Course> => {
  const { course, lesson } = await ownLesson(world.tables, actor, id, { to: 'edit' })
  refuseKeptLesson(lesson.value)
  const { title, kind } = lesson.value
  const of = placeOf(course.value.sections, id)
  const sections = course.value.sections.map((section) => ({ ...section, lessons: section.lessons.filter((each) => each !== id) }))
  const removed = removedLessonRecords.put({ course: course.value.id, lesson: id, title, kind, ...of, at: world.clock.now().toISOString() })
  return saveCourse(world, course, { course: { sections }, changes: [lessonRecords.holds(lesson), removed] })
}

export const removeLesson = (world: World, actor: Actor, { lesson, isForGood }: { lesson: string; isForGood?: boolean | undefined }): Promise<Course> =>
  isForGood ? removeForGood(world, actor, lesson) : takeOut(world, actor, lesson)

export const removedFrom = (tables: Tables, course: string) =>
  all((page) => removedLessonRecords.list(tables, `course#${course}`, { prefix: 'removed#', limit: 1000, ...(page !== undefined && { page }) }), 20_000)

const MOST_SHOWN = 100

export const removedLessons = async ({ tables }: World, actor: Actor, { course: id }: { course: string }): Promise<{ lessons: RemovedLesson[] }> => {
  const course = await ownCourse(tables, actor, id, { to: 'edit' })
  const found = await removedFrom(tables, course.value.id)
  const newest = found.toSorted((one, other) => (isBefore(one.at, other.at) ? 1 : -1)).slice(0, MOST_SHOWN)
  return { lessons: newest.map(({ lesson, title, kind, at }) => ({ id: lesson, title, kind, at, until: plus(at, REMOVED_KEPT_DAYS * DAY_MS) })) }
}

/** A lesson at its place of a section; where that has gone meanwhile, at the end of the last. */
const putBack = (sections: Sections, lesson: string, { section, place }: { section: string; place: number }): Sections | undefined => {
  const into = sections.find(({ id }) => id === section) ?? sections.at(-1)
  if (!into) return undefined
  const at = into.id === section ? place : into.lessons.length
  return sections.map((each) => (each === into ? { ...each, lessons: each.lessons.toSpliced(at, 0, lesson) } : each))
}

export const restoreLesson = async (world: World, actor: Actor, { lesson: id }: { lesson: string }): Promise<Course> => {
  const { tables, ids } = world
  const lesson = await lessonRecords.get(tables, { id })
  if (!lesson) throw missing('lesson')
  const course = await ownCourse(tables, actor, lesson.value.course, { to: 'edit', named: 'lesson' })
  const removed = await removedLessonRecords.get(tables, { course: course.value.id, lesson: id })
  if (!removed) throw missing('lesson')
  if (course.value.sections.some(({ lessons }) => lessons.includes(id))) return wholeCourse(world, course.value)
  if (course.value.sections.flatMap(({ lessons }) => lessons).length >= MOST_LESSONS)
    throw new Refusal('too-many', `A course holds at most ${MOST_LESSONS} lessons.`)
  const sections = putBack(course.value.sections, id, removed.value) ?? [{ id: ids.make('sec'), title: lesson.value.title, lessons: [id] }]
  return saveCourse(world, course, { course: { sections }, changes: [lessonRecords.holds(lesson), removedLessonRecords.remove(removed.value, removed)] })
}

const MOST_A_RUN = 100

/** What was taken out long ago goes, with its video and files. One that has been put back meanwhile is left alone. */
export const sweepRemoved: Timer = {
  name: 'courses.sweep-removed',
  everySeconds: 3600,
  run: async (world) => {
    const { tables, clock } = world
    const { items } = await removedLessonRecords.listIndex(tables, 'removed-lessons', { limit: MOST_A_RUN })
    for (const { course, lesson, at } of items) {
      if (isBefore(clock.now().toISOString(), plus(at, REMOVED_KEPT_DAYS * DAY_MS))) return
      const removed = await removedLessonRecords.get(tables, { course, lesson })
      if (removed?.value.at !== at) continue
      // A bringing back that was cut short may have left the record of a lesson that stands in the course.
      const isBack = (await courseRecords.get(tables, { id: course }))?.value.sections.some(({ lessons }) => lessons.includes(lesson))
      const { changes, events } = isBack ? { changes: [], events: [] } : await unguardedDraftRemoval(world, lesson)
      await tables.commit([removedLessonRecords.remove({ course, lesson }, removed), ...changes], events)
    }
  },
}
