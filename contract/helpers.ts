import * as z from 'zod/mini'
import { done, endpoint, id, when } from './base.ts'

/**
 * What an assistant is let do in a course: write it (publishing and prices stay with its teachers), judge work, answer and moderate talk
 * and reviews, see who learns in it and how far they are.
 */
export const CourseRight = z.enum(['edit', 'grade', 'talk', 'learners'])
export type CourseRight = z.infer<typeof CourseRight>

/**
 * How somebody helps with a course that is another's. A co-teacher may do what its teacher may, but neither remove it nor say who teaches; what
 * it earns they see if its teacher says so. An assistant has the rights that are named.
 */
export const Help = z.discriminatedUnion('as', [
  z.object({ as: z.literal('co-teacher'), seesRevenue: z.boolean() }),
  z.object({ as: z.literal('assistant'), rights: z.array(CourseRight).check(z.minLength(1), z.maxLength(CourseRight.options.length)) }),
])
export type Help = z.infer<typeof Help>

export const Helper = z.object({
  person: z.string(),
  name: z.string(),
  /** For those who say who helps. */
  email: z.optional(z.string()),
  help: Help,
  since: when,
})
export type Helper = z.infer<typeof Helper>

/** Who teaches a course, and who helps. */
export const CoursePeople = z.object({ teacher: z.object({ id: z.string(), name: z.string() }), helpers: z.array(Helper), mayChange: z.boolean() })
export type CoursePeople = z.infer<typeof CoursePeople>

/** How one stands to a course on one's own desk, and what of it one may do. */
export const Part = z.object({
  as: z.enum(['teacher', 'admin', 'co-teacher', 'assistant']),
  rights: z.array(CourseRight),
  seesRevenue: z.boolean(),
})
export type Part = z.infer<typeof Part>

export const MOST_HELPERS = 30

const course = id('crs')
const person = z.string().check(z.minLength(1), z.maxLength(100))

export const helpers = {
  list: endpoint({
    method: 'GET',
    path: '/teach/courses/{course}/people',
    access: 'teaching',
    summary: 'Who teaches a course of mine, and who helps',
    input: z.object({ course }),
    output: CoursePeople,
  }),
  part: endpoint({
    method: 'GET',
    path: '/teach/courses/{course}/part',
    access: 'teaching',
    summary: 'What of a course I may do, as its teacher or as somebody who helps',
    input: z.object({ course }),
    output: Part,
  }),
  add: endpoint({
    method: 'POST',
    path: '/teach/courses/{course}/people',
    access: 'teaching',
    summary: 'Have somebody who has an account help with a course of mine',
    input: z.object({ course, email: z.string().check(z.trim(), z.minLength(3), z.maxLength(254)), help: Help }),
    output: CoursePeople,
  }),
  change: endpoint({
    method: 'PUT',
    path: '/teach/courses/{course}/people/{person}',
    access: 'teaching',
    summary: 'Say anew how somebody helps with a course of mine',
    input: z.object({ course, person, help: Help }),
    output: CoursePeople,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/teach/courses/{course}/people/{person}',
    access: 'teaching',
    summary: 'Have somebody help no longer; whoever helps may end it themselves',
    input: z.object({ course, person }),
    output: done,
  }),
}
