import type { Course } from '#contract/courses.ts'
import { event } from '#core/events.ts'
import type { Actor, Timer } from '#core/handlers.ts'
import { DAY_MS, isBefore, plus } from '#core/moments.ts'
import type { Stored } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { refuseKeptCourse } from './kept.ts'
import { ownCourse, saveAside } from './outline.ts'
import { publish, unpublish } from './publish.ts'
import { courseRecords, publishingDueRecords, type StoredCourse } from './records.ts'

const FURTHEST_DAYS = 366

/** What takes a course off the clock's list. */
const offTheList = ({ id, publishAt }: StoredCourse): Change[] => (publishAt === undefined ? [] : [publishingDueRecords.remove({ at: publishAt, course: id })])

const unscheduled = ({ publishAt: _, publishFault: __, ...course }: StoredCourse): StoredCourse => course

/** Has a course published by the clock, or calls that off. */
export const schedule = async (world: World, actor: Actor, { course: id, publishAt }: { course: string; publishAt: string | null }): Promise<Course> => {
  const course = await ownCourse(world.tables, actor, id, { to: 'teach' })
  refuseKeptCourse(course.value)
  if (course.value.archivedAt !== undefined) throw new Refusal('conflict', 'Bring the course back before it is published.')
  const before = { value: unscheduled(course.value), version: course.version }
  if (publishAt === null) return saveAside(world, before, { course: {}, changes: offTheList(course.value) })
  const now = world.clock.now().toISOString()
  if (!isBefore(now, publishAt)) throw new Refusal('bad-input', 'That moment has passed already.')
  if (isBefore(plus(now, FURTHEST_DAYS * DAY_MS), publishAt)) throw new Refusal('bad-input', 'That is more than a year from now.')
  // Of equal length, so that the list is in the order of its moments.
  const at = new Date(publishAt).toISOString()
  const off = course.value.publishAt === at ? [] : offTheList(course.value)
  return saveAside(world, before, { course: { publishAt: at }, changes: [...off, publishingDueRecords.put({ at, course: id })] })
}

const refused = async (world: World, course: Stored<StoredCourse>, says: string): Promise<void> => {
  const { clock, tables } = world
  const { id, teacher } = course.value
  const after: StoredCourse = { ...unscheduled(course.value), publishFault: { at: clock.now().toISOString(), says } }
  const told = event(world, 'course.publish-refused', { course: id, teacher: teacher.id, says })
  // Changed at this very moment: the next look finds it as it is then.
  await tables.commit([courseRecords.replace(course, after), ...offTheList(course.value)], [told])
}

const publishDue = async (world: World, { at, course: id }: { at: string; course: string }): Promise<void> => {
  const { tables } = world
  const course = await courseRecords.get(tables, { id })
  if (course?.value.publishAt !== at) {
    await tables.commit([publishingDueRecords.remove({ at, course: id })])
    return
  }
  try {
    await publish(world, course)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Somebody is writing it at this moment; it is looked at again in a minute.
    if (error.code !== 'conflict') await refused(world, course, error.message)
  }
}

const MOST_A_RUN = 50

/** Publishes what is due. What cannot be published as it stands is told to its teacher, once, and keeps nothing else waiting. */
export const publishingClock: Timer = {
  name: 'courses.publish-due',
  everySeconds: 60,
  run: async (world) => {
    const { tables, clock, log } = world
    const now = clock.now().toISOString()
    const { items } = await publishingDueRecords.list(tables, 'publishing-due', { limit: MOST_A_RUN })
    for (const due of items.filter(({ at }) => !isBefore(now, at))) {
      await publishDue(world, due).catch((error: unknown) => log.error('a course could not be published by the clock', error, { course: due.course }))
    }
  },
}

/** Puts a course away, or brings it back as a draft. One that is in the catalogue leaves it; learners keep what they have. */
export const archive = async (world: World, actor: Actor, { course: id, isArchived }: { course: string; isArchived: boolean }): Promise<Course> => {
  const course = await ownCourse(world.tables, actor, id, { to: 'teach' })
  refuseKeptCourse(course.value)
  const { archivedAt: _, ...back } = unscheduled(course.value)
  const value: StoredCourse = isArchived ? { ...back, archivedAt: world.clock.now().toISOString() } : back
  const before = { value, version: course.version }
  const changes = offTheList(course.value)
  if (isArchived && value.status === 'published') return unpublish(world, before, { holds: [], changes, events: [] })
  return saveAside(world, before, { course: {}, changes })
}
