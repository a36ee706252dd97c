import * as z from 'zod/mini'
import { endpoint, id, nothing } from './base.ts'

/** Counting stops there: who has so much to do is not helped by the exact number. */
export const MOST_COUNTED = 30

export const CourseTodo = z.object({
  course: z.object({ id: id('crs'), title: z.string() }),
  /** Work to be graded. */
  work: z.int(),
  /** Questions that nobody has answered, and what was reported of what learners write. */
  questions: z.int(),
  reports: z.int(),
  /** Reviews that somebody has reported and nobody has judged since. */
  reviews: z.int(),
  /** Videos that could not be used. */
  videos: z.int(),
  /** Drafts of the chatbot in review. */
  drafts: z.int(),
  /** Where one begins: the first of these lessons, the oldest work, and the series of a draft. */
  first: z.object({ video: z.optional(z.string()), work: z.optional(z.string()), draft: z.optional(z.object({ series: z.string(), run: z.string() })) }),
})
export type CourseTodo = z.infer<typeof CourseTodo>

export const todo = {
  list: endpoint({
    method: 'GET',
    path: '/teach/todo',
    access: 'teaching',
    summary: 'What waits for me in the courses I teach or help with; only those are named in which something does',
    input: nothing,
    output: z.object({ courses: z.array(CourseTodo) }),
  }),
  ofCourse: endpoint({
    method: 'GET',
    path: '/teach/courses/{course}/todo',
    access: 'teaching',
    summary: 'What waits in a course of mine',
    input: z.object({ course: id('crs') }),
    output: CourseTodo,
  }),
}
