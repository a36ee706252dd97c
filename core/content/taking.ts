import { courseRecords, type StoredCourse, slugRecords } from '#core/courses/records.ts'
import { all } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import type { TreeCourse } from './format/documents.ts'
import { readTree, treeOf, writeTree } from './format/tree.ts'
import { draftsOf } from './lessons-of.ts'

const courseNamed = async ({ tables }: World, name: string): Promise<StoredCourse> => {
  const held = name.startsWith('crs_') ? undefined : await slugRecords.get(tables, { slug: name })
  const course = await courseRecords.get(tables, { id: held?.value.course ?? name })
  if (!course) throw new Refusal('not-found', `There is no course “${name}”.`)
  return course.value
}

/**
 * Courses as they are in their drafts, as files have them; each named by slug or id.
 * @throws Refusal not-found, or conflict where files could not say all of it
 */
export const exported = async (world: World, names: readonly string[], folder: string): Promise<TreeCourse[]> => {
  const courses: TreeCourse[] = []
  for (const name of names) {
    const course = await courseNamed(world, name)
    const lessons = await draftsOf(world.tables, course)
    const teacher = await world.identity.find(course.teacher.id)
    courses.push(treeOf({ course, lessons, teacher: teacher?.email, currency: world.settings.currency, folder }))
  }
  // What cannot be read back is not handed out.
  const read = readTree(writeTree(courses), folder)
  if ('findings' in read) throw new Refusal('conflict', read.findings.map(({ path, says }) => `${path}: ${says}`).join('\n'))
  return courses
}

/** Slugs of all courses there are, whoever teaches them. */
export const allCourses = async ({ tables, identity }: Pick<World, 'tables' | 'identity'>): Promise<string[]> => {
  const people = await all((page) => identity.list({ ...(page !== undefined && { page }) }), 100_000)
  const slugs: string[] = []
  for (const { id } of people) {
    const own = await all((page) => courseRecords.listIndex(tables, `teacher#${id}`, { ...(page !== undefined && { page }) }))
    slugs.push(...own.map(({ slug }) => slug))
  }
  return slugs.toSorted()
}
