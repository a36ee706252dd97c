import type { CatalogueEntry } from '#contract/catalogue.ts'
import type { Offer, OfferCatalogue } from '#contract/offers.ts'
import { catalogueEntry } from '#core/courses/publish.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { overlaid } from '#core/overlay.ts'
import { JSON_TYPE, pageKey, SHORT, writePage } from '#core/published.ts'
import { all } from '#core/records.ts'
import { shownSchool } from '#core/storefront/brand.ts'
import { writeStorefront } from '#core/storefront/publishing.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { OFFERS_KEY } from './on-sale.ts'
import { aboutOffer } from './page.ts'
import { OFFERS, offerRecords, type StoredOffer } from './records.ts'
import { listedCourses, offerForBuyers } from './shown.ts'

type Shown = { id: string; offer: Offer | undefined; entries: CatalogueEntry[] }

type Now = { each: Shown[]; isBehind: boolean }

/** The catalogue's file may not have its courses yet: it is written beside this. */
const forBuyers = async (tables: Tables, offer: StoredOffer): Promise<Shown> => {
  const shownOffer = await offerForBuyers(tables, offer)
  const courses = shownOffer ? await listedCourses(tables, offer) : []
  return { id: offer.id, offer: shownOffer, entries: courses.map(catalogueEntry) }
}

/** Every offer, that of the event as it is under its key: an index may still list it as it was. */
const shown = async ({ tables }: World, id: string | undefined): Promise<Now> => {
  const found = await all((page) => offerRecords.listIndex(tables, OFFERS, { descending: true, limit: 1000, ...(page !== undefined && { page }) }))
  const now = id === undefined ? undefined : (await offerRecords.get(tables, { id }))?.value
  const sortKey = (offer: StoredOffer): string => `${offer.createdAt}#${offer.id}`
  const { values, isBehind } = id === undefined ? { values: found, isBehind: false } : overlaid(found, { id, now, sortKey })
  return { each: await Promise.all(values.map((offer) => forBuyers(tables, offer))), isBehind }
}

/** Beside the pages of courses: no slug has an underscore in it. */
const writePages = async (world: World, each: readonly Shown[]): Promise<void> => {
  const school = await shownSchool(world)
  for (const { id, offer, entries } of each) {
    if (offer) await writePage(world, { name: id, about: aboutOffer(offer, school), shows: { offers: [offer], courses: { entries, isWhole: false } } })
    else await world.objects.remove(pageKey(id))
  }
}

/**
 * Everything that is on sale, anew from what is stored: running it twice, or late, gives the same files. What is stored is read
 * again after writing, since two runs side by side could otherwise leave the older one's.
 * @throws once they are written, when the index did not know yet of the offer whose event this is: another's run may have missed it too
 */
const writeOffers = async (world: World, id?: string): Promise<void> => {
  let written = ''
  let now = await shown(world, id)
  while (JSON.stringify(now.each) !== written) {
    const { each } = now
    const catalogue: OfferCatalogue = { offers: each.flatMap(({ offer }) => (offer ? [offer] : [])) }
    await world.objects.put(OFFERS_KEY, JSON.stringify(catalogue), { type: JSON_TYPE, cacheControl: SHORT })
    await writePages(world, each)
    written = JSON.stringify(each)
    now = await shown(world, id)
  }
  // The home page shows them as well.
  await writeStorefront(world)
  if (now.isBehind) throw new Error(`The index of offers does not know yet of ${id}: they are to be written again.`)
}

export const publishing: readonly Hearing[] = [
  hearing('offers.write', 'offer.changed', (world, { offer }) => writeOffers(world, offer)),
  hearing('offers.write-published', 'course.published', (world) => writeOffers(world)),
  hearing('offers.write-unpublished', 'course.unpublished', (world) => writeOffers(world)),
  hearing('offers.write-removed', 'course.removed', (world) => writeOffers(world)),
  hearing('offers.write-all', 'web.deployed', (world) => writeOffers(world)),
  hearing('offers.write-renamed', 'school.changed', async (world, { what }) => {
    if (what === 'brand') await writeOffers(world)
  }),
]
