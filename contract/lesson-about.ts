import * as z from 'zod/mini'

const line = (most: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(most))

/** Where something in a lesson comes from. */
export const Source = z.object({ title: line(200), url: z.url({ protocol: /^https?$/, hostname: z.regexes.domain }).check(z.maxLength(2000)) })
export type Source = z.infer<typeof Source>

/** What a lesson says of itself beside its text. */
export const LessonAbout = z.object({
  summary: z.optional(line(400)),
  /** What a learner can do afterwards. */
  objectives: z._default(z.array(line(200)).check(z.maxLength(8)), []),
  readingMinutes: z.optional(z.int().check(z.minimum(1), z.maximum(240))),
  /** BCP 47. */
  language: z.optional(z.string().check(z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/))),
  /** An SPDX expression, or “All rights reserved”. */
  licence: z.optional(line(100)),
  sources: z._default(z.array(Source).check(z.maxLength(30)), []),
})
export type LessonAbout = z.infer<typeof LessonAbout>
