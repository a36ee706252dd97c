import { chunks } from '#core/records.ts'
import type { Repository, RepositoryFile } from '#ports/repository.ts'
import type { World } from '#ports/world.ts'
import type { TreeFile } from './format/documents.ts'

/** Of files that have been read once: a course is judged whole, and nobody asks the repository for each of its files at each commit. */
const CACHE = 'repository/blobs/'
const cacheKey = (blob: string): string => CACHE + blob

const AT_ONCE = 12

/** No lesson is nearly as large: what is is not even read. */
export const MOST_FILE_BYTES = 1024 * 1024

const textOf = async ({ objects }: World, repository: Repository, { blob }: RepositoryFile): Promise<string | undefined> => {
  const cached = await objects.get(cacheKey(blob))
  if (cached) return new TextDecoder().decode(cached.bytes)
  const text = await repository.read(blob)
  if (text !== undefined) await objects.put(cacheKey(blob), text, { type: 'text/markdown; charset=utf-8' })
  return text
}

/** Files with their texts; `large` ones without. */
export const textsOf = async (world: World, repository: Repository, files: readonly RepositoryFile[]): Promise<TreeFile[]> => {
  const read: TreeFile[] = []
  for (const some of chunks(files, AT_ONCE)) {
    const texts = await Promise.all(some.map((file) => (file.sizeBytes > MOST_FILE_BYTES ? undefined : textOf(world, repository, file))))
    read.push(...some.map(({ path }, index) => ({ path, text: texts[index] })))
  }
  return read
}

/** Lets go of texts that no file has any more. */
export const forgetTexts = async ({ objects }: World, files: readonly RepositoryFile[]): Promise<void> => {
  const inUse = new Set(files.map(({ blob }) => cacheKey(blob)))
  for (let page: string | undefined, isMore = true; isMore; ) {
    const { items, next } = await objects.list(CACHE, page)
    for (const { key } of items) if (!inUse.has(key)) await objects.remove(key)
    page = next
    isMore = next !== undefined
  }
}
