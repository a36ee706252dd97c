import { changedElsewhere } from '#core/courses/outline.ts'
import { publish, unpublish } from '#core/courses/publish.ts'
import { courseRecords, lessonRecords, type StoredCourse, slugRecords, touched } from '#core/courses/records.ts'
import { removeForGood } from '#core/courses/removal.ts'
import { event } from '#core/events.ts'
import { chunks, type Stored } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import { TABLE_LIMITS } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import type { BroughtLesson } from './bring-lesson.ts'
import type { Bringing } from './bring-plan.ts'

/** As many as fit into one commit, with their course, even when each is as large as an item may be. */
const LESSONS_A_COMMIT = Math.floor(TABLE_LIMITS.commitBytes / TABLE_LIMITS.itemBytes) - 1

const readAgain = async ({ tables }: World, id: string): Promise<Stored<StoredCourse>> => {
  const course = await courseRecords.get(tables, { id })
  if (!course) throw missing('course')
  return course
}

/** A new course has no lessons yet; one that is there has to be as it was when this was planned. */
const begin = async (world: World, { before, after }: Bringing): Promise<void> => {
  if (before) {
    const course = await readAgain(world, after.id)
    if (course.version !== before.version) throw changedElsewhere()
    return
  }
  const changes = [courseRecords.add({ ...after, sections: [] }), slugRecords.add({ slug: after.slug, course: after.id })]
  if ((await world.tables.commit(changes)) === 'conflict') throw changedElsewhere()
}

const removeLessons = async (world: World, { before, removed }: Bringing): Promise<void> => {
  const teacher = before && (await world.identity.find(before.value.teacher.id))
  for (const { id } of removed) {
    if (!teacher) throw missing('teacher')
    await removeForGood(world, teacher, id)
  }
}

const isFilesChanged = ({ before, after }: BroughtLesson): boolean => JSON.stringify(before?.value.files ?? []) !== JSON.stringify(after.files)

/** Lessons in as many commits as the limits ask; the outline never names one that is not there yet. */
const writeLessons = async (world: World, { after, lessons, isChanged }: Bringing, told: () => void): Promise<void> => {
  const groups = lessons.length > 0 ? chunks(lessons, LESSONS_A_COMMIT) : isChanged ? [[]] : []
  const pending = new Set(lessons.flatMap((lesson) => (lesson.before ? [] : [lesson.after.id])))
  for (const group of groups) {
    for (const lesson of group) pending.delete(lesson.after.id)
    const course = await readAgain(world, after.id)
    const { status, createdAt, publishedAt, publishedRevision, revision } = course.value
    const sections = after.sections.map((section) => ({ ...section, lessons: section.lessons.filter((id) => !pending.has(id)) }))
    const next = touched(world.clock, {
      ...{ ...after, sections, status, createdAt, revision },
      ...(publishedAt !== undefined && { publishedAt }),
      ...(publishedRevision !== undefined && { publishedRevision }),
    })
    const changes = group.map(({ before, after: lesson }) => (before ? lessonRecords.replace(before, lesson) : lessonRecords.add(lesson)))
    const events = group.some(isFilesChanged) ? [event(world, 'course.files-changed', { course: after.id })] : []
    if ((await world.tables.commit([courseRecords.replace(course, next), ...changes], events)) === 'conflict') throw changedElsewhere()
    told()
  }
}

/** Does what was planned. Cut short, some of it is done, and planning and bringing again does the rest. `told` hears of each step. */
export const bring = async (world: World, plan: Bringing, told: () => void = () => undefined): Promise<void> => {
  await begin(world, plan)
  await removeLessons(world, plan)
  await writeLessons(world, plan, told)
  const course = await readAgain(world, plan.after.id)
  if (plan.then === 'publish') await publish(world, course)
  if (plan.then === 'unpublish') await unpublish(world, course)
}
