import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { behaviourIn, behavioursOf } from '#core/delivery/behaviours.ts'
import type { Sites } from '#core/delivery/headers.ts'
import { ensureRecipes } from '#core/recipes/recipe.ts'
import type { World } from '#ports/world.ts'
import { deployWeb, typeOf } from '../web.ts'

/** Uploads under way at once. */
const AT_ONCE = 8

/** What the distribution reads the app from. */
const SITE = 'site'
const PAGE = 'index.html'

const filesIn = async (root: string): Promise<string[]> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
}

const inTurns = async (paths: readonly string[], work: (path: string) => Promise<void>): Promise<void> => {
  const waiting = paths.values()
  const worker = async (): Promise<void> => {
    for (const path of waiting) await work(path)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

export type SiteStore = Pick<World, 'objects' | 'tables' | 'clock' | 'ids'>
type Deploying = SiteStore & { settings: Sites }

/**
 * Puts the built web app where the distribution reads it: the page comes last, when everything it names is there. Files of the
 * app before stay, for whoever has it open. The shipped recipes are put beside it where there are none, and the pages of courses
 * are written anew. Answers how many files there are.
 * @throws ObjectsRefusal for a file whose name no store takes
 */
export const deploySite = async (world: Deploying, webRoot: string): Promise<number> => {
  const table = behavioursOf(world.settings)
  const put = async (path: string): Promise<void> => {
    const { cacheControl } = behaviourIn(table, `/${path}`)
    const caching = cacheControl && { cacheControl: cacheControl.value }
    await world.objects.put(`${SITE}/${path}`, await readFile(join(webRoot, path)), { type: typeOf(path), ...caching })
  }
  const files = await filesIn(webRoot)
  if (!files.includes(PAGE)) throw new Error(`There is no ${PAGE} in ${webRoot}: build the web app first.`)
  await inTurns(
    files.filter((path) => path !== PAGE),
    put,
  )
  await put(PAGE)
  await ensureRecipes(world)
  await deployWeb(world, webRoot)
  return files.length
}
