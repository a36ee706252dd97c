import * as z from 'zod/mini'
import { LEAST_FOR_AVERAGE, type Rating, type Review, type ReviewPage, type ReviewSummary, Stars } from '#contract/reviews.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

export const StoredReview = z.object({
  id: z.string(),
  course: z.string(),
  learner: z.string(),
  name: z.string(),
  stars: Stars,
  text: z.string(),
  at: z.string(),
  changedAt: z.optional(z.string()),
  reply: z.optional(z.object({ text: z.string(), at: z.string() })),
  reports: z._default(z.array(z.object({ by: z.string(), reason: z.string(), at: z.string() })), []),
  hidden: z.optional(z.object({ reason: z.string(), by: z.string(), at: z.string() })),
  /** What was said each time it left everybody's sight or came back. */
  judged: z._default(z.array(z.object({ isHidden: z.boolean(), reason: z.string(), by: z.string(), at: z.string() })), []),
})
export type StoredReview = z.infer<typeof StoredReview>

/** Something was reported of it since anybody last judged it. */
export const isReported = ({ hidden, reports, judged }: StoredReview): boolean => !hidden && reports.some(({ at }) => at > (judged.at(-1)?.at ?? ''))

export const shownOf = (course: string): string => `reviews-of#${course}`
export const hiddenOf = (course: string): string => `hidden-reviews-of#${course}`

export const reviewRecords = records({
  schema: StoredReview,
  key: ({ id }: { id: string }) => ({ pk: `review#${id}`, sk: 'review' }),
  index: ({ course, id, at, hidden }) => ({ ipk: hidden ? hiddenOf(course) : shownOf(course), isk: `${at}#${id}` }),
  people: {
    what: 'goes',
    says: 'Your reviews',
    isSigned: true,
    whose: ({ learner }) => learner,
    mend: (review, { alias }) => ({ ...review, reports: review.reports.filter(({ by }) => by !== alias.id) }),
    shows: ({ reports: _, judged: __, ...review }) => review,
  },
})

/** Which review is somebody's of a course: there is one at most. */
export const ownReviewRecords = records({
  schema: z.object({ learner: z.string(), course: z.string(), review: z.string() }),
  key: ({ learner, course }: { learner: string; course: string }) => ({ pk: `reviewer#${learner}`, sk: course }),
  people: { what: 'goes', says: 'Which reviews are yours', whose: ({ learner }) => learner },
})

/** How many of each number of stars are in everybody's sight: written with each review, so that no listing has to be counted. */
export const Tally = z.object({ course: z.string(), stars: z.array(z.int()).check(z.length(5)), hidden: z.int() })
export type Tally = z.infer<typeof Tally>

export const tallyRecords = records({ schema: Tally, key: ({ course }: { course: string }) => ({ pk: `course#${course}`, sk: 'reviews' }), people: ofNobody })

const averageOf = ({ stars }: Tally): number | undefined => {
  const count = stars.reduce((sum, each) => sum + each, 0)
  const total = stars.reduce((sum, each, at) => sum + each * (at + 1), 0)
  return count < LEAST_FOR_AVERAGE ? undefined : Math.round((10 * total) / count) / 10
}

export const summaryOf = async (tables: Tables, course: string): Promise<ReviewSummary> => {
  const tally = (await tallyRecords.get(tables, { course }))?.value ?? { course, stars: [0, 0, 0, 0, 0], hidden: 0 }
  const average = averageOf(tally)
  return { count: tally.stars.reduce((sum, each) => sum + each, 0), stars: tally.stars, hidden: tally.hidden, ...(average !== undefined && { average }) }
}

/** What a course's page may say; nothing of fewer than three reviews. */
export const ratingOf = async (tables: Tables, course: string): Promise<Rating | undefined> => {
  const { average, count } = await summaryOf(tables, course)
  return average === undefined ? undefined : { average, count }
}

const A_PAGE = 10

export const pageOf = (tables: Tables, index: string, page: string | undefined) =>
  reviewRecords.listIndex(tables, index, { descending: true, limit: A_PAGE, ...(page !== undefined && { page }) })

const shown = ({ id, name, stars, text, at, changedAt, reply }: StoredReview): Review => ({
  ...{ id, name, stars, text, at },
  isEdited: changedAt !== undefined,
  ...(reply && { reply }),
})

/** What everybody may read. */
export const reviewPage = async (tables: Tables, { course, page }: { course: string; page?: string | undefined }): Promise<ReviewPage> => {
  const { items, next } = await pageOf(tables, shownOf(course), page)
  return { summary: await summaryOf(tables, course), reviews: items.map(shown), ...(next !== undefined && { next }) }
}
