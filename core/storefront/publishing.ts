import { Catalogue } from '#contract/catalogue.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { SHELL_KEY } from '#core/shell.ts'
import type { World } from '#ports/world.ts'
import { legalPages, shownSchool } from './brand.ts'
import { feedOf, homePageOf, manifestOf, robotsOf, type Storefront, sitemapOf } from './files.ts'
import { settingsNow } from './settings.ts'

export const CATALOGUE_KEY = 'catalogue/index.json'
const SHORT = 'public, max-age=0, must-revalidate'

const textOf = async ({ objects }: World, key: string): Promise<string | undefined> => {
  const found = await objects.get(key)
  return found && new TextDecoder().decode(found.bytes)
}

const storefrontNow = async (world: World): Promise<Storefront> => {
  const [school, legal, { home }] = await Promise.all([shownSchool(world), legalPages(world), settingsNow(world)])
  const [catalogue, shell] = await Promise.all([textOf(world, CATALOGUE_KEY), textOf(world, SHELL_KEY)])
  return {
    ...{ school, legal, shell, home: home.value },
    catalogue: catalogue === undefined ? { school: '', courses: [] } : Catalogue.parse(JSON.parse(catalogue)),
  }
}

type File = { key: string; type: string; text: string | undefined }

/** An underscore keeps the home page apart from pages of courses: no slug has one. */
const filesOf = (storefront: Storefront): File[] => [
  { key: 'catalogue/home.json', type: 'application/json; charset=utf-8', text: JSON.stringify({ sections: storefront.home.sections }) },
  { key: 'catalogue/pages/_home.html', type: 'text/html; charset=utf-8', text: homePageOf(storefront) },
  { key: 'catalogue/sitemap.xml', type: 'application/xml; charset=utf-8', text: sitemapOf(storefront) },
  { key: 'catalogue/feed.xml', type: 'application/atom+xml; charset=utf-8', text: feedOf(storefront) },
  { key: 'catalogue/robots.txt', type: 'text/plain; charset=utf-8', text: robotsOf(storefront) },
  { key: 'catalogue/manifest.webmanifest', type: 'application/manifest+json; charset=utf-8', text: manifestOf(storefront) },
]

/**
 * The school's own files anew from what is stored: running it twice, or late, gives the same files. What is stored is read again
 * after writing, since two runs side by side could otherwise leave the older one's.
 */
export const writeStorefront = async (world: World): Promise<void> => {
  let written = ''
  let now = await storefrontNow(world)
  while (JSON.stringify(now) !== written) {
    for (const { key, type, text } of filesOf(now)) if (text !== undefined) await world.objects.put(key, text, { type, cacheControl: SHORT })
    written = JSON.stringify(now)
    now = await storefrontNow(world)
  }
}

/** A name or a colour stands on every page: the catalogue is written anew for it, and this with it. */
export const publishing: readonly Hearing[] = [
  hearing('storefront.write', 'school.changed', async (world, { what }) => {
    if (what !== 'brand') await writeStorefront(world)
  }),
]
