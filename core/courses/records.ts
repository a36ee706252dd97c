import * as z from 'zod/mini'
import { AssignmentRules } from '#contract/assignments.ts'
import { Money } from '#contract/base.ts'
import { PublishedCourse } from '#contract/catalogue.ts'
import { CompletionRule } from '#contract/completion.ts'
import { LessonAbout } from '#contract/lesson-about.ts'
import { LessonKind } from '#contract/lesson-kinds.ts'
import { LiveSession } from '#contract/live.ts'
import { SectionOpening } from '#contract/opening.ts'
import { QuizRules } from '#contract/quizzes.ts'
import { SalesPage } from '#contract/sales-page.ts'
import { ofNobody, ofTheSchool } from '#core/personal.ts'
import { StoredQuestions } from '#core/quizzes/naming.ts'
import { records, type Stored } from '#core/records.ts'
import type { Clock } from '#ports/clock.ts'
import type { Change } from '#ports/tables.ts'

/** Of courses whose teacher has never chosen. */
export const USUAL_COMPLETION: CompletionRule = { by: 'watching', percent: 90 }

/** A course as its teacher is writing it. Lessons lie in records of their own; the outline here holds their order. */
export const StoredCourse = z.object({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  summary: z.string(),
  description: z.string(),
  outcomes: z.array(z.string()),
  price: Money,
  otherPrices: z._default(z.array(Money), []),
  teacher: z.object({ id: z.string(), name: z.string() }),
  /** Absent where the teacher has never chosen. */
  completion: z.optional(CompletionRule),
  sales: z.optional(SalesPage),
  status: z.enum(['draft', 'published']),
  sections: z.array(z.object({ id: z.string(), title: z.string(), opens: z.optional(SectionOpening), lessons: z.array(z.string()) })),
  /** Each lesson opens when the one before it is completed. */
  isSequential: z.optional(z.boolean()),
  /** Courses to be completed first. */
  requires: z.optional(z.array(z.string())),
  createdAt: z.string(),
  updatedAt: z.string(),
  publishedAt: z.optional(z.string()),
  /** Grows with every change; equal to `publishedRevision` when what is published is what is here. */
  revision: z.int(),
  publishedRevision: z.optional(z.int()),
  /** When a clock is to publish it, and what kept it from that the last time. */
  publishAt: z.optional(z.string()),
  publishFault: z.optional(z.object({ at: z.string(), says: z.string() })),
  archivedAt: z.optional(z.string()),
  /** How many versions have been kept of it so far. */
  versions: z.optional(z.int()),
  /** The file it is kept in, where it is kept in the school's repository. */
  kept: z.optional(z.object({ path: z.string(), blob: z.string() })),
})
export type StoredCourse = z.infer<typeof StoredCourse>

/** The course as changed now. */
export const touched = (clock: Clock, course: StoredCourse): StoredCourse => ({
  ...course,
  updatedAt: clock.now().toISOString(),
  revision: course.revision + 1,
})

export const courseRecords = records({
  schema: StoredCourse,
  key: ({ id }: { id: string }) => ({ pk: `course#${id}`, sk: 'draft' }),
  index: ({ id, teacher, createdAt }) => ({ ipk: `teacher#${teacher.id}`, isk: `${createdAt}#${id}` }),
  people: { ...ofTheSchool, says: 'Courses you teach', whose: ({ teacher }) => teacher.id },
})

/** Holds a slug for the course that took it first; once published it is never another's, even when its course has been removed. */
export const slugRecords = records({
  schema: z.object({ slug: z.string(), course: z.string() }),
  key: ({ slug }: { slug: string }) => ({ pk: `slug#${slug}`, sk: 'course' }),
  people: ofNobody,
})

/** What was last published: the very thing that the catalogue shows, that is sold, and whose lessons learners follow. */
export const StoredPublication = z.object({
  ...PublishedCourse.shape,
  teacherId: z.string(),
  isListed: z.boolean(),
  completion: z.optional(CompletionRule),
  /** The course is being removed: nobody is let in any more, whatever they have paid. */
  isClosed: z.optional(z.boolean()),
  /** Somebody has enrolled. Absent too where the last of them did before courses said so. */
  isFollowed: z.optional(z.boolean()),
})
export type StoredPublication = z.infer<typeof StoredPublication>

export const publicationRecords = records({
  schema: StoredPublication,
  key: ({ id }: { id: string }) => ({ pk: `course#${id}`, sk: 'published' }),
  index: ({ id, isListed, publishedAt }) => (isListed ? { ipk: 'catalogue', isk: `${publishedAt}#${id}` } : undefined),
  people: {
    ...ofTheSchool,
    says: 'Courses of yours as they are published',
    whose: ({ teacherId }) => teacherId,
    mend: (course, { heir }) => (course.teacherId === heir.id ? { ...course, teacher: heir.name } : course),
  },
})

/**
 * Belongs into the commit that lets somebody in: it holds while the course is as it was read, and from the first on the course
 * itself says that it is followed, for an index may list them a moment later.
 */
export const followed = (publication: Stored<StoredPublication>): Change =>
  publication.value.isFollowed ? publicationRecords.holds(publication) : publicationRecords.replace(publication, { ...publication.value, isFollowed: true })

/** What a lesson says of itself that nobody has said anything of. */
export const NOTHING_SAID: LessonAbout = { objectives: [], sources: [] }

/** A file to be downloaded. `type` is one of those the school knows to be harmless. */
export const StoredFile = z.object({ id: z.string(), name: z.string(), sizeBytes: z.int(), type: z.string(), key: z.string() })
export type StoredFile = z.infer<typeof StoredFile>

export const StoredLesson = z.object({
  id: z.string(),
  course: z.string(),
  title: z.string(),
  kind: LessonKind,
  isPreview: z.boolean(),
  text: z.string(),
  video: z.optional(z.string()),
  files: z._default(z.array(StoredFile), []),
  about: z._default(LessonAbout, NOTHING_SAID),
  /** At its end, with their keys. */
  questions: z._default(StoredQuestions, []),
  /** Of a quiz whose teacher has chosen. */
  quiz: z.optional(QuizRules),
  assignment: z.optional(AssignmentRules),
  live: z.optional(LiveSession),
  /** The file it is kept in, where it is kept in the school's repository. */
  kept: z.optional(z.object({ path: z.string(), blob: z.string() })),
})
export type StoredLesson = z.infer<typeof StoredLesson>

/** A lesson as it is being written. */
export const lessonRecords = records({
  schema: StoredLesson,
  key: ({ id }: { id: string }) => ({ pk: `lesson#${id}`, sk: 'draft' }),
  people: { ...ofTheSchool, says: 'Lessons that name you' },
})

/** A lesson as it was last published. */
export const publishedLessonRecords = records({
  schema: StoredLesson,
  key: ({ id }: { id: string }) => ({ pk: `lesson#${id}`, sk: 'published' }),
  people: { ...ofTheSchool, says: 'Published lessons that name you' },
})

/** So long a lesson that was taken out of a course can be put back. */
export const REMOVED_KEPT_DAYS = 30

/** A lesson that stands in no outline any more, and where it stood. Its draft stays, with video and files, until it goes for good. */
export const removedLessonRecords = records({
  schema: z.object({
    course: z.string(),
    lesson: z.string(),
    title: z.string(),
    kind: LessonKind,
    section: z.string(),
    place: z.int(),
    at: z.string(),
  }),
  key: ({ course, lesson }: { course: string; lesson: string }) => ({ pk: `course#${course}`, sk: `removed#${lesson}` }),
  index: ({ lesson, at }) => ({ ipk: 'removed-lessons', isk: `${at}#${lesson}` }),
  people: ofNobody,
})

/** Courses that a clock is to publish, in the order of their moments. */
export const publishingDueRecords = records({
  schema: z.object({ at: z.string(), course: z.string() }),
  key: ({ at, course }: { at: string; course: string }) => ({ pk: 'publishing-due', sk: `${at}#${course}` }),
  people: ofNobody,
})
