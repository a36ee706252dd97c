import { all } from '#core/records.ts'
import type { World } from '#ports/world.ts'

/** Where the pages of free previews lie, by course and lesson. */
export const PREVIEW_PAGES = 'catalogue/pages/learn/'

/** Paths of all previews that have a page. */
export const previewPaths = async ({ objects }: Pick<World, 'objects'>): Promise<string[]> => {
  const found = await all((page) => objects.list(PREVIEW_PAGES, page))
  return found.map(({ key }) => key.slice('catalogue/pages'.length, -'.html'.length))
}
