import * as z from 'zod/mini'
import { endpoint, id, when } from './base.ts'
import { Course } from './courses.ts'
import { Curriculum } from './learning.ts'
import { LessonKind } from './lesson-kinds.ts'

/** What differs between two versions of a course, as far as one line can tell. `title` is the lesson's, or the section's. */
export const Difference = z.discriminatedUnion('what', [
  z.object({ what: z.enum(['lesson-added', 'lesson-removed', 'lesson-changed', 'lesson-moved']), lesson: z.string(), title: z.string(), kind: LessonKind }),
  z.object({ what: z.enum(['section-added', 'section-removed', 'section-changed']), title: z.string() }),
  z.object({ what: z.literal('course-changed'), field: z.enum(['title', 'summary', 'description', 'outcomes', 'price', 'completion', 'pace', 'sales']) }),
])
export type Difference = z.infer<typeof Difference>

/** `published`: what learners were shown from then on. `replaced`: the draft as it was before an older version was brought back into it. */
export const Version = z.object({
  number: z.int(),
  why: z.enum(['published', 'replaced']),
  at: when,
  /** Absent where a clock or the repository did it. */
  by: z.optional(z.string()),
  title: z.string(),
  lessons: z.int(),
  /** Against the version before, the first dozen; `more` says how many there are beyond. */
  differences: z.array(Difference),
  more: z.int(),
})
export type Version = z.infer<typeof Version>

const course = id('crs')
const number = z.coerce.number().check(z.int(), z.minimum(1))

export const versions = {
  list: endpoint({
    method: 'GET',
    path: '/teach/courses/{course}/versions',
    access: 'teaching',
    summary: 'Versions of a course of mine, the newest first; the last fifty are kept',
    input: z.object({ course }),
    output: z.object({ versions: z.array(Version) }),
  }),
  compare: endpoint({
    method: 'GET',
    path: '/teach/courses/{course}/versions/{number}',
    access: 'teaching',
    summary: 'What has changed in the draft since a version; of one lesson its texts too, as they were then and are now',
    input: z.object({ course, number, lesson: z.optional(id('les')) }),
    output: z.object({
      version: Version,
      differences: z.array(Difference),
      texts: z.optional(z.object({ before: z.optional(z.string()), now: z.optional(z.string()) })),
    }),
  }),
  restore: endpoint({
    method: 'POST',
    path: '/teach/courses/{course}/versions/{number}/restoration',
    access: 'teaching',
    summary: 'Bring a version back into the draft; what learners see stays until it is published. The draft is kept as a version first',
    input: z.object({ course, number }),
    output: z.object({
      course: Course,
      /** The number under which the draft was kept: bringing that back undoes this. */
      kept: z.int(),
      /** Lessons that have come back without their video or files, which had gone for good. */
      without: z.array(z.object({ id: z.string(), title: z.string() })),
    }),
  }),
  preview: endpoint({
    method: 'GET',
    path: '/teach/courses/{course}/preview',
    access: 'teaching',
    summary: 'The draft’s curriculum as somebody sees it so many days after they enrolled, with the first lessons completed',
    input: z.object({
      course,
      day: z.coerce.number().check(z.int(), z.minimum(0), z.maximum(3650)),
      completed: z.coerce.number().check(z.int(), z.minimum(0), z.maximum(400)),
    }),
    output: Curriculum,
  }),
}
