import type { CalendarEntry } from '#contract/calendar.ts'
import { publicationRecords, publishedLessonRecords, type StoredLesson, type StoredPublication } from '#core/courses/records.ts'
import { decidedEach } from '#core/grants/access.ts'
import type { Decision } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import { taughtBy } from '#core/helpers/taught.ts'
import { followedBy } from '#core/learning/curriculum.ts'
import { progressRecords } from '#core/learning/progress.ts'
import { chunks } from '#core/records.ts'
import type { World } from '#ports/world.ts'

const MOST_COURSES = 100
const MOST_LESSONS = 400
const AT_ONCE = 25

type Place = Pick<World, 'tables' | 'clock'>

/** Courses somebody follows, the newest first, and then those they teach or help with. */
const coursesOf = async (world: Place, actor: Actor): Promise<StoredPublication[]> => {
  const [followed, taught] = await Promise.all([followedBy(world, actor.id), taughtBy(world.tables, actor.id)])
  const ids = [...new Set([...followed.map(({ course }) => course), ...taught.map(({ id }) => id)])].slice(0, MOST_COURSES)
  const found = await Promise.all(ids.map((id) => publicationRecords.get(world.tables, { id })))
  return found.flatMap((course) => (course && !course.value.isClosed ? [course.value] : []))
}

const hasTime = (kind: StoredLesson['kind']): boolean => kind === 'live' || kind === 'assignment'

type Dated = { course: StoredPublication; lesson: StoredLesson; decision: Decision | undefined }

/** What a lesson has in the calendar, if anything. */
const momentOf = ({ live, assignment, kind }: StoredLesson): Pick<CalendarEntry, 'kind' | 'at' | 'minutes'> | undefined => {
  if (kind === 'live' && live) return { kind: 'session', at: live.startsAt, minutes: live.minutes }
  return kind === 'assignment' && assignment?.dueAt !== undefined ? { kind: 'due', at: assignment.dueAt } : undefined
}

const entryOf = async ({ tables }: Place, actor: Actor, { course, lesson, decision }: Dated): Promise<CalendarEntry[]> => {
  const moment = momentOf(lesson)
  if (!moment) return []
  const isMine = decision?.because === 'teaches' || course.teacherId === actor.id
  const progress = await progressRecords.get(tables, { learner: actor.id, course: course.id, lesson: lesson.id })
  return [
    {
      ...{ ...moment, title: lesson.title, course: { id: course.id, title: course.title }, isMine },
      ...(decision?.isOpen && { lesson: lesson.id }),
      isDone: progress?.value.isCompleted ?? false,
    },
  ]
}

/** Sections that open by themselves, each once. */
const openings = ({ id, title, sections }: StoredPublication, decisions: ReadonlyMap<string, Decision>): CalendarEntry[] =>
  sections.flatMap((section) => {
    const at = section.lessons.map((lesson) => decisions.get(lesson.id)?.opensAt).find((moment) => moment !== undefined)
    return at === undefined ? [] : [{ kind: 'opening' as const, at, title: section.title, course: { id, title }, isDone: false, isMine: false }]
  })

/** Everything that has a time in the courses of a person, in order. Past a few hundred lessons, those of the newest courses. */
export const entriesOf = async (world: Place, actor: Actor): Promise<CalendarEntry[]> => {
  const courses = await coursesOf(world, actor)
  const decided = await Promise.all(courses.map(async (course) => ({ course, ...(await decidedEach(world, actor, course)) })))
  const wanted = decided.flatMap(({ course, decisions }) =>
    course.sections.flatMap(({ lessons }) => lessons.filter(({ kind }) => hasTime(kind)).map(({ id }) => ({ course, id, decision: decisions.get(id) }))),
  )
  const entries = decided.flatMap(({ course, decisions }) => openings(course, decisions))
  for (const some of chunks(wanted.slice(0, MOST_LESSONS), AT_ONCE)) {
    const found = await Promise.all(
      some.map(async ({ course, id, decision }) => {
        const lesson = await publishedLessonRecords.get(world.tables, { id })
        return lesson ? entryOf(world, actor, { course, lesson: lesson.value, decision }) : []
      }),
    )
    entries.push(...found.flat())
  }
  return entries.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
}
