import type { Offer } from '#contract/offers.ts'
import { publicationRecords, type StoredPublication } from '#core/courses/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { StoredOffer } from './records.ts'

const published = async (tables: Tables, { courses }: StoredOffer): Promise<StoredPublication[]> => {
  const found = await Promise.all(courses.map((id) => publicationRecords.get(tables, { id })))
  return found.flatMap((publication) => (publication && !publication.value.isClosed ? [publication.value] : []))
}

/** What an offer sells: those of its courses that are in the catalogue. Shown and quoted alike; an offer without any is not on sale. */
export const listedCourses = async (tables: Tables, offer: StoredOffer): Promise<StoredPublication[]> =>
  (await published(tables, offer)).filter(({ isListed }) => isListed)

const told = ({ createdAt: _, ...offer }: StoredOffer, courses: readonly StoredPublication[]): Offer => ({
  ...offer,
  courses: courses.map(({ id, slug, title }) => ({ id, slug, title })),
})

/** An offer as the people who run the school see it: with courses that have left the catalogue, for they may come back. */
export const offerForStaff = async (tables: Tables, offer: StoredOffer): Promise<Offer> => told(offer, await published(tables, offer))

/** As buyers see it; undefined when it is not on sale, or nothing is left of it. */
export const offerForBuyers = async (tables: Tables, offer: StoredOffer): Promise<Offer | undefined> => {
  const courses = offer.isOnSale ? await listedCourses(tables, offer) : []
  return courses.length > 0 ? told(offer, courses) : undefined
}
