import { hasRole } from '#contract/roles.ts'
import { courseRecords, type StoredCourse, slugRecords } from '#core/courses/records.ts'
import type { Stored } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import type { TreeCourse } from './format/documents.ts'
import { folderOfCourse, type Head } from './head.ts'
import type { StoredContentCourse, StoredContentFile } from './records.ts'

/** What is remembered of the repository. */
export type Known = { courses: readonly StoredContentCourse[]; files: readonly StoredContentFile[] }

/** The course a folder is of: stored, or to be made under this id; or why there is none. */
export type CourseFound = { course: Stored<StoredCourse> | undefined; id: string } | { says: string }

const TAKEN = 'This address was another course’s, or is: call the folder otherwise.'

const byId = async ({ tables }: World, id: string, tree: TreeCourse): Promise<CourseFound> => {
  const course = await courseRecords.get(tables, { id })
  if (course) return { course, id }
  return (await slugRecords.get(tables, { slug: tree.slug })) ? { says: TAKEN } : { course: undefined, id }
}

/** One whose folder is gone, and whose file lies here now, unchanged. */
const movedHere = (tree: TreeCourse, { gone, blobs }: Head, { files }: Known): StoredContentCourse | undefined =>
  gone.find(({ folder }) => {
    const file = files.find(({ path, lesson }) => lesson === undefined && path.startsWith(`${folder}/`))
    return file !== undefined && file.blob === blobs.get(tree.path)
  })

const bySlug = async (world: World, tree: TreeCourse): Promise<CourseFound> => {
  const slug = await slugRecords.get(world.tables, { slug: tree.slug })
  const course = slug && (await courseRecords.get(world.tables, { id: slug.value.course }))
  if (course) return { course, id: course.value.id }
  if (slug) return { says: TAKEN }
  if (tree.course) return { course: undefined, id: world.ids.make('crs') }
  return { says: `The school has no course “${tree.slug}”, and there is no course.md in this folder that would make one.` }
}

/** By the id in its file, by what the folder was before, by a file that has moved, or by the course's address. */
export const courseOf = async (world: World, tree: TreeCourse, head: Head, known: Known): Promise<CourseFound> => {
  const folder = folderOfCourse(tree)
  const before = known.courses.find((each) => each.folder === folder)
  const stored = before && (await courseRecords.get(world.tables, { id: before.course }))
  const named = tree.course?.id
  if (stored && named !== undefined && named !== stored.value.id)
    return { says: `This folder is of another course, ${stored.value.id}: give the one of this id a folder of its own.` }
  if (stored) return { course: stored, id: stored.value.id }
  if (named !== undefined) return byId(world, named, tree)
  const moved = tree.course && movedHere(tree, head, known)
  const there = moved && (await courseRecords.get(world.tables, { id: moved.course }))
  return there ? { course: there, id: there.value.id } : bySlug(world, tree)
}

/** Who teaches a course by its file: whoever does already where it names nobody, or the owner. Throws a refusal in words for its author. */
export const teacherOf = async (
  { identity, settings }: World,
  email: string | undefined,
  course: StoredCourse | undefined,
): Promise<StoredCourse['teacher']> => {
  if (email === undefined && course) return course.teacher
  const person = await identity.findByEmail(email ?? settings.ownerEmail)
  if (person && person.id === course?.teacher.id) return course.teacher
  // As for one that does not exist: a file tells nobody who has an account.
  if (!person || person.isDisabled || !hasRole(person, 'instructor')) throw missing('teacher')
  return { id: person.id, name: person.name }
}
