import { createHash } from 'node:crypto'
import type { FileFinding } from '#contract/content.ts'
import type { RepositoryFile } from '#ports/repository.ts'
import type { World } from '#ports/world.ts'
import type { TreeCourse } from './format/documents.ts'
import { readTree } from './format/tree.ts'
import type { StoredContentCourse } from './records.ts'
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

const tooLarge = (files: readonly RepositoryFile[]): FileFinding[] =>
  files.flatMap(({ path, sizeBytes }) =>
    sizeBytes > MOST_FILE_BYTES && path.endsWith('.md') ? [{ path, says: 'This file is larger than 1 MiB; a lesson holds 100,000 characters of text.' }] : [],
  )

/** @throws RepositoryFailed */
export const readHead = async (world: World, commit: string, known: readonly StoredContentCourse[]): Promise<Head | { findings: FileFinding[] }> => {
  const { repository } = world
  if (!repository) throw new Error('There is no repository.')
  const folders = foldersOf(await repository.files(commit), repository.folder)
  const before = new Map(known.map((each) => [each.folder, each.fingerprint]))
  const changed = folders.filter(({ folder, fingerprint }) => before.get(folder) !== fingerprint)
  const files = changed.flatMap((folder) => folder.files)
  const large = tooLarge(files)
  if (large.length > 0) return { findings: large }
  const tree = readTree(await textsOf(world, repository, files), repository.folder)
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
