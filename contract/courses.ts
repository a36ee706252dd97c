import * as z from 'zod/mini'
import { AssignmentRules } from './assignments.ts'
import { done, endpoint, id, Money, nothing, title, when } from './base.ts'
import { CompletionRule } from './completion.ts'
import { KeptIn } from './content.ts'
import { Part } from './helpers.ts'
import { LessonAbout } from './lesson-about.ts'
import { LessonKind } from './lesson-kinds.ts'
import { LessonLack } from './lesson-lack.ts'
import { LiveSession } from './live.ts'
import { Video } from './media.ts'
import { MOST_REQUIRED, SectionOpening } from './opening.ts'
import { Question } from './questions.ts'
import { QuizRules } from './quizzes.ts'
import { RemovedLesson } from './removed-lesson.ts'
import { SalesPage } from './sales-page.ts'

/** A lesson as its teacher sees it in the outline. */
export const OutlineLesson = z.object({
  id: id('les'),
  title: z.string(),
  kind: LessonKind,
  isPreview: z.boolean(),
  video: z.optional(Video),
  hasText: z.boolean(),
  hasFiles: z.boolean(),
  lacks: z.optional(LessonLack),
  /** Its title, its text and what else its file says are changed there. */
  kept: z.optional(KeptIn),
})
export type OutlineLesson = z.infer<typeof OutlineLesson>

export const Section = z.object({ id: id('sec'), title: z.string(), opens: z.optional(SectionOpening), lessons: z.array(OutlineLesson) })
export type Section = z.infer<typeof Section>

export const Course = z.object({
  id: id('crs'),
  slug: z.string(),
  title: z.string(),
  /** One sentence for cards. */
  summary: z.string(),
  /** Markdown. */
  description: z.string(),
  /** What a learner will be able to do; a few short lines. */
  outcomes: z.array(z.string()),
  price: Money,
  /** What it costs in further currencies; of no use while the course is free. */
  otherPrices: z.array(Money),
  teacher: z.object({ id: z.string(), name: z.string() }),
  sales: SalesPage,
  status: z.enum(['draft', 'published']),
  completion: CompletionRule,
  /** Each lesson opens when the one before it is completed. */
  isSequential: z.boolean(),
  /** Courses to be completed before this one opens. */
  requires: z.array(z.object({ id: id('crs'), title: z.string() })),
  /** When it is to be published by itself, and why that came to nothing the last time. */
  publishAt: z.optional(when),
  publishFault: z.optional(z.object({ at: when, says: z.string() })),
  /** Put away: out of the catalogue and of the teacher’s list, while learners keep it. */
  isArchived: z.boolean(),
  /** True when what is published differs from what is here. */
  hasUnpublishedChanges: z.boolean(),
  sections: z.array(Section),
  learners: z.int(),
  updatedAt: when,
  /** What it says of itself, and the order of its sections, are changed in this file. */
  kept: z.optional(KeptIn),
})
export type Course = z.infer<typeof Course>

export const CourseSummary = z.pick(Course, {
  id: true,
  slug: true,
  title: true,
  summary: true,
  price: true,
  status: true,
  isArchived: true,
  publishAt: true,
  learners: true,
  updatedAt: true,
})
export type CourseSummary = z.infer<typeof CourseSummary>

/** On the desk of somebody who teaches it, or helps with it. */
export const TaughtCourse = z.extend(CourseSummary, { part: Part, teacher: z.string() })
export type TaughtCourse = z.infer<typeof TaughtCourse>

export const LessonDraft = z.object({
  id: id('les'),
  course: id('crs'),
  title: z.string(),
  kind: LessonKind,
  isPreview: z.boolean(),
  text: z.string(),
  video: z.optional(Video),
  about: LessonAbout,
  /** With their keys. */
  questions: z.array(Question),
  /** Of such a lesson whose teacher has chosen. */
  quiz: z.optional(QuizRules),
  assignment: z.optional(AssignmentRules),
  live: z.optional(LiveSession),
  kept: z.optional(KeptIn),
})
export type LessonDraft = z.infer<typeof LessonDraft>

const course = id('crs')
const text = z.string().check(z.maxLength(100_000))

/** Every change answers the whole course, so that the page shows what is stored. */
export const courses = {
  mine: endpoint({
    method: 'GET',
    path: '/teach/courses',
    access: 'teaching',
    summary: 'The courses I teach or help with',
    input: nothing,
    output: z.object({ courses: z.array(TaughtCourse) }),
  }),
  create: endpoint({ method: 'POST', path: '/teach/courses', access: 'instructor', summary: 'Begin a course', input: z.object({ title }), output: Course }),
  get: endpoint({
    method: 'GET',
    path: '/teach/courses/{course}',
    access: 'teaching',
    summary: 'A course of mine, whole',
    input: z.object({ course }),
    output: Course,
  }),
  update: endpoint({
    method: 'PATCH',
    path: '/teach/courses/{course}',
    access: 'teaching',
    summary: 'Change what a course says of itself',
    input: z.object({
      course,
      title: z.optional(title),
      summary: z.optional(z.string().check(z.maxLength(240))),
      description: z.optional(text),
      outcomes: z.optional(z.array(z.string().check(z.trim(), z.minLength(1), z.maxLength(160))).check(z.maxLength(8))),
      price: z.optional(Money),
      otherPrices: z.optional(z.array(Money).check(z.maxLength(20))),
      completion: z.optional(CompletionRule),
      isSequential: z.optional(z.boolean()),
      requires: z.optional(z.array(id('crs')).check(z.maxLength(MOST_REQUIRED))),
      sales: z.optional(SalesPage),
    }),
    output: Course,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/teach/courses/{course}',
    access: 'teaching',
    summary: 'Remove a course nobody has enrolled in, with its lessons and videos',
    input: z.object({ course }),
    output: done,
  }),
  addSection: endpoint({
    method: 'POST',
    path: '/teach/courses/{course}/sections',
    access: 'teaching',
    summary: 'Add a section',
    input: z.object({ course, title }),
    output: Course,
  }),
  renameSection: endpoint({
    method: 'PATCH',
    path: '/teach/courses/{course}/sections/{section}',
    access: 'teaching',
    summary: 'Rename a section',
    input: z.object({ course, section: id('sec'), title }),
    output: Course,
  }),
  openSection: endpoint({
    method: 'PUT',
    path: '/teach/courses/{course}/sections/{section}/opening',
    access: 'teaching',
    summary: 'Say when a section opens to learners; null opens it at once',
    input: z.object({ course, section: id('sec'), opens: z.nullable(SectionOpening) }),
    output: Course,
  }),
  removeSection: endpoint({
    method: 'DELETE',
    path: '/teach/courses/{course}/sections/{section}',
    access: 'teaching',
    summary: 'Remove an empty section',
    input: z.object({ course, section: id('sec') }),
    output: Course,
  }),
  arrange: endpoint({
    method: 'PUT',
    path: '/teach/courses/{course}/outline',
    access: 'teaching',
    summary: 'Put sections and lessons in order; the same ids must be named as before',
    input: z.object({ course, sections: z.array(z.object({ id: id('sec'), lessons: z.array(id('les')) })).check(z.maxLength(100)) }),
    output: Course,
  }),
  addLesson: endpoint({
    method: 'POST',
    path: '/teach/courses/{course}/sections/{section}/lessons',
    access: 'teaching',
    summary: 'Add a lesson at the end of a section',
    input: z.object({ course, section: id('sec'), title, kind: LessonKind }),
    output: Course,
  }),
  lesson: endpoint({
    method: 'GET',
    path: '/teach/lessons/{lesson}',
    access: 'teaching',
    summary: 'A lesson of mine, with its text',
    input: z.object({ lesson: id('les') }),
    output: LessonDraft,
  }),
  updateLesson: endpoint({
    method: 'PATCH',
    path: '/teach/lessons/{lesson}',
    access: 'teaching',
    summary: 'Change a lesson',
    input: z.object({ lesson: id('les'), title: z.optional(title), text: z.optional(text), isPreview: z.optional(z.boolean()) }),
    output: LessonDraft,
  }),
  removeLesson: endpoint({
    method: 'DELETE',
    path: '/teach/lessons/{lesson}',
    access: 'teaching',
    summary: 'Take a lesson out of the course; learners keep it until the course is published again. It can be put back for thirty days',
    input: z.object({ lesson: id('les'), isForGood: z.optional(z.boolean()) }),
    output: Course,
  }),
  removedLessons: endpoint({
    method: 'GET',
    path: '/teach/courses/{course}/removed',
    access: 'teaching',
    summary: 'Lessons taken out of a course of mine that can be put back, the newest first',
    input: z.object({ course }),
    output: z.object({ lessons: z.array(RemovedLesson) }),
  }),
  restoreLesson: endpoint({
    method: 'POST',
    path: '/teach/lessons/{lesson}/restoration',
    access: 'teaching',
    summary: 'Put a lesson back that was taken out, where it stood',
    input: z.object({ lesson: id('les') }),
    output: Course,
  }),
  duplicateLesson: endpoint({
    method: 'POST',
    path: '/teach/lessons/{lesson}/copies',
    access: 'teaching',
    summary: 'Copy a lesson behind itself, without its video and files',
    input: z.object({ lesson: id('les') }),
    output: Course,
  }),
  duplicate: endpoint({
    method: 'POST',
    path: '/teach/courses/{course}/copies',
    access: 'instructor',
    summary: 'Begin a course as a copy of one of mine, without videos, files and learners',
    input: z.object({ course, title }),
    output: Course,
  }),
  archive: endpoint({
    method: 'PUT',
    path: '/teach/courses/{course}/archive',
    access: 'teaching',
    summary: 'Put a course away, or bring it back; learners keep it',
    input: z.object({ course, isArchived: z.boolean() }),
    output: Course,
  }),
  schedule: endpoint({
    method: 'PUT',
    path: '/teach/courses/{course}/schedule',
    access: 'teaching',
    summary: 'Have the course published by itself at a moment; null calls it off',
    input: z.object({ course, publishAt: z.nullable(when) }),
    output: Course,
  }),
  publish: endpoint({
    method: 'POST',
    path: '/teach/courses/{course}/publish',
    access: 'teaching',
    summary: 'Publish the course as it stands',
    input: z.object({ course }),
    output: Course,
  }),
  unpublish: endpoint({
    method: 'POST',
    path: '/teach/courses/{course}/unpublish',
    access: 'teaching',
    summary: 'Take the course out of the catalogue; learners keep it',
    input: z.object({ course }),
    output: Course,
  }),
}
