import type { KeptIn } from '#contract/content.ts'
import { Refusal } from '#core/refusal.ts'
import type { Repository } from '#ports/repository.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { lessonRecords, type StoredCourse, type StoredLesson } from './records.ts'

/** Where people look at a file of the repository, as GitHub and its like have it. */
export const fileUrl = ({ url, branch }: Pick<Repository, 'url' | 'branch'>, path: string): string =>
  `${url}/blob/${[...branch.split('/'), ...path.split('/')].map(encodeURIComponent).join('/')}`

/** What is told of where something is kept. */
export const keptIn = ({ repository }: Pick<World, 'repository'>, { kept }: Pick<StoredLesson, 'kept'>): { kept?: KeptIn } =>
  kept ? { kept: { path: kept.path, ...(repository && { url: fileUrl(repository, kept.path) }) } } : {}

/** The next commit would take back whatever is changed here of what a file says. */
export const refuseKeptLesson = ({ title, kept }: Pick<StoredLesson, 'title' | 'kept'>): void => {
  if (kept) throw new Refusal('kept-in-git', `“${title}” is kept in ${kept.path}: change it there, or go on with it here and leave its file.`)
}

export const refuseKeptCourse = ({ title, kept }: Pick<StoredCourse, 'title' | 'kept'>): void => {
  if (kept) throw new Refusal('kept-in-git', `“${title}” is kept in ${kept.path}: change it there.`)
}

/** Those of a course that are kept in files. */
export const keptLessons = async (tables: Tables, { sections }: StoredCourse): Promise<Set<string>> => {
  const found = await Promise.all(sections.flatMap(({ lessons }) => lessons).map((id) => lessonRecords.get(tables, { id })))
  return new Set(found.flatMap((lesson) => (lesson?.value.kept ? [lesson.value.id] : [])))
}

type Sections = StoredCourse['sections']

const places = (sections: Sections, kept: ReadonlySet<string>): string =>
  sections.map(({ id, lessons }) => [id, ...lessons.filter((lesson) => kept.has(lesson))].join(' ')).join('\n')

/**
 * Lessons kept in files are in the order of the files, and sections of a course kept in one as it says; whatever else is arranged
 * around them stays as it was arranged.
 */
export const refuseMovedKept = (course: StoredCourse, after: Sections, kept: ReadonlySet<string>): void => {
  // Of another course only where its kept lessons stand counts: sections without any come and go.
  const held = (sections: Sections): Sections => (course.kept ? sections : sections.filter(({ lessons }) => lessons.some((lesson) => kept.has(lesson))))
  const [then, now] = [places(held(course.sections), kept), places(held(after), kept)]
  const isMoved = course.kept ? then !== now : then.split('\n').toSorted().join('\n') !== now.split('\n').toSorted().join('\n')
  if (isMoved) throw new Refusal('kept-in-git', 'Lessons kept in Git stand in the order of their files: rename the files to move them.')
}
