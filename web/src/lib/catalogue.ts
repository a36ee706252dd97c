import { ORPCError } from '@orpc/client'
import { useQuery } from '@tanstack/vue-query'
import { type MaybeRefOrGetter, toValue } from 'vue'
import type { Catalogue, PublishedCourse } from '#contract/catalogue.ts'
import type { Offer, OfferCatalogue } from '#contract/offers.ts'
import type { LegalPage, PublishedHome, PublishedLegal } from '#contract/storefront.ts'
import { USUAL_HOME } from '#contract/usual.ts'
import { client } from './api.ts'

// Static files from the edge, outside the API; their refusals are put in the API's words.
const read = async <T>(path: string): Promise<T> => {
  const response = await fetch(path)
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  // An edge that knows only the app answers an unknown path with its page.
  if (response.status === 404 || (response.ok && !isJson)) throw new ORPCError('not-found', { status: 404 })
  if (!response.ok) throw new ORPCError('fault', { status: response.status })
  // The school wrote the file from the very schema that the type is of: reading it by that schema would cost visitors more than the page.
  return (await response.json()) as T
}

const isMissing = (error: unknown): boolean => error instanceof ORPCError && error.code === 'not-found'

// Before the first course is published there is no file yet.
const readCatalogue = async (): Promise<Catalogue> => {
  try {
    const { school, courses } = await read<Catalogue>('/catalogue/index.json')
    // A file that was written before a course could have further prices tells none.
    return { school, courses: courses.map((course) => ({ ...course, otherPrices: course.otherPrices ?? [] })) }
  } catch (error) {
    if (isMissing(error)) return { school: '', courses: [] }
    throw error
  }
}

/** A page that was published before the first course says nothing of it: whoever waits in front of an empty school sees it come. */
const EMPTY_ASKS_MS = 4000

/** Every published course, newest first. */
export const useCatalogue = () =>
  useQuery({
    queryKey: ['catalogue'],
    queryFn: readCatalogue,
    refetchInterval: ({ state: { data } }) => (data?.courses.length === 0 ? EMPTY_ASKS_MS : false),
  })

/** A published course, whole. */
export const usePublishedCourse = (slug: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ['catalogue', slug],
    queryFn: () => read<PublishedCourse>(`/catalogue/${encodeURIComponent(toValue(slug))}.json`),
  })

// Nor is there one of the home page before the school has written it.
const readHome = async (): Promise<PublishedHome> => {
  try {
    return await read<PublishedHome>('/catalogue/home.json')
  } catch (error) {
    if (isMissing(error)) return USUAL_HOME
    throw error
  }
}

/** What the home page is made of. */
export const useHome = () => useQuery({ queryKey: ['catalogue-home'], queryFn: readHome })

// Neither is there one of offers before the first is on sale.
const readOffers = async (): Promise<Offer[]> => {
  try {
    return (await read<OfferCatalogue>('/catalogue/offers.json')).offers
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** Bundles, instalment plans and memberships on sale. */
export const useOffers = () => useQuery({ queryKey: ['catalogue-offers'], queryFn: readOffers })

// What is not published, because nothing is written or it was written a moment ago, the school knows.
const readLegal = async (page: LegalPage): Promise<PublishedLegal> => {
  try {
    return await read<PublishedLegal>(`/catalogue/legal/${page}.json`)
  } catch (error) {
    if (isMissing(error)) return client.storefront.legal({ page })
    throw error
  }
}

/** A legal page, as it was last published. */
export const useLegal = (page: () => LegalPage | undefined) =>
  useQuery({ queryKey: ['catalogue-legal', page], queryFn: () => readLegal(page() ?? 'imprint'), enabled: () => page() !== undefined })
