import type { School } from './accounts.ts'
import type { CatalogueEntry, PublishedCourse } from './catalogue.ts'
import type { LessonView } from './learning.ts'
import type { Offer } from './offers.ts'
import type { PublishedHome, PublishedLegal } from './storefront.ts'

/** A lesson that everybody may see, as somebody sees it who has not signed in. */
export type PublishedPreview = {
  view: LessonView
  /** What publishing made of its text. */
  html?: string
  /** Where everybody may fetch the first picture of its video. */
  poster?: string
}

/** Numbers as the page writes them, by their names: `1900 EUR auto` is `€19.00`. */
export type Figures = Record<string, string>

/**
 * What a published page shows and stands in it as JSON, so that the app takes it up as it is. Plain types: the school writes it by the schemas
 * these come from, and the browser reads no schemas.
 */
export type PublishedPage = {
  path: string
  school: School
  home?: PublishedHome
  /** As many as the page shows; `isWhole` says that there are no others. */
  courses?: { entries: CatalogueEntry[]; isWhole: boolean }
  course?: PublishedCourse
  /** All that are on sale on the home page and an offer's own; else those that the course is part of. */
  offers?: Offer[]
  legal?: PublishedLegal
  preview?: PublishedPreview
  figures?: Figures
}

/** Where it stands in the page. */
export const PUBLISHED = 'published'
