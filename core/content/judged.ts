import type { FileFinding } from '#contract/content.ts'
import { all } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import type { Known } from './course-of.ts'
import { type Head, readHead } from './head.ts'
import { type CoursePlan, lessonsOf } from './plan.ts'
import { findingsOf, planCourse, planGone } from './planning.ts'
import { contentCourseRecords, contentFileRecords, type StoredContentCourse } from './records.ts'

/** What is to be done for a commit, or why nothing is; `needsWord` where it is sound and somebody has to say that it is meant. */
export type Judged = { plans: CoursePlan[]; kept: number } | { findings: FileFinding[]; needsWord: boolean }

const MOST_PAGES = 50_000

const knownOf = async ({ tables }: World): Promise<Known> => ({
  courses: await all((page) => contentCourseRecords.list(tables, 'content-courses', { limit: 1000, ...(page !== undefined && { page }) }), MOST_PAGES),
  files: await all((page) => contentFileRecords.list(tables, 'content-files', { limit: 1000, ...(page !== undefined && { page }) }), MOST_PAGES),
})

/** A course is in one folder. */
const coursesTwice = (plans: readonly CoursePlan[], { known, head }: { known: Known; head: Head }, tell: (path: string, says: string) => void): void => {
  const elsewhere = new Map(known.courses.filter((each) => !head.gone.includes(each)).map(({ course, folder }) => [course, folder]))
  for (const { id, folder } of plans) {
    const other = elsewhere.get(id)
    if (other !== undefined && other !== folder) tell(folder, `This is the course that ${other} is: a course has one folder.`)
    elsewhere.set(id, folder)
  }
}

/** Fewer may go without a word. */
const FEW = 10

const tooMuch = (plans: readonly CoursePlan[], kept: number): FileFinding[] => {
  const going = plans.flatMap(({ gone }) => gone)
  if (kept <= FEW || going.length <= kept / 2) return []
  return [
    {
      path: going[0]?.path ?? '',
      says: `This would remove ${going.length} of ${kept} lessons at once. If it is meant, an admin of the school can have it applied all the same.`,
    },
  ]
}

const lessonsAfter = (plans: readonly CoursePlan[], { files }: Known): number => {
  const planned = new Set(plans.map(({ id }) => id))
  const others = files.filter((file) => file.lesson !== undefined && !file.isReleased && !planned.has(file.course))
  return others.length + plans.flatMap(lessonsOf).length
}

/** Judges a commit as a whole: every file of it that is not as it was applied, against the school as it is. Nothing is changed. */
export const judge = async (world: World, commit: string, { anyway, mostNew }: { anyway?: string | undefined; mostNew?: number }): Promise<Judged> => {
  const known = await knownOf(world)
  const head = await readHead(world, commit, { ...known, ...(mostNew !== undefined && { mostNew }) })
  if ('findings' in head) return { findings: head.findings, needsWord: false }
  const { findings, tell } = findingsOf()
  const plans: CoursePlan[] = []
  for (const tree of head.courses) plans.push(...[await planCourse(world, tree, { head, known, tell })].filter((plan) => plan !== undefined))
  const claimed = new Set(plans.map(({ id }) => id))
  const going: StoredContentCourse[] = findings.length > 0 ? [] : head.gone.filter(({ course }) => !claimed.has(course))
  for (const gone of going) plans.push(await planGone(world, gone, { head, known, tell }))
  coursesTwice(plans, { known, head }, tell)
  if (findings.length > 0) return { findings, needsWord: false }
  const much = anyway === commit ? [] : tooMuch(plans, known.files.filter(({ lesson, isReleased }) => lesson !== undefined && !isReleased).length)
  return much.length > 0 ? { findings: much, needsWord: true } : { plans, kept: lessonsAfter(plans, known) }
}
