import { Catalogue } from '#contract/catalogue.ts'
import type { World } from '#ports/world.ts'

export const CATALOGUE_KEY = 'catalogue/index.json'

/** Every listed course, by the file that visitors read. */
export const catalogueNow = async ({ objects }: Pick<World, 'objects'>): Promise<Catalogue> => {
  const found = await objects.get(CATALOGUE_KEY)
  return found ? Catalogue.parse(JSON.parse(new TextDecoder().decode(found.bytes))) : { school: '', courses: [] }
}
