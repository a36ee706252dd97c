import * as z from 'zod/mini'
import { records, type Stored } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

/** A learner's right to follow a course, and what it rests on. */
export const Enrolment = z.object({
  learner: z.string(),
  course: z.string(),
  since: z.string(),
  /** The order that paid for it; absent for a free course. */
  order: z.optional(z.string()),
})
export type Enrolment = z.infer<typeof Enrolment>

export const enrolmentRecords = records({
  schema: Enrolment,
  key: ({ learner, course }: { learner: string; course: string }) => ({ pk: `learner#${learner}`, sk: `enrolment#${course}` }),
  index: ({ course, learner, since }) => ({ ipk: `learners-of#${course}`, isk: `${since}#${learner}` }),
})

export const enrolmentOf = (tables: Tables, learner: string, course: string): Promise<Stored<Enrolment> | undefined> =>
  enrolmentRecords.get(tables, { learner, course })
