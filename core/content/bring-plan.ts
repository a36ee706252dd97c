import type { FileFinding } from '#contract/content.ts'
import { refuseKeptCourse, refuseMovedKept } from '#core/courses/kept.ts'
import { courseRecords, lessonRecords, type StoredCourse, type StoredLesson, slugRecords } from '#core/courses/records.ts'
import type { Stored } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { type BroughtLesson, isSameLesson, lessonAfter } from './bring-lesson.ts'
import { asSaid, checkPrices, checkRequirements, teacherSaid } from './course-said.ts'
import { writeCourse } from './format/course.ts'
import type { CourseDocument, TreeCourse, TreeSection } from './format/documents.ts'
import { isFolderOf } from './format/names.ts'
import { courseDocument } from './format/stored.ts'
import { storedDrafts, type Tell } from './lessons-of.ts'
import { checkReady, findingOf } from './wanted.ts'

/** What bringing one folder will write. */
export type Bringing = {
  slug: string
  path: string
  before: Stored<StoredCourse> | undefined
  /** Without lessons that are to be removed. */
  after: StoredCourse
  /** Those that are new or changed. */
  lessons: BroughtLesson[]
  removed: StoredLesson[]
  isChanged: boolean
  then: 'publish' | 'unpublish' | 'leave'
}

const found = async ({ tables }: World, { slug, path, course }: TreeCourse, tell: Tell): Promise<Stored<StoredCourse> | undefined> => {
  const byId = course?.id === undefined ? undefined : await courseRecords.get(tables, { id: course.id })
  const holder = await slugRecords.get(tables, { slug })
  const bySlug = holder && (await courseRecords.get(tables, { id: holder.value.course }))
  if (byId && byId.value.slug !== slug) tell(path, `In the school this course is at ${byId.value.slug}: call its folder so.`)
  if (!byId && bySlug && course?.id !== undefined) tell(path, `The school has another course at ${slug}, ${bySlug.value.id}: give that id to change it.`)
  if (holder && !bySlug) tell(path, `${slug} was a course’s that has been removed, and is given to no other.`)
  if (!course && !bySlug) tell(path, `The school has no course at ${slug}; to make one, say here what it is.`)
  return byId ?? bySlug
}

/** Who teaches it: whoever does already, where the folder says nothing of the course. */
const teacherBy = async (world: World, { path, course: document }: TreeCourse, course: StoredCourse | undefined, tell: Tell) =>
  document ? teacherSaid(world, { path, document, course }, tell) : course?.teacher

const sectionIn = (sections: StoredCourse['sections'], { id, folder, title }: TreeSection): StoredCourse['sections'][number] | undefined =>
  sections.find((each) => (id === undefined ? each.title === title : each.id === id)) ??
  (id === undefined ? sections.find((each) => isFolderOf(folder, each.title)) : undefined)

const broughtLessons = async (world: World, id: string, { sections }: TreeCourse, { drafts, tell }: { drafts: Stored<StoredLesson>[]; tell: Tell }) => {
  const left = new Map(drafts.map((draft) => [draft.value.id, draft]))
  const named = new Set(sections.flatMap(({ lessons }) => lessons.flatMap(({ document }) => document.id ?? [])))
  const bySection: BroughtLesson[][] = []
  for (const { lessons } of sections) {
    const brought: BroughtLesson[] = []
    for (const lesson of lessons) {
      // One without an id is known by its title, so that a folder brought twice makes no lesson twice.
      const alike = [...left.values()].find(({ value }) => value.title === lesson.document.title && !named.has(value.id))
      const before = lesson.document.id === undefined ? alike : await lessonRecords.get(world.tables, { id: lesson.document.id })
      if (before) left.delete(before.value.id)
      brought.push(await lessonAfter(world, id, { ...lesson, before }, tell))
    }
    bySection.push(brought)
  }
  return { bySection, left: [...left.values()].map(({ value }) => value) }
}

type Outline = StoredCourse['sections']

/** Of a course that is described here, the outline is what is here; else lessons join the one there is. */
const outlineOf = (world: World, tree: TreeCourse, { before, bySection }: { before: Outline; bySection: BroughtLesson[][] }): Outline => {
  const brought = tree.sections.map((section, index) => {
    const there = sectionIn(before, section)
    const lessons = (bySection[index] ?? []).map(({ after }) => after.id)
    const { title, opens } = tree.course || !there ? section : there
    return { id: there?.id ?? section.id ?? world.ids.make('sec'), title, ...(opens && { opens }), lessons }
  })
  if (tree.course) return brought
  const fresh = (ids: string[]): string[] => ids.filter((id) => !before.some(({ lessons }) => lessons.includes(id)))
  const joined = before.map((section) => ({ ...section, lessons: [...section.lessons, ...fresh(brought.find(({ id }) => id === section.id)?.lessons ?? [])] }))
  return [
    ...joined,
    ...brought.filter(({ id }) => !before.some((section) => section.id === id)).map((section) => ({ ...section, lessons: fresh(section.lessons) })),
  ]
}

const thenOf = (course: CourseDocument | undefined, before: StoredCourse | undefined, isChanged: boolean): Bringing['then'] => {
  if (!course) return 'leave'
  if (course.isPublished) return isChanged || before?.status !== 'published' ? 'publish' : 'leave'
  return before?.status === 'published' ? 'unpublish' : 'leave'
}

const readinessTold = async (world: World, { path }: TreeCourse, lessons: readonly BroughtLesson[], tell: Tell): Promise<void> => {
  if (lessons.length === 0) tell(path, 'A course without lessons cannot be published: say “published: false”.')
  for (const { path: at, after } of lessons) await checkReady(world, after, (says) => tell(at, `${says} Until then the course says “published: false”.`))
}

const emptyCourse = ({ clock, ids, settings }: World, { slug, course }: TreeCourse, teacher: StoredCourse['teacher']): StoredCourse => {
  const at = clock.now().toISOString()
  return {
    ...{ id: course?.id ?? ids.make('crs'), slug, title: '', summary: '', description: '', outcomes: [], otherPrices: [], sections: [], teacher },
    ...{ price: { amountMinor: 0, currency: settings.currency }, status: 'draft', createdAt: at, updatedAt: at, revision: 1 },
  }
}

const isSameCourse = (one: StoredCourse, other: StoredCourse): boolean => {
  const words = (course: StoredCourse) =>
    writeCourse(courseDocument({ course, lessons: new Map(), currency: '', folder: '', teacher: undefined })) +
    JSON.stringify(course.sections) +
    course.teacher.id
  return words({ ...one, status: other.status }) === words(other)
}

/** The next commit of the repository would take back what is changed of it here. */
const keptTold = async (
  before: StoredCourse,
  after: StoredCourse,
  { path, drafts, tell }: { path: string; drafts: readonly Stored<StoredLesson>[]; tell: Tell },
): Promise<void> => {
  const kept = new Set(drafts.flatMap(({ value }) => (value.kept ? [value.id] : [])))
  const says = await findingOf(() => {
    if (!isSameCourse(before, after)) refuseKeptCourse(before)
    refuseMovedKept(before, after.sections, kept)
  })
  if (says !== undefined) tell(path, says)
}

const planOne = async (world: World, tree: TreeCourse, tell: Tell): Promise<Bringing | undefined> => {
  const before = await found(world, tree, tell)
  if (!before && !tree.course) return undefined
  const teacher = await teacherBy(world, tree, before?.value, tell)
  if (!teacher) return undefined
  const base = { ...(before?.value ?? emptyCourse(world, tree, teacher)), teacher }
  const drafts = await storedDrafts(world.tables, before?.value)
  const { bySection, left } = await broughtLessons(world, base.id, tree, { drafts, tell })
  const after = { ...(tree.course ? asSaid(world, base, tree.course) : base), sections: outlineOf(world, tree, { before: base.sections, bySection }) }
  if (tree.course) await checkPrices(world, { path: tree.path, document: tree.course }, tell)
  if (tree.course) await checkRequirements(world, { path: tree.path, document: tree.course, id: base.id }, tell)
  const removed = tree.course ? left : []
  for (const { title, kept } of removed) if (kept) tell(tree.path, `“${title}” is kept in the school’s repository and is not here: remove it there.`)
  if (before) await keptTold(before.value, after, { path: tree.path, drafts, tell })
  const lessons = bySection.flat().filter((lesson) => !lesson.before || !isSameLesson(lesson.before.value, lesson.after))
  const isChanged = !before || lessons.length > 0 || removed.length > 0 || !isSameCourse(before.value, after)
  const then = thenOf(tree.course, before?.value, isChanged)
  if (then === 'publish') await readinessTold(world, tree, bySection.flat(), tell)
  return { slug: tree.slug, path: tree.path, before, after, lessons, removed, isChanged, then }
}

/** What bringing these courses would write; or all that is in its way, and then nothing is to be written. */
export const planBringing = async (world: World, courses: readonly TreeCourse[]): Promise<{ plans: Bringing[] } | { findings: FileFinding[] }> => {
  const findings: FileFinding[] = []
  const plans: Bringing[] = []
  for (const tree of courses) {
    const plan = await planOne(world, tree, (path, says) => void findings.push({ path, says }))
    if (plan) plans.push(plan)
  }
  return findings.length > 0 ? { findings } : { plans }
}
