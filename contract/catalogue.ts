import * as z from 'zod/mini'
import { Money } from './base.ts'
import { LessonKind } from './lesson-kinds.ts'
import { SectionOpening } from './opening.ts'
import { Rating, ReviewPage } from './reviews.ts'
import { SalesPage } from './sales-page.ts'

/*
 * Publishing writes these as static files below `/catalogue/`; visitors read them from the edge and cost the school
 * no request of its own. `/catalogue/index.json` is a Catalogue, `/catalogue/<slug>.json` a PublishedCourse.
 */

export const PublishedLesson = z.object({
  id: z.string(),
  title: z.string(),
  kind: LessonKind,
  isPreview: z.boolean(),
  /** Present for videos that are ready. */
  durationSeconds: z.optional(z.number()),
})
export type PublishedLesson = z.infer<typeof PublishedLesson>

export const CatalogueEntry = z.object({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  summary: z.string(),
  teacher: z.string(),
  price: Money,
  /** The same course in further currencies. */
  otherPrices: z._default(z.array(Money), []),
  lessons: z.int(),
  durationSeconds: z.number(),
  publishedAt: z.string(),
})
export type CatalogueEntry = z.infer<typeof CatalogueEntry>

export const Catalogue = z.object({ school: z.string(), courses: z.array(CatalogueEntry) })
export type Catalogue = z.infer<typeof Catalogue>

export const PublishedCourse = z.object({
  ...CatalogueEntry.shape,
  /** Markdown. */
  description: z.string(),
  outcomes: z.array(z.string()),
  sections: z.array(z.object({ id: z.string(), title: z.string(), opens: z.optional(SectionOpening), lessons: z.array(PublishedLesson) })),
  /** Each lesson opens when the one before it is completed. */
  isSequential: z.optional(z.boolean()),
  /** Courses to be completed first, by their ids. */
  requires: z.optional(z.array(z.string())),
  sales: z.optional(SalesPage),
  /** Of three reviews or more. */
  rating: z.optional(Rating),
  /** The newest reviews, so that whoever only looks costs no request. */
  reviews: z.optional(ReviewPage),
  /** What publishing made of the Markdown in it. */
  html: z.optional(z.object({ description: z.string(), teacher: z.string(), answers: z.array(z.string()) })),
})
export type PublishedCourse = z.infer<typeof PublishedCourse>
