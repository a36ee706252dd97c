import type { QueryClient } from '@tanstack/vue-query'
import { PUBLISHED, type PublishedPage } from '#contract/published-page.ts'
import { takeFigures } from './figures.ts'
import { myTurn } from './taking-up.ts'

export const previewKey = (lesson: string): string[] => ['published-preview', lesson]

/** What the school wrote into this page, if it did. */
export const publishedHere = (): PublishedPage | undefined => {
  const text = document.getElementById(PUBLISHED)?.textContent
  if (!text) return undefined
  // The school's own writing, of this very type.
  const page = JSON.parse(text) as PublishedPage
  return page.path === location.pathname ? page : undefined
}

/** Whatever asks for these finds them there: nothing of a published page is fetched before it is shown. */
export const takePublished = (cache: QueryClient, { school, home, courses, course, offers, legal, preview, figures }: PublishedPage): void => {
  if (figures) takeFigures(figures)
  cache.setQueryData(['school'], school)
  if (home) cache.setQueryData(['catalogue-home'], home)
  if (courses) cache.setQueryData(['catalogue'], { school: school.name, courses: courses.entries })
  if (course) cache.setQueryData(['catalogue', course.slug], course)
  if (offers) cache.setQueryData(['catalogue-offers'], offers)
  if (preview) cache.setQueryData(previewKey(preview.view.id), preview)
  if (legal) cache.setQueryData(['catalogue-legal', legal.page], legal)
}

/** Asks anew for what changes without its pages being written again, and for the rest of what they show a part of. */
export const freshen = async (cache: QueryClient, { courses }: PublishedPage): Promise<void> => {
  const keys = [['school'], ['catalogue-offers'], ...(courses?.isWhole === false ? [['catalogue']] : [])]
  await Promise.all(keys.map((queryKey) => myTurn().then(() => cache.invalidateQueries({ queryKey, exact: true }))))
}
