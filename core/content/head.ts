import { createHash } from 'node:crypto'
import type { FileFinding } from '#contract/content.ts'
import type { RepositoryFile } from '#ports/repository.ts'
import type { World } from '#ports/world.ts'
import type { TreeCourse } from './format/documents.ts'
import { LESSON_ENDING } from './format/names.ts'
import { readTree } from './format/tree.ts'
import type { StoredContentCourse, StoredContentFile } from './records.ts'
import { MOST_FILE_BYTES, textsOf } from './texts.ts'

/** All files of one course's folder at a commit. Another fingerprint: there is something in it to be read. */
export type HeadFolder = { folder: string; fingerprint: string; files: RepositoryFile[] }

/** What is to be looked at of a commit: folders that are not as they were applied, as courses, and those that are gone. */
export type Head = { commit: string; folders: HeadFolder[]; courses: TreeCourse[]; gone: StoredContentCourse[]; blobs: ReadonlyMap<string, string> }

const folderOf = (path: string, folder: string): string | undefined => {
  const base = folder === '' ? '' : `${folder}/`
  const [slug, ...rest] = path.slice(base.length).split('/')
  return path.startsWith(base) && slug !== undefined && slug !== '' && rest.length > 0 ? base + slug : undefined
}

const fingerprintOf = (files: readonly RepositoryFile[]): string => {
  const lines = files.map(({ path, blob }) => `${blob} ${path}`).toSorted()
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

const foldersOf = (files: readonly RepositoryFile[], folder: string): HeadFolder[] => {
  const found = Map.groupBy(files, ({ path }) => folderOf(path, folder))
  return [...found].flatMap(([each, some]) => (each === undefined ? [] : [{ folder: each, files: some, fingerprint: fingerprintOf(some) }]))
}

/** Of any other file its place alone says what is wrong with it. */
const isRead = ({ path }: Pick<RepositoryFile, 'path'>): boolean => path.endsWith(LESSON_ENDING)

const tooLarge = (files: readonly RepositoryFile[]): FileFinding[] =>
  files.flatMap(({ path, sizeBytes }) =>
    sizeBytes > MOST_FILE_BYTES && isRead({ path }) ? [{ path, says: 'This file is larger than 1 MiB; a lesson holds 100,000 characters of text.' }] : [],
  )

/** Of what has changed and is judged at once: all of it is held in memory. Some times as much as a course of the longest lessons. */
const MOST_BYTES = 64 * 1024 * 1024
const MOST_FILES = 20_000

const tooMuch = (files: readonly RepositoryFile[], folder: string): FileFinding[] => {
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (bytes <= MOST_BYTES && files.length <= MOST_FILES) return []
  const says = `${files.length} files of ${Math.ceil(bytes / 1024 ** 2)} MiB have come at once; ${MOST_FILES} of 64 MiB are the most. Bring courses in by several commits, and let the school show each.`
  return [{ path: folder, says }]
}

const tooManyNew = (files: readonly RepositoryFile[], { known, most, folder }: { known: readonly StoredContentFile[]; most: number; folder: string }) => {
  const blobs = new Set(known.map(({ blob }) => blob))
  const count = files.filter(({ blob }) => !blobs.has(blob)).length
  return count <= most ? [] : [{ path: folder, says: `${count} files would come or change at once; ${most} are the most. Propose them in several parts.` }]
}

type Before = { courses: readonly StoredContentCourse[]; files: readonly StoredContentFile[]; mostNew?: number }

/** @throws RepositoryFailed */
export const readHead = async (
  world: World,
  commit: string,
  { courses: known, files: applied, mostNew }: Before,
): Promise<Head | { findings: FileFinding[] }> => {
  const { repository } = world
  if (!repository) throw new Error('There is no repository.')
  const folders = foldersOf(await repository.files(commit), repository.folder)
  const before = new Map(known.map((each) => [each.folder, each.fingerprint]))
  const changed = folders.filter(({ folder, fingerprint }) => before.get(folder) !== fingerprint)
  const files = changed.flatMap((folder) => folder.files)
  const read = files.filter(isRead)
  const many = mostNew === undefined ? [] : tooManyNew(read, { known: applied, most: mostNew, folder: repository.folder })
  const large = [...tooLarge(files), ...tooMuch(read, repository.folder), ...many]
  if (large.length > 0) return { findings: large }
  const texts = await textsOf(world, repository, read)
  const tree = readTree([...texts, ...files.filter((file) => !isRead(file)).map(({ path }) => ({ path, text: undefined }))], repository.folder)
  if ('findings' in tree) return tree
  const there = new Set([...folders.filter((each) => !changed.includes(each)).map(({ folder }) => folder), ...tree.courses.map(folderOfCourse)])
  return {
    ...{ commit, folders, courses: tree.courses },
    gone: known.filter(({ folder }) => !there.has(folder)),
    blobs: new Map(files.map(({ path, blob }) => [path, blob])),
  }
}

/** Where its file lies, or would. */
export const folderOfCourse = ({ path }: TreeCourse): string => path.slice(0, path.lastIndexOf('/'))
