import type { PublishedLesson } from '#contract/catalogue.ts'
import type { Fact } from '#contract/grants.ts'
import type { Curriculum, CurriculumLesson, Enrolled } from '#contract/learning.ts'
import { Waiting } from '#contract/opening.ts'
import { wholeCourse } from '#core/courses/outline.ts'
import { mayDo } from '#core/courses/policy.ts'
import { courseRecords, publicationRecords, type StoredPublication } from '#core/courses/records.ts'
import { type Enrolment, enrolmentRecords } from '#core/enrolments/enrolments.ts'
import { decidedEach } from '#core/grants/access.ts'
import { type Decision, follows, isRunning, oneLedger } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import { coursesOf, membershipsOf } from '#core/memberships/records.ts'
import { all } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { progressIn } from './progress.ts'

/** Whether a lesson is open, and what somebody who has the course waits for where it is not. */
export const openness = (decision: Decision | undefined): Pick<CurriculumLesson, 'isOpen' | 'waits'> => {
  const because = Waiting.safeParse(decision?.because).data
  const opensAt = decision?.opensAt
  return { isOpen: decision?.isOpen ?? false, ...(because && { waits: { because, ...(opensAt !== undefined && { opensAt }) } }) }
}

const namesOf = async (tables: Tables, courses: readonly string[]): Promise<Curriculum['requires']> => {
  const found = await Promise.all(courses.map((id) => publicationRecords.get(tables, { id })))
  return found.flatMap((course) => (course ? [{ id: course.value.id, slug: course.value.slug, title: course.value.title }] : []))
}

const fromPublication = async (world: Pick<World, 'tables' | 'clock'>, actor: Actor | undefined, publication: StoredPublication): Promise<Curriculum> => {
  const { tables } = world
  const { stand, lacks, decisions } = await decidedEach(world, actor, publication)
  if (!publication.isListed && !follows(stand)) throw missing('course')
  const progress = new Map(actor ? (await progressIn(tables, actor.id, publication.id)).map((each) => [each.lesson, each]) : [])
  const sections = publication.sections.map(({ id, title, lessons }) => ({
    ...{ id, title },
    lessons: lessons.map((lesson) => ({
      ...lesson,
      ...openness(decisions.get(lesson.id)),
      isCompleted: progress.get(lesson.id)?.isCompleted ?? false,
      share: progress.get(lesson.id)?.share ?? 0,
    })),
  }))
  const { id, slug, title } = publication
  const isEnrolled = stand.rights.some(({ isRunning }) => isRunning)
  return { course: { id, slug, title }, isEnrolled, sections, ...(isEnrolled && lacks.length > 0 && { requires: await namesOf(tables, lacks) }) }
}

/** What the teacher of a course that was never published would see as a learner. */
const fromDraft = async (world: Pick<World, 'tables' | 'clock' | 'repository'>, actor: Actor | undefined, id: string): Promise<Curriculum> => {
  const course = await courseRecords.get(world.tables, { id })
  if (!course || !(await mayDo(world.tables, actor, { id, teacherId: course.value.teacher.id }, 'see'))) throw missing('course')
  const { slug, title, sections } = await wholeCourse(world, course.value)
  const shown = sections.map((section) => ({
    id: section.id,
    title: section.title,
    lessons: section.lessons.map(({ id: lesson, title: name, kind, isPreview, video }) => ({
      ...{ id: lesson, title: name, kind, isPreview, isOpen: true, isCompleted: false, share: 0 },
      ...(video?.durationSeconds !== undefined && { durationSeconds: video.durationSeconds }),
    })),
  }))
  return { course: { id, slug, title }, isEnrolled: false, sections: shown }
}

export const curriculumOf = async (world: Pick<World, 'tables' | 'clock' | 'repository'>, actor: Actor | undefined, course: string): Promise<Curriculum> => {
  const publication = await publicationRecords.get(world.tables, { id: course })
  return publication ? fromPublication(world, actor, publication.value) : fromDraft(world, actor, course)
}

type Begun = Pick<Enrolment, 'learner' | 'course' | 'since'>

const nextOf = ({ id, title, kind, durationSeconds }: PublishedLesson, positionSeconds = 0): Enrolled['next'] => ({
  ...{ lesson: id, title, kind, positionSeconds },
  ...(durationSeconds !== undefined && { durationSeconds }),
})

const enrolledIn = async (tables: Tables, { learner, course: id, since }: Begun): Promise<Enrolled[]> => {
  const publication = await publicationRecords.get(tables, { id })
  if (!publication) return []
  const { slug, title, summary, sections } = publication.value
  const lessons = sections.flatMap((section) => section.lessons)
  const progress = new Map((await progressIn(tables, learner, id)).map((each) => [each.lesson, each]))
  const completed = lessons.filter((lesson) => progress.get(lesson.id)?.isCompleted).length
  const begun = [...progress.values()].filter((each) => !each.isCompleted).sort((a, b) => (a.at < b.at ? 1 : -1))
  const next = lessons.find((lesson) => lesson.id === begun[0]?.lesson) ?? lessons.find((lesson) => !progress.get(lesson.id)?.isCompleted) ?? lessons[0]
  const lastAt = [...progress.values()]
    .map(({ at }) => at)
    .toSorted()
    .at(-1)
  return [
    {
      course: { id, slug, title, summary },
      since,
      lessons: lessons.length,
      completed,
      ...(lastAt !== undefined && { lastAt }),
      ...(next && { next: nextOf(next, progress.get(next.id)?.positionSeconds) }),
    },
  ]
}

/** Courses that somebody follows by a membership or a plan, since when, and the ledger of its right. */
const byMemberships = async (tables: Tables, learner: string): Promise<Enrolment[]> => {
  const memberships = await membershipsOf(tables, learner)
  const opened = await Promise.all(memberships.map(async (membership) => ({ membership, courses: await coursesOf(tables, membership) })))
  return opened.flatMap(({ membership: { startedAt, facts }, courses }) => courses.map((course) => ({ learner, course, since: startedAt, facts })))
}

/** What gives a learner each course they may follow now, the newest first. */
export const followedBy = async ({ tables, clock }: Pick<World, 'tables' | 'clock'>, learner: string): Promise<Enrolment[]> => {
  const at = clock.now().toISOString()
  const begun = await all((page) => enrolmentRecords.list(tables, `learner#${learner}`, { prefix: 'enrolment#', limit: 1000, ...(page && { page }) }))
  const factsOf = (course: string): readonly Fact[] => begun.find((each) => each.course === course)?.facts ?? []
  const own = begun.filter(({ facts }) => isRunning(facts, at))
  // One ledger of both: what the staff has ended stays ended, until something begins anew.
  const paid = (await byMemberships(tables, learner)).filter(({ course, facts }) => isRunning(oneLedger(factsOf(course), facts), at))
  const once = [...new Map([...paid, ...own].map((each) => [each.course, each])).values()]
  return once.sort((a, b) => (a.since < b.since ? 1 : -1))
}

/** How far a learner is in everything they may follow now, the newest first. */
export const allEnrolled = async (world: Pick<World, 'tables' | 'clock'>, learner: string): Promise<Enrolled[]> => {
  const found = await Promise.all((await followedBy(world, learner)).map((each) => enrolledIn(world.tables, each)))
  return found.flat()
}
