import * as z from 'zod/mini'
import { done, endpoint, id, nothing, when } from './base.ts'

const Progress = z.object({ lesson: z.string(), positionSeconds: z.number(), isCompleted: z.boolean(), at: when })
export type Progress = z.infer<typeof Progress>

/** A lesson in the curriculum at the learner's side; `isOpen` tells whether this person may watch it. */
export const CurriculumLesson = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['video', 'article']),
  isPreview: z.boolean(),
  isOpen: z.boolean(),
  isCompleted: z.boolean(),
  durationSeconds: z.optional(z.number()),
})
export type CurriculumLesson = z.infer<typeof CurriculumLesson>

export const Curriculum = z.object({
  course: z.object({ id: z.string(), slug: z.string(), title: z.string() }),
  isEnrolled: z.boolean(),
  sections: z.array(z.object({ id: z.string(), title: z.string(), lessons: z.array(CurriculumLesson) })),
})
export type Curriculum = z.infer<typeof Curriculum>

export const Enrolled = z.object({
  course: z.object({ id: z.string(), slug: z.string(), title: z.string(), summary: z.string() }),
  since: when,
  lessons: z.int(),
  completed: z.int(),
  /** Where to go on. */
  next: z.optional(z.object({ lesson: z.string(), title: z.string(), positionSeconds: z.number() })),
})
export type Enrolled = z.infer<typeof Enrolled>

export const LessonView = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['video', 'article']),
  /** Markdown. */
  text: z.string(),
  curriculum: Curriculum,
  positionSeconds: z.number(),
  isCompleted: z.boolean(),
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

/** Where the player finds everything; the cookies that open it come as `Set-Cookie`. */
export const Playback = z.object({
  video: z.string(),
  masterUrl: z.string(),
  /** A first rendition, while the ladder is being made: ask again now and then whether it is there. */
  isEarly: z.boolean(),
  posterUrl: z.optional(z.string()),
  storyboardUrl: z.optional(z.string()),
  captions: z.array(z.object({ language: z.string(), label: z.string(), url: z.string() })),
  /** Ask again halfway to this. */
  expiresAt: when,
})
export type Playback = z.infer<typeof Playback>

/** A moment at which something is said. `matches` are offsets into `text`, as JavaScript counts them. */
export const SpokenHit = z.object({
  lesson: z.string(),
  lessonTitle: z.string(),
  language: z.string(),
  startSeconds: z.number(),
  text: z.string(),
  matches: z.array(z.object({ start: z.int(), end: z.int() })),
})
export type SpokenHit = z.infer<typeof SpokenHit>

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
  playback: endpoint({
    method: 'POST',
    path: '/lessons/{lesson}/playback',
    access: 'anyone',
    summary: 'Open a lesson’s video to this browser for a few minutes',
    input: z.object({ lesson }),
    output: Playback,
    setsCookies: true,
  }),
  wish: endpoint({
    method: 'POST',
    path: '/lessons/{lesson}/wish',
    access: 'anyone',
    summary: 'Have the stretch of a video from this second on made next',
    input: z.object({ lesson, seconds: z.number().check(z.minimum(0), z.maximum(86_400)) }),
    output: done,
  }),
  progress: endpoint({
    method: 'PUT',
    path: '/lessons/{lesson}/progress',
    access: 'person',
    summary: 'Where I am in a lesson',
    input: z.object({ lesson, positionSeconds: z.number().check(z.minimum(0), z.maximum(86_400)), isCompleted: z.optional(z.boolean()) }),
    output: Progress,
  }),
  searchTranscripts: endpoint({
    method: 'GET',
    path: '/courses/{course}/transcripts',
    access: 'anyone',
    summary: 'Where something is said in the lessons of a course that are open to me',
    input: z.object({ course: id('crs'), words: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)) }),
    output: z.object({ hits: z.array(SpokenHit), isMore: z.boolean() }),
  }),
}
