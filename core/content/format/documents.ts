import * as z from 'zod/mini'
import { Money } from '#contract/base.ts'
import { CompletionRule } from '#contract/courses.ts'
import { LessonAbout } from '#contract/lesson-about.ts'
import { MOST_QUESTIONS, Question } from '#contract/questions.ts'

/** The file that says what a course is, in its folder: `<folder>/<slug>/course.md`. Lessons lie below, a folder for each section. */
export const COURSE_FILE = 'course.md'

const title = z.string().check(z.trim(), z.minLength(1), z.maxLength(120))

/** A lesson as its file says it: what is above its text, and the text. */
export const LessonDocument = z.object({
  id: z.optional(z.string().check(z.regex(/^les_[0-9a-z]{8,32}$/))),
  title,
  kind: z.enum(['article', 'video']),
  isPreview: z._default(z.boolean(), false),
  about: LessonAbout,
  questions: z._default(z.array(Question).check(z.maxLength(MOST_QUESTIONS)), []),
  /** Of the school: a file names them, and their bytes stay where they are. */
  video: z.optional(z.string().check(z.regex(/^vid_[0-9a-z]{8,32}$/))),
  files: z._default(z.array(z.object({ id: z.string().check(z.regex(/^fil_[0-9a-z]{8,32}$/)), name: z.string() })), []),
  /** Markdown. */
  text: z.string().check(z.maxLength(100_000)),
})
export type LessonDocument = z.infer<typeof LessonDocument>

/** A course as `course.md` says it; its text is the description. */
export const CourseDocument = z.object({
  id: z.optional(z.string().check(z.regex(/^crs_[0-9a-z]{8,32}$/))),
  title,
  summary: z._default(z.string().check(z.maxLength(240)), ''),
  outcomes: z._default(z.array(z.string().check(z.trim(), z.minLength(1), z.maxLength(160))).check(z.maxLength(8)), []),
  /** Free where it is left out. */
  price: z.optional(Money),
  otherPrices: z._default(z.array(Money).check(z.maxLength(20)), []),
  completion: z.optional(CompletionRule),
  /** E-mail address of its teacher; the owner where it is left out. */
  teacher: z.optional(z.string().check(z.email())),
  isPublished: z._default(z.boolean(), true),
  /** Folders in their order; those not named follow by name. */
  sections: z._default(
    z
      .array(
        z.object({ folder: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,79}$/)), title, id: z.optional(z.string().check(z.regex(/^sec_[0-9a-z]{8,32}$/))) }),
      )
      .check(z.maxLength(100)),
    [],
  ),
  description: z.string().check(z.maxLength(100_000)),
})
export type CourseDocument = z.infer<typeof CourseDocument>

/** What a file's text says, or what is wrong with it. */
export type Reading<T> = { document: T } | { findings: { line?: number; says: string }[] }
