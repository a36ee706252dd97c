import { objectsBelow } from '#core/objects.ts'
import type { World } from '#ports/world.ts'

/** Where the pages of free previews lie, by course and lesson. */
export const PREVIEW_PAGES = 'catalogue/pages/learn/'

/** Paths of all previews that have a page. */
export const previewPaths = async (world: Pick<World, 'objects'>): Promise<string[]> => {
  const paths: string[] = []
  for await (const { key } of objectsBelow(world, PREVIEW_PAGES)) paths.push(key.slice('catalogue/pages'.length, -'.html'.length))
  return paths
}
