import { LEGAL_PAGES } from '#contract/legal-pages.ts'
import type { PublishedHome, PublishedLegal } from '#contract/storefront.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { offersOnSale } from '#core/offers/on-sale.ts'
import { htmlOf, JSON_TYPE, pageKey, SHORT, writePage } from '#core/published.ts'
import type { World } from '#ports/world.ts'
import { legalPages, shownSchool } from './brand.ts'
import { catalogueNow } from './catalogue.ts'
import { aboutHome, aboutLegal, coursesFirst, feedOf, manifestOf, robotsOf, type Storefront, sitemapOf } from './files.ts'
import { previewPaths } from './previews.ts'
import { legalText, settingsNow } from './settings.ts'

const storefrontNow = async (world: World): Promise<Storefront> => {
  const [school, legal, { home }] = await Promise.all([shownSchool(world), legalPages(world), settingsNow(world)])
  const [catalogue, offers, previews] = await Promise.all([catalogueNow(world), offersOnSale(world), previewPaths(world)])
  return { school, legal, home: home.value, catalogue, offers, previews }
}

/** The home page with what was made of its texts. */
const wholeHome = async (world: World, { home: { sections } }: Storefront): Promise<PublishedHome> => {
  const texts = sections.flatMap((section) => (section.kind === 'text' ? [section] : []))
  const read = await Promise.all(texts.map(async ({ id, text }) => [id, await htmlOf(world, text, { isWhole: false, name: id })] as const))
  const html = Object.fromEntries(read.flatMap(([id, made]) => (made === undefined ? [] : [[id, made]])))
  return { sections, ...(Object.keys(html).length > 0 && { html }) }
}

type File = { key: string; type: string; text: string }

const filesOf = (storefront: Storefront, home: PublishedHome): File[] => [
  { key: 'catalogue/home.json', type: JSON_TYPE, text: JSON.stringify(home) },
  { key: 'catalogue/sitemap.xml', type: 'application/xml; charset=utf-8', text: sitemapOf(storefront) },
  { key: 'catalogue/feed.xml', type: 'application/atom+xml; charset=utf-8', text: feedOf(storefront) },
  { key: 'catalogue/robots.txt', type: 'text/plain; charset=utf-8', text: robotsOf(storefront) },
  { key: 'catalogue/manifest.webmanifest', type: 'application/manifest+json; charset=utf-8', text: manifestOf(storefront) },
]

const write = async (world: World, storefront: Storefront): Promise<void> => {
  const home = await wholeHome(world, storefront)
  for (const { key, type, text } of filesOf(storefront, home)) await world.objects.put(key, text, { type, cacheControl: SHORT })
  // An underscore keeps it apart from pages of courses: no slug has one.
  await writePage(world, { name: '_home', about: aboutHome(storefront), shows: { home, courses: coursesFirst(storefront), offers: [...storefront.offers] } })
}

/**
 * The school's own files anew from what is stored: running it twice, or late, gives the same files. What is stored is read again
 * after writing, since two runs side by side could otherwise leave the older one's.
 */
export const writeStorefront = async (world: World): Promise<void> => {
  let written = ''
  let now = await storefrontNow(world)
  while (JSON.stringify(now) !== written) {
    await write(world, now)
    written = JSON.stringify(now)
    now = await storefrontNow(world)
  }
}

const legalKey = (page: string): string => `catalogue/legal/${page}.json`

/** Every legal page that is written, and no other. */
const writeLegal = async (world: World): Promise<void> => {
  const [school, written] = await Promise.all([shownSchool(world), legalPages(world)])
  for (const page of LEGAL_PAGES) {
    const name = `legal/${page}`
    if (!written.includes(page)) {
      await Promise.all([legalKey(page), pageKey(name)].map((key) => world.objects.remove(key)))
      continue
    }
    const { text, changedAt } = await legalText(world, page)
    const html = await htmlOf(world, text, { isWhole: true })
    const legal: PublishedLegal = { page, text, ...(html !== undefined && { html }), ...(changedAt !== undefined && { changedAt }) }
    await world.objects.put(legalKey(page), JSON.stringify(legal), { type: JSON_TYPE, cacheControl: SHORT })
    await writePage(world, { name, about: aboutLegal(page, school), shows: { legal } })
  }
}

/** A name or a colour stands on every page: the catalogue is written anew for it, and this with it. */
export const publishing: readonly Hearing[] = [
  hearing('storefront.write', 'school.changed', async (world, { what }) => {
    if (what !== 'brand') await writeStorefront(world)
    if (what !== 'home') await writeLegal(world)
  }),
  hearing('storefront.write-legal', 'web.deployed', writeLegal),
]
