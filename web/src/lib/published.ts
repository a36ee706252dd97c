import type { QueryClient } from '@tanstack/vue-query'
import { PUBLISHED, type PublishedPage } from '#contract/published-page.ts'

/** What the school wrote into this page, if it did. */
export const publishedHere = (): PublishedPage | undefined => {
  const text = document.getElementById(PUBLISHED)?.textContent
  if (!text) return undefined
  // The school's own writing, of this very type.
  const page = JSON.parse(text) as PublishedPage
  return page.path === location.pathname ? page : undefined
}

/** Long ago: shown at once, and asked for again as soon as it is. */
const STALE = { updatedAt: 1 }

/** Whatever asks for these finds them there: nothing of a published page is fetched before it is shown. */
export const takePublished = (cache: QueryClient, { school, home, courses, course, offers, legal }: PublishedPage): void => {
  cache.setQueryData(['school'], school)
  if (home) cache.setQueryData(['catalogue-home'], home)
  if (courses) cache.setQueryData(['catalogue'], { school: school.name, courses: courses.entries }, courses.isWhole ? {} : STALE)
  if (course) cache.setQueryData(['catalogue', course.slug], course)
  // They have their own time: a page of a course is not written again for each of them.
  if (offers) cache.setQueryData(['catalogue-offers'], offers, STALE)
  if (legal) cache.setQueryData(['catalogue-legal', legal.page], legal)
}
