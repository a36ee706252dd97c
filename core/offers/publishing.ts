import type { Offer, OfferCatalogue } from '#contract/offers.ts'
import { SHELL_KEY } from '#core/courses/publishing.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { all } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { offerPage } from './page.ts'
import { OFFERS, offerRecords } from './records.ts'
import { offerForBuyers } from './shown.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const HTML_TYPE = 'text/html; charset=utf-8'
const SHORT = 'public, max-age=0, must-revalidate'

export const OFFERS_KEY = 'catalogue/offers.json'
/** Beside the pages of courses: no slug has an underscore in it. */
const pageKey = (id: string): string => `catalogue/pages/${id}.html`

type Shown = { id: string; offer: Offer | undefined }

const shown = async ({ tables }: World): Promise<Shown[]> => {
  const stored = await all((page) => offerRecords.listIndex(tables, OFFERS, { descending: true, limit: 1000, ...(page !== undefined && { page }) }))
  return Promise.all(stored.map(async (offer) => ({ id: offer.id, offer: await offerForBuyers(tables, offer) })))
}

const writePages = async ({ objects, settings }: World, each: readonly Shown[]): Promise<void> => {
  const shell = await objects.get(SHELL_KEY)
  const text = shell && new TextDecoder().decode(shell.bytes)
  for (const { id, offer } of each) {
    if (offer && text !== undefined) await objects.put(pageKey(id), offerPage({ shell: text, offer, settings }), { type: HTML_TYPE, cacheControl: SHORT })
    else await objects.remove(pageKey(id))
  }
}

/**
 * Everything that is on sale, anew from what is stored: running it twice, or late, gives the same files. What is stored is read
 * again after writing, since two runs side by side could otherwise leave the older one's.
 */
const writeOffers = async (world: World): Promise<void> => {
  let written = ''
  for (let each = await shown(world); JSON.stringify(each) !== written; each = await shown(world)) {
    const catalogue: OfferCatalogue = { offers: each.flatMap(({ offer }) => (offer ? [offer] : [])) }
    await world.objects.put(OFFERS_KEY, JSON.stringify(catalogue), { type: JSON_TYPE, cacheControl: SHORT })
    await writePages(world, each)
    written = JSON.stringify(each)
  }
}

export const publishing: readonly Hearing[] = [
  hearing('offers.write', 'offer.changed', writeOffers),
  hearing('offers.write-published', 'course.published', writeOffers),
  hearing('offers.write-unpublished', 'course.unpublished', writeOffers),
  hearing('offers.write-removed', 'course.removed', writeOffers),
  hearing('offers.write-all', 'web.deployed', writeOffers),
]
