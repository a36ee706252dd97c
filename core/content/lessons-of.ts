import { lessonRecords, publishedLessonRecords, type StoredCourse, type StoredLesson } from '#core/courses/records.ts'
import type { Stored } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import type { LessonDocument, TreeCourse } from './format/documents.ts'
import type { StoredContentFile, StoredGone } from './records.ts'

/** A lesson's file, and the lesson it is. */
export type Claim = {
  path: string
  blob: string
  document: LessonDocument
  id: string
  before: StoredLesson | undefined
  record: StoredContentFile | undefined
}

/** What a course has been until now: the lessons of its outline, its files, and lessons whose files went. */
export type Former = { drafts: ReadonlyMap<string, StoredLesson>; files: readonly StoredContentFile[]; gone: readonly StoredGone[] }

export type Tell = (path: string, says: string) => void

/** The lessons of a course as the school has them, in its order. */
export const storedDrafts = async (tables: Tables, course: StoredCourse | undefined): Promise<Stored<StoredLesson>[]> => {
  const ids = course?.sections.flatMap(({ lessons }) => lessons) ?? []
  return (await Promise.all(ids.map((id) => lessonRecords.get(tables, { id })))).flatMap((lesson) => lesson ?? [])
}

export const draftsOf = async (tables: Tables, course: StoredCourse | undefined): Promise<Map<string, StoredLesson>> =>
  new Map((await storedDrafts(tables, course)).map(({ value }) => [value.id, value]))

/** Lessons that say they are kept in a file of which no record tells: the newest applying was cut short between two files changing names. */
const adrift = ({ drafts, files }: Former): StoredContentFile[] => {
  const told = new Set(files.map(({ lesson }) => lesson))
  return [...drafts.values()].flatMap(({ id, course, kept }) => (kept && !told.has(id) ? [{ ...kept, course, lesson: id, isReleased: false }] : []))
}

export const allFiles = (former: Former): StoredContentFile[] => [...former.files, ...adrift(former)]

type Asked = { course: string; former: Former; blobs: ReadonlyMap<string, string>; tell: Tell }
type File = { path: string; document: LessonDocument }

const storedLesson = async ({ tables }: World, { drafts }: Former, id: string): Promise<StoredLesson | undefined> =>
  drafts.get(id) ?? (await lessonRecords.get(tables, { id }))?.value ?? (await publishedLessonRecords.get(tables, { id }))?.value

/** Files that name no lesson and lay nowhere before: one that has moved, one that has come back, or a new one. */
const newcomer = async (world: World, { path }: File, { course, former, blobs }: Asked, taken: ReadonlySet<string>): Promise<string> => {
  const isFree = (lesson: string | undefined): lesson is string => lesson !== undefined && !taken.has(lesson)
  const moved = allFiles(former).find((file) => !blobs.has(file.path) && file.blob === blobs.get(path) && isFree(file.lesson))
  if (moved?.lesson !== undefined) return moved.lesson
  for (const { lesson } of former.gone.filter((each) => each.path === path).toSorted((a, b) => (a.at < b.at ? 1 : -1))) {
    const stored = isFree(lesson) ? await storedLesson(world, former, lesson) : undefined
    if (stored?.course === course) return lesson
  }
  return world.ids.make('les')
}

const ownersChecked = async (world: World, { path, document: { id } }: File, { course, former, tell }: Asked): Promise<void> => {
  const stored = id === undefined ? undefined : await storedLesson(world, former, id)
  if (stored && stored.course !== course) tell(path, `${id} is no lesson of this course: leave the id out, and this is a lesson of its own.`)
}

/**
 * Which lesson each file is: by the id it names, by its path, else by what it was before it moved or went. An id is taken only where the
 * lesson is of this very course, or nobody has it: no file reaches into another's.
 */
export const claimsOf = async (world: World, tree: TreeCourse, asked: Asked): Promise<Claim[]> => {
  const { former, blobs, tell } = asked
  const files = tree.sections.flatMap(({ lessons }) => lessons)
  const records = new Map(former.files.map((file) => [file.path, file]))
  const idAt = ({ path, document }: File): string | undefined => document.id ?? records.get(path)?.lesson
  const taken = new Map<string, string>()
  for (const file of files) {
    await ownersChecked(world, file, asked)
    const id = idAt(file)
    if (id === undefined) continue
    const other = taken.get(id)
    if (other !== undefined) tell(file.path, `This is the lesson that ${other} is: leave the id out, or remove one of the two files.`)
    taken.set(id, file.path)
  }
  const claims: Claim[] = []
  for (const file of files) {
    const id = idAt(file) ?? (await newcomer(world, file, asked, new Set(taken.keys())))
    taken.set(id, file.path)
    const own = allFiles(former).filter(({ lesson }) => lesson === id)
    const record = own.find(({ path }) => path === file.path) ?? own[0]
    claims.push({ ...file, blob: blobs.get(file.path) ?? '', id, record, before: await storedLesson(world, former, id) })
  }
  return claims
}
