import * as z from 'zod/mini'

/** When a section opens to a learner: so many days after their right to the course began, or to everybody at a moment. */
export const SectionOpening = z.discriminatedUnion('by', [
  z.object({ by: z.literal('days'), days: z.int().check(z.minimum(1), z.maximum(3650)) }),
  z.object({ by: z.literal('date'), at: z.iso.datetime() }),
])
export type SectionOpening = z.infer<typeof SectionOpening>

/**
 * Why a lesson is not open yet to somebody who has the course: another course is to be completed first, its section opens at a
 * moment, or the lesson before it is not completed.
 */
export const Waiting = z.enum(['course-first', 'not-yet', 'lesson-first'])
export type Waiting = z.infer<typeof Waiting>

/** As many as a course may ask for. */
export const MOST_REQUIRED = 5
