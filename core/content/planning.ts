import type { FileFinding } from '#contract/content.ts'
import { MOST_LESSONS, MOST_SECTIONS } from '#core/courses/limits.ts'
import { courseRecords, publicationRecords, type StoredCourse } from '#core/courses/records.ts'
import { all, type Stored } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { type CourseFound, courseOf, type Known } from './course-of.ts'
import { checkPrices, checkRequirements, teacherSaid } from './course-said.ts'
import type { TreeCourse } from './format/documents.ts'
import { folderOfCourse, type Head } from './head.ts'
import { allFiles, type Claim, claimsOf, draftsOf, type Former, type Tell } from './lessons-of.ts'
import { outlineWith } from './outline.ts'
import { type CoursePlan, isFileChanged, lessonsOf, type PlannedLesson, willBeShown } from './plan.ts'
import { contentCourseRecords, contentGoneRecords, type StoredContentCourse, type StoredContentFile } from './records.ts'
import { sectionsOf } from './sections-of.ts'
import { checkReady, wantedLesson } from './wanted.ts'

type Planning = { head: Head; known: Known; tell: Tell }

const whatBecomes = ({ id, path, blob, record, before }: Claim, drafts: Former['drafts']): PlannedLesson['what'] => {
  if (!before || !drafts.has(id)) return 'created'
  if (record && record.path !== path && record.blob === blob) return 'moved'
  return record?.path === path && record.blob === blob && before.kept?.path === path && before.kept.blob === blob ? undefined : 'changed'
}

const NOBODY = { id: '', name: '' }

const fileOf = async (
  world: World,
  tree: TreeCourse,
  { course, id, head, tell }: { course: StoredCourse | undefined; id: string } & Planning,
): Promise<CoursePlan['file']> => {
  const { path, course: document } = tree
  if (!document) return undefined
  await checkPrices(world, { path, document }, tell)
  await checkRequirements(world, { path, document, id }, tell)
  const teacher = (await teacherSaid(world, { path, document, course }, tell)) ?? NOBODY
  return { path, blob: head.blobs.get(path) ?? '', document, teacher }
}

/** What is wrong with a plan as a whole. */
const checkPlan = async (world: World, plan: CoursePlan, { drafts, tell }: { drafts: Former['drafts']; tell: Tell }): Promise<void> => {
  const where = plan.file?.path ?? plan.folder
  const lessons = lessonsOf(plan)
  const stored = new Set([...drafts.keys(), ...lessons.map(({ lesson }) => lesson.id)])
  const outline = outlineWith(plan.course?.value.sections ?? [], { ...plan, stored })
  if (outline.length > MOST_SECTIONS) tell(where, `A course holds at most ${MOST_SECTIONS} sections; with these there are ${outline.length}.`)
  const count = outline.flatMap((section) => section.lessons).length
  if (count > MOST_LESSONS) tell(where, `A course holds at most ${MOST_LESSONS} lessons; with these there are ${count}.`)
  if (!willBeShown(plan, isFileChanged(plan))) return
  // Publishing for the first time, or again, takes in all there is.
  const isWhole = plan.course?.value.status !== 'published' && isFileChanged(plan) && plan.file?.document.isPublished === true
  for (const { lesson, path, what } of lessons) if (what || isWhole) await checkReady(world, lesson, (says) => tell(path, says))
  const own = new Set(lessons.map(({ lesson }) => lesson.id))
  const others = !isWhole ? [] : [...drafts.values()].filter(({ id }) => !own.has(id))
  for (const lesson of others) await checkReady(world, lesson, (says) => tell(where, says))
}

const formerOf = async ({ tables }: World, { course, id }: { course: Stored<StoredCourse> | undefined; id: string }, { files }: Known): Promise<Former> => {
  const gone = await all((page) => contentGoneRecords.list(tables, 'content-gone', { limit: 1000, ...(page !== undefined && { page }) }), 20_000)
  return {
    drafts: await draftsOf(tables, course?.value),
    files: files.filter((file) => file.course === id && file.lesson !== undefined),
    gone: gone.filter((each) => each.course === id),
  }
}

const isShown = async ({ tables }: World, id: string): Promise<boolean> => (await publicationRecords.get(tables, { id })) !== undefined

const fingerprintOf = ({ folders }: Head, folder: string): string => folders.find((each) => each.folder === folder)?.fingerprint ?? ''

type Sorted = Pick<CoursePlan, 'gone' | 'released' | 'dropped'>

/** What becomes of files that were there: those that lie elsewhere now or count no more, and lessons that have none any more. */
const sortedFiles = (former: Former, { known, blobs, id }: { known: Known; blobs: Head['blobs']; id: string }, claims: readonly Claim[]): Sorted => {
  const releasedLessons = new Set(former.files.flatMap(({ lesson, isReleased }) => (isReleased && lesson !== undefined ? [lesson] : [])))
  const claimed = new Set(claims.map((claim) => claim.id))
  const there = new Set([...claims.map(({ path }) => path), ...blobs.keys()])
  return {
    released: claims
      .filter((claim) => releasedLessons.has(claim.id))
      .map(({ path, blob, id: lesson }) => ({ path, blob, course: id, lesson, isReleased: true })),
    gone: allFiles(former).filter(({ lesson, isReleased }) => lesson !== undefined && !isReleased && !claimed.has(lesson)),
    dropped: known.files.filter((file: StoredContentFile) => file.course === id && !there.has(file.path)).map(({ path }) => path),
  }
}

/** What one folder of the head makes of its course. What is wrong is told, and the plan is of no use then. */
export const planCourse = async (world: World, tree: TreeCourse, planning: Planning): Promise<CoursePlan | undefined> => {
  const { head, known, tell } = planning
  const found: CourseFound = await courseOf(world, tree, head, known)
  if ('says' in found) {
    tell(tree.course ? tree.path : folderOfCourse(tree), found.says)
    return undefined
  }
  const { course, id } = found
  const record = await contentCourseRecords.get(world.tables, { course: id })
  const former = await formerOf(world, found, known)
  const claims = await claimsOf(world, tree, { course: id, former, blobs: head.blobs, tell })
  const sorted = sortedFiles(former, { known, blobs: head.blobs, id }, claims)
  const released = new Set(sorted.released.map(({ path }) => path))
  const planned = new Map<string, PlannedLesson>()
  for (const claim of claims.filter(({ path }) => !released.has(path))) {
    const what = whatBecomes(claim, former.drafts)
    const lesson = what || !claim.before ? await wantedLesson(world, claim, { course: id, kept: { path: claim.path, blob: claim.blob }, tell }) : claim.before
    planned.set(claim.path, { path: claim.path, blob: claim.blob, lesson, ...(what && { what }) })
  }
  const plan: CoursePlan = {
    ...{
      commit: head.commit,
      folder: folderOfCourse(tree),
      fingerprint: fingerprintOf(head, folderOfCourse(tree)),
      course,
      id,
      slug: tree.slug,
      record,
      isShown: await isShown(world, id),
      leaves: false,
    },
    file: await fileOf(world, tree, { course: course?.value, id, ...planning }),
    sections: sectionsOf(world, tree, { course: course?.value, record: record?.value }).map((section) => ({
      ...{ folder: section.folder, id: section.id, title: section.title, opens: section.opens, isMade: section.isMade },
      lessons: section.lessons.flatMap(({ path }) => planned.get(path) ?? []),
    })),
    ...sorted,
  }
  await checkPlan(world, plan, { drafts: former.drafts, tell })
  return plan
}

/** What becomes of a course whose folder is gone: one that had its own file there goes with it, any other loses the lessons of the folder. */
export const planGone = async (world: World, { folder, course: id }: StoredContentCourse, { head, known }: Planning): Promise<CoursePlan> => {
  const course = await courseRecords.get(world.tables, { id })
  const record = await contentCourseRecords.get(world.tables, { course: id })
  const former = await formerOf(world, { course, id }, known)
  const own = known.files.filter((file) => file.course === id)
  const gone = allFiles(former).filter(({ isReleased }) => !isReleased)
  const slug = course?.value.slug ?? ''
  const leaves = course === undefined || course.value.kept !== undefined
  return {
    ...{
      commit: head.commit,
      folder,
      fingerprint: '',
      course,
      id,
      slug,
      record,
      isShown: await isShown(world, id),
      file: undefined,
      sections: [],
      gone,
      leaves,
    },
    released: [],
    dropped: own.map(({ path }) => path),
  }
}

/** What is wrong, told of as it is found. */
export const findingsOf = (): { tell: Tell; findings: FileFinding[] } => {
  const findings: FileFinding[] = []
  return { findings, tell: (path, says) => void findings.push({ path, says }) }
}
