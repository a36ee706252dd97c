import * as z from 'zod/mini'
import { AssignmentRules } from '#contract/assignments.ts'
import { Money } from '#contract/base.ts'
import { CompletionRule } from '#contract/completion.ts'
import { MOST_FILES, plainFileName } from '#contract/files.ts'
import { LessonAbout } from '#contract/lesson-about.ts'
import { LessonKind } from '#contract/lesson-kinds.ts'
import { LiveSession } from '#contract/live.ts'
import { MOST_REQUIRED, SectionOpening } from '#contract/opening.ts'
import { MOST_QUESTIONS, Question } from '#contract/questions.ts'
import { QuizRules } from '#contract/quizzes.ts'

/** The file that says what a course is, in its folder: `<folder>/<slug>/course.md`. Lessons lie below, a folder for each section. */
export const COURSE_FILE = 'course.md'

const title = z.string().check(z.trim(), z.minLength(1), z.maxLength(120))

const fileName = z.string().check(z.refine((name) => name !== '' && plainFileName(name) === name, 'has to be a file’s plain name, such as notes.pdf'))

/** A lesson as its file says it: what is above its text, and the text. */
export const LessonDocument = z.object({
  id: z.optional(z.string().check(z.regex(/^les_[0-9a-z]{8,32}$/))),
  title,
  kind: LessonKind,
  isPreview: z._default(z.boolean(), false),
  about: LessonAbout,
  questions: z._default(z.array(Question).check(z.maxLength(MOST_QUESTIONS)), []),
  /** What a quiz wants of its learners; as quizzes usually do, where it is left out. */
  quiz: z.optional(QuizRules),
  assignment: z.optional(AssignmentRules),
  live: z.optional(LiveSession),
  /** Of the school: a file names them, and their bytes stay where they are. */
  video: z.optional(z.string().check(z.regex(/^vid_[0-9a-z]{8,32}$/))),
  files: z._default(z.array(z.object({ id: z.string().check(z.regex(/^fil_[0-9a-z]{8,32}$/)), name: fileName })).check(z.maxLength(MOST_FILES)), []),
  /** Markdown. */
  text: z.string().check(z.maxLength(100_000)),
})
export type LessonDocument = z.infer<typeof LessonDocument>

/** A section as `course.md` names it. */
export const SectionDocument = z.object({
  folder: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,79}$/)),
  title,
  id: z.optional(z.string().check(z.regex(/^sec_[0-9a-z]{8,32}$/))),
  opens: z.optional(SectionOpening),
})

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
  /** Each lesson opens when the one before it is completed. */
  isSequential: z._default(z.boolean(), false),
  /** Courses to be completed before this one opens. */
  requires: z._default(z.array(z.string().check(z.regex(/^crs_[0-9a-z]{8,32}$/))).check(z.maxLength(MOST_REQUIRED)), []),
  /** Folders in their order; those not named follow by name. */
  sections: z._default(z.array(SectionDocument).check(z.maxLength(100)), []),
  description: z.string().check(z.maxLength(100_000)),
})
export type CourseDocument = z.infer<typeof CourseDocument>

/** What is wrong with a file; `line` counts from 1. */
export type Finding = { line?: number; says: string }

/** What a file's text says, or what is wrong with it. */
export type Reading<T> = { document: T } | { findings: Finding[] }

/** A file of the repository; its text is undefined where its bytes are no UTF-8. Paths are from the repository's root. */
export type TreeFile = { path: string; text: string | undefined }

export type TreeLesson = { path: string; document: LessonDocument }

/** `id` where the course's file gives it; a title is there always. */
export type TreeSection = { folder: string; title: string; id?: string | undefined; opens?: SectionOpening | undefined; lessons: TreeLesson[] }

/** A course as its folder has it, in order. Without `course.md` the folder only adds lessons to a course that the school has. */
export type TreeCourse = { slug: string; path: string; course?: CourseDocument; sections: TreeSection[] }
