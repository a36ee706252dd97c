import { type Offer, OfferCatalogue } from '#contract/offers.ts'
import type { World } from '#ports/world.ts'

export const OFFERS_KEY = 'catalogue/offers.json'

/** What is on sale, by the file that visitors read. */
export const offersOnSale = async ({ objects }: Pick<World, 'objects'>): Promise<Offer[]> => {
  const found = await objects.get(OFFERS_KEY)
  return found ? OfferCatalogue.parse(JSON.parse(new TextDecoder().decode(found.bytes))).offers : []
}
