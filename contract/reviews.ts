import * as z from 'zod/mini'
import { done, endpoint, id, when } from './base.ts'

/** Fewer say nothing: no average is shown. */
export const LEAST_FOR_AVERAGE = 3
/** So much of a course has to be done before one may judge it. */
export const LEAST_PERCENT = 20

export const Stars = z.int().check(z.minimum(1), z.maximum(5))

/** A review as everybody sees it. */
export const Review = z.object({
  id: id('rev'),
  name: z.string(),
  stars: Stars,
  text: z.string(),
  at: when,
  isEdited: z.boolean(),
  /** The teacher's answer. */
  reply: z.optional(z.object({ text: z.string(), at: when })),
})
export type Review = z.infer<typeof Review>

export const Rating = z.object({ average: z.number(), count: z.int() })
export type Rating = z.infer<typeof Rating>

export const ReviewSummary = z.object({
  count: z.int(),
  /** Only of three or more. */
  average: z.optional(z.number()),
  /** How many gave one star, two … five. */
  stars: z.array(z.int()),
  /** How many the school has taken out of sight. */
  hidden: z.int(),
})
export type ReviewSummary = z.infer<typeof ReviewSummary>

/** What everybody reads of a course's reviews, a page at a time. */
export const ReviewPage = z.object({ summary: ReviewSummary, reviews: z.array(Review), next: z.optional(z.string()) })
export type ReviewPage = z.infer<typeof ReviewPage>

/** A review as the course's teacher and the owner see it. */
export const StaffReview = z.object({
  ...Review.shape,
  reports: z.array(z.object({ reason: z.string(), at: when })),
  hidden: z.optional(z.object({ reason: z.string(), by: z.string(), at: when })),
})
export type StaffReview = z.infer<typeof StaffReview>

/** `early`: too little of the course is done · `teaches`: nobody judges a course of their own. */
export const MayReview = z.enum(['yes', 'early', 'not-enrolled', 'teaches'])
export const OwnReview = z.object({
  may: MayReview,
  percent: z.int(),
  review: z.optional(z.pick(StaffReview, { id: true, stars: true, text: true, at: true, reply: true, hidden: true })),
})
export type OwnReview = z.infer<typeof OwnReview>

const [course, review] = [id('crs'), id('rev')]
const reason = z.string().check(z.trim(), z.minLength(1), z.maxLength(500))
const page = z.optional(z.string().check(z.maxLength(2000)))

export const reviews = {
  ofCourse: endpoint({
    method: 'GET',
    path: '/courses/{course}/reviews',
    access: 'anyone',
    summary: 'What learners say of a course, the newest first',
    input: z.object({ course, page }),
    output: ReviewPage,
  }),
  mine: endpoint({
    method: 'GET',
    path: '/learning/courses/{course}/review',
    access: 'person',
    summary: 'My review of a course, and whether I may write one',
    input: z.object({ course }),
    output: OwnReview,
  }),
  write: endpoint({
    method: 'PUT',
    path: '/learning/courses/{course}/review',
    access: 'person',
    summary: 'Write my review of a course, or change it',
    input: z.object({ course, stars: Stars, text: z.string().check(z.maxLength(4000)) }),
    output: OwnReview,
  }),
  withdraw: endpoint({
    method: 'DELETE',
    path: '/learning/courses/{course}/review',
    access: 'person',
    summary: 'Take my review back',
    input: z.object({ course }),
    output: OwnReview,
  }),
  report: endpoint({
    method: 'POST',
    path: '/reviews/{review}/report',
    access: 'person',
    summary: 'Tell the school what is wrong with a review',
    input: z.object({ review, reason }),
    output: done,
  }),
  forStaff: endpoint({
    method: 'GET',
    path: '/teach/courses/{course}/reviews',
    access: 'teaching',
    summary: 'Reviews of a course of mine with what was reported, or those out of sight',
    input: z.object({ course, state: z._default(z.enum(['shown', 'hidden']), 'shown'), page }),
    output: z.object({ summary: ReviewSummary, reviews: z.array(StaffReview), next: z.optional(z.string()) }),
  }),
  reply: endpoint({
    method: 'PUT',
    path: '/teach/reviews/{review}/reply',
    access: 'teaching',
    summary: 'Answer a review for everybody to read; an empty answer takes it back',
    input: z.object({ review, text: z.string().check(z.maxLength(2000)) }),
    output: StaffReview,
  }),
  judge: endpoint({
    method: 'PUT',
    path: '/teach/reviews/{review}/sight',
    access: 'teaching',
    summary: 'Take a review out of sight, or bring it back, for a reason that is kept',
    input: z.object({ review, isHidden: z.boolean(), reason }),
    output: StaffReview,
  }),
}
