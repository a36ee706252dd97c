import { type Beside, publish, unpublish } from '#core/courses/publish.ts'
import { publishLessons } from '#core/courses/publish-some.ts'
import { courseRecords } from '#core/courses/records.ts'
import { event } from '#core/events.ts'
import { chunks } from '#core/records.ts'
import type { Change, Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { AppliedElsewhere, type Ground } from './ground.ts'
import { type CoursePlan, lessonsOf } from './plan.ts'
import { contentCourseRecords, type LessonChange } from './records.ts'

/** As many as an event holds: it has to fit into a message of a bus, 256 KB. */
const CHANGES_AN_EVENT = 200

export const appliedEvents = (world: World, commit: string, changes: readonly LessonChange[]): Event[] =>
  chunks(changes, CHANGES_AN_EVENT).map((some) => event(world, 'content.applied', { commit, changes: some }))

/** Nothing of the folder is left: nothing is remembered of it either. */
const remembered = (plan: CoursePlan, { record }: Ground): Change => {
  const { pending: _, ...rest } = record.value
  if (plan.fingerprint === '') return contentCourseRecords.remove({ course: plan.id }, record)
  return contentCourseRecords.replace(record, { ...rest, fingerprint: plan.fingerprint })
}

const alone = async ({ tables }: World, { holds, changes, events }: Beside, course: Change): Promise<void> => {
  if ((await tables.commit([course, ...holds, ...changes], [...events])) === 'conflict') throw new AppliedElsewhere()
}

/** Out of the catalogue, and the school's again. Whoever has enrolled keeps it. */
const leave = async (world: World, { course }: Ground, beside: Beside): Promise<void> => {
  const { kept: _, ...value } = course.value
  if (value.status === 'published') await unpublish(world, { value, version: course.version }, beside)
  else await alone(world, beside, courseRecords.replace(course, value))
}

const idsOf = (changes: readonly LessonChange[], isGone: boolean): Set<string> =>
  new Set(changes.flatMap(({ what, lesson }) => ((what === 'removed') === isGone ? [lesson] : [])))

const publishHere = async (world: World, plan: CoursePlan, { course, record }: Ground, beside: Beside): Promise<void> => {
  const { pending } = record.value
  const [changes, isCourseChanged] = [pending?.changes ?? [], pending?.isCourseChanged ?? false]
  const isListed = course.value.status === 'published'
  const document = plan.file?.document
  const lessons = course.value.sections.flatMap((section) => section.lessons)
  if (isCourseChanged && document && !document.isPublished && isListed) await unpublish(world, course, beside)
  else if (isCourseChanged && document?.isPublished && !isListed && lessons.length > 0) await publish(world, course, beside)
  else if (plan.isShown && (changes.length > 0 || isCourseChanged)) {
    const isAllThereIs = pending?.isClean === true && pending.revision === course.value.revision
    const kept = new Set(lessonsOf(plan).map(({ lesson }) => lesson.id))
    const some = { shown: idsOf(changes, false), gone: idsOf(changes, true), kept, isCourse: plan.file !== undefined, isAllThereIs }
    await publishLessons(world, course, some, beside)
  } else await alone(world, beside, courseRecords.holds(course))
}

/** The last step: learners see it, it is told, and nothing waits any more; all in one commit after the lessons themselves. */
export const show = async (world: World, plan: CoursePlan, ground: Ground, holds: readonly Change[]): Promise<void> => {
  const events = appliedEvents(world, plan.commit, ground.record.value.pending?.changes ?? [])
  const beside = { holds, changes: [remembered(plan, ground)], events }
  if (plan.leaves) await leave(world, ground, beside)
  else await publishHere(world, plan, ground, beside)
}
