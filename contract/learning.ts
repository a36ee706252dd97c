import * as z from 'zod/mini'
import { done, endpoint, id, nothing, when } from './base.ts'
import { CompletionRule } from './completion.ts'
import { LessonFile } from './files.ts'
import { LessonAbout } from './lesson-about.ts'
import { LessonKind } from './lesson-kinds.ts'
import { Waiting } from './opening.ts'
import { AskedQuestion, GivenAnswer, MarkedAnswer, MOST_QUESTIONS } from './questions.ts'
import { Stretch } from './watching.ts'

/** What completes one lesson: the learner’s word, so many percent of its video watched, or the school’s judgement of what was handed in. */
export const LessonCompletion = z.discriminatedUnion('by', [...CompletionRule.def.options, z.object({ by: z.literal('passing') })])
export type LessonCompletion = z.infer<typeof LessonCompletion>

const Completion = z.object({ lesson: z.string(), isCompleted: z.boolean() })
export type Completion = z.infer<typeof Completion>

/** A lesson in the curriculum at the learner's side; `isOpen` tells whether this person may watch it. */
export const CurriculumLesson = z.object({
  id: z.string(),
  title: z.string(),
  kind: LessonKind,
  isPreview: z.boolean(),
  isOpen: z.boolean(),
  isCompleted: z.boolean(),
  /** How much of the video I have watched, 0 … 1. */
  share: z.number(),
  durationSeconds: z.optional(z.number()),
  /** Of a course I have: what this lesson waits for, and when it opens by itself. */
  waits: z.optional(z.object({ because: Waiting, opensAt: z.optional(when) })),
})
export type CurriculumLesson = z.infer<typeof CurriculumLesson>

export const Curriculum = z.object({
  course: z.object({ id: z.string(), slug: z.string(), title: z.string() }),
  isEnrolled: z.boolean(),
  /** Courses I have to complete before this one opens. */
  requires: z.optional(z.array(z.object({ id: z.string(), slug: z.string(), title: z.string() }))),
  sections: z.array(z.object({ id: z.string(), title: z.string(), lessons: z.array(CurriculumLesson) })),
})
export type Curriculum = z.infer<typeof Curriculum>

export const Enrolled = z.object({
  course: z.object({ id: z.string(), slug: z.string(), title: z.string(), summary: z.string() }),
  since: when,
  lessons: z.int(),
  completed: z.int(),
  /** When I last did something in it; absent where I have not begun. */
  lastAt: z.optional(when),
  /** Where to go on. */
  next: z.optional(z.object({ lesson: z.string(), title: z.string(), kind: LessonKind, positionSeconds: z.number(), durationSeconds: z.optional(z.number()) })),
})
export type Enrolled = z.infer<typeof Enrolled>

export const LessonView = z.object({
  id: z.string(),
  title: z.string(),
  kind: LessonKind,
  /** Markdown. */
  text: z.string(),
  /** To be downloaded. */
  files: z.array(LessonFile),
  about: LessonAbout,
  /** At its end, or where its video stops for them. Answers are marked by the school: no key is told beforehand. Those of a quiz come with an attempt. */
  questions: z.array(AskedQuestion),
  curriculum: Curriculum,
  positionSeconds: z.number(),
  isCompleted: z.boolean(),
  completion: LessonCompletion,
  /** Of a video, what I have watched of it. */
  watched: z.array(Stretch),
  /** Absent for an article, and while nothing of the video can be watched. `early`: a first rendition of it can, while the rest is being made. */
  video: z.optional(
    z.object({
      id: z.string(),
      durationSeconds: z.number(),
      chapters: z.array(z.object({ startSeconds: z.number(), title: z.string() })),
      early: z.optional(z.enum(['beginning', 'whole'])),
    }),
  ),
})
export type LessonView = z.infer<typeof LessonView>

const lesson = id('les')

export const learning = {
  mine: endpoint({
    method: 'GET',
    path: '/learning',
    access: 'person',
    summary: 'The courses I learn in, and how far I am',
    input: nothing,
    output: z.object({ enrolled: z.array(Enrolled) }),
  }),
  curriculum: endpoint({
    method: 'GET',
    path: '/courses/{course}/curriculum',
    access: 'anyone',
    summary: 'A published course’s lessons, and which of them are open to me',
    input: z.object({ course: id('crs') }),
    output: Curriculum,
  }),
  enrol: endpoint({
    method: 'POST',
    path: '/courses/{course}/enrolment',
    access: 'person',
    summary: 'Enrol in a free course',
    input: z.object({ course: id('crs') }),
    output: done,
  }),
  lesson: endpoint({
    method: 'GET',
    path: '/lessons/{lesson}',
    access: 'anyone',
    summary: 'A lesson I may see',
    input: z.object({ lesson }),
    output: LessonView,
  }),
  complete: endpoint({
    method: 'PUT',
    path: '/lessons/{lesson}/completion',
    access: 'person',
    summary: 'Mark a lesson done, or not done, where that is the learner’s to say',
    input: z.object({ lesson, isCompleted: z.boolean() }),
    output: Completion,
  }),
  check: endpoint({
    method: 'POST',
    path: '/lessons/{lesson}/answers',
    access: 'anyone',
    summary: 'Have answers to questions of a lesson marked, in the order they are given in; those of a quiz are handed in with an attempt',
    input: z.object({ lesson, answers: z.array(GivenAnswer).check(z.minLength(1), z.maxLength(MOST_QUESTIONS)) }),
    output: z.object({ answers: z.array(MarkedAnswer) }),
  }),
}
