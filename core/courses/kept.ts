import type { KeptIn } from '#contract/content.ts'
import { Refusal } from '#core/refusal.ts'
import type { Repository } from '#ports/repository.ts'
import type { World } from '#ports/world.ts'
import type { StoredCourse, StoredLesson } from './records.ts'

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

type Sections = StoredCourse['sections']

const places = (sections: Sections, kept: ReadonlySet<string>): string =>
  sections.map(({ id, lessons }) => [id, ...lessons.filter((lesson) => kept.has(lesson))].join(' ')).join('\n')

/**
 * Lessons kept in files are in the order of the files, and sections of a course kept in one as it says; whatever else is arranged
 * around them stays as it was arranged.
 */
export const refuseMovedKept = (course: StoredCourse, after: Sections, kept: ReadonlySet<string>): void => {
  const [then, now] = [places(course.sections, kept), places(after, kept)]
  const isMoved = course.kept ? then !== now : then.split('\n').toSorted().join('\n') !== now.split('\n').toSorted().join('\n')
  if (isMoved) throw new Refusal('kept-in-git', 'Lessons kept in Git stand in the order of their files: rename the files to move them.')
}
