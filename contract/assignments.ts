import * as z from 'zod/mini'
import { endpoint, id, when } from './base.ts'
import { FileName, LessonFile, sha256 } from './files.ts'

export const MOST_CRITERIA = 12
export const MOST_LEVELS = 6
/** Of one piece of work. */
export const MOST_HANDED_FILES = 10
export const MOST_HANDED_WORDS = 20_000
export const MOST_TRIES = 20

const short = (most: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(most))

/** How well something was done, and what that is worth. */
export const Level = z.object({ title: short(80), points: z.int().check(z.minimum(0), z.maximum(100)), says: z.optional(short(400)) })
export type Level = z.infer<typeof Level>

/** One thing that is looked at, and how well it may be done, from little to much. */
export const Criterion = z.object({
  title: short(120),
  says: z.optional(short(400)),
  levels: z.array(Level).check(z.minLength(2), z.maxLength(MOST_LEVELS)),
})
export type Criterion = z.infer<typeof Criterion>

/** What a lesson of kind `assignment` wants of its learners. Without criteria the teacher judges as a whole. */
export const AssignmentRules = z.object({
  takes: z.enum(['text', 'files', 'both']),
  /** Work that comes later is taken, and marked as late. */
  dueAt: z.optional(when),
  /** Of all points of the rubric. */
  passPercent: z.int().check(z.minimum(0), z.maximum(100)),
  /** How often it may be handed in; as often as it is returned where it is left out. */
  tries: z.optional(z.int().check(z.minimum(1), z.maximum(MOST_TRIES))),
  rubric: z.array(Criterion).check(z.maxLength(MOST_CRITERIA)),
})
export type AssignmentRules = z.infer<typeof AssignmentRules>

/** Of assignments whose teacher has never chosen. */
export const USUAL_ASSIGNMENT: AssignmentRules = { takes: 'both', passPercent: 60, rubric: [] }

/** What a criterion came to, in the words it had then. */
const Judged = z.object({ criterion: z.string(), level: z.string(), points: z.int(), of: z.int(), says: z.optional(z.string()) })

export const Grade = z.object({
  isPassed: z.boolean(),
  /** One for each criterion there was. */
  judged: z.array(Judged),
  /** Markdown. */
  feedback: z.string(),
  by: z.string(),
  at: when,
})
export type Grade = z.infer<typeof Grade>

/** A piece of work as it was handed in. */
export const Handing = z.object({
  id: id('hnd'),
  /** Counts from 1. */
  number: z.int(),
  at: when,
  isLate: z.boolean(),
  /** Markdown. */
  text: z.string(),
  files: z.array(LessonFile),
  grade: z.optional(Grade),
})
export type Handing = z.infer<typeof Handing>

/** A file on its way to a piece of work. */
export const HandedUpload = z.object({
  id: id('fil'),
  name: z.string(),
  sizeBytes: z.int(),
  partBytes: z.int(),
  parts: z.int(),
  arrived: z.array(z.int()),
})
export type HandedUpload = z.infer<typeof HandedUpload>

/** `writing`: nothing waits to be graded, and something may be handed in · `waiting` · `returned`: to be done better · `passed` · `spent`: returned, and no try is left. */
export const WorkState = z.enum(['writing', 'waiting', 'returned', 'passed', 'spent'])
export type WorkState = z.infer<typeof WorkState>

/** An assignment as its learner stands to it. */
export const Work = z.object({
  rules: AssignmentRules,
  state: WorkState,
  /** What is not handed in yet, kept by the school. */
  draft: z.object({ text: z.string(), files: z.array(LessonFile), unfinished: z.array(HandedUpload), savedAt: z.optional(when) }),
  /** The newest first. */
  handings: z.array(Handing),
  /** How often it may still be handed in; absent where there is no bound. */
  left: z.optional(z.int()),
  mostFileBytes: z.int(),
  /** Whoever teaches the course looks at it as learners do, and hands nothing in. */
  isStaff: z.boolean(),
})
export type Work = z.infer<typeof Work>

const Learner = z.object({ id: z.string(), name: z.string() })

/** A piece of work in the teacher's queue. */
export const QueuedHanding = z.object({
  id: id('hnd'),
  number: z.int(),
  at: when,
  isLate: z.boolean(),
  learner: Learner,
  lesson: z.object({ id: id('les'), title: z.string() }),
  isPassed: z.optional(z.boolean()),
})
export type QueuedHanding = z.infer<typeof QueuedHanding>

/** A piece of work on the teacher's desk. */
export const GradedHanding = z.object({
  ...Handing.shape,
  course: z.object({ id: id('crs'), title: z.string() }),
  learner: Learner,
  lesson: z.object({ id: id('les'), title: z.string(), text: z.string() }),
  rules: AssignmentRules,
  /** What was handed in before, and what was said to it; the newest first. */
  earlier: z.array(Handing),
  /** The learner has handed in another since: this one stays as it is. */
  isOld: z.boolean(),
})
export type GradedHanding = z.infer<typeof GradedHanding>

const lesson = id('les')
const file = id('fil')
const handing = id('hnd')
const text = z.string().check(z.maxLength(MOST_HANDED_WORDS))
const page = z.optional(z.string().check(z.maxLength(2000)))

export const assignments = {
  open: endpoint({
    method: 'GET',
    path: '/lessons/{lesson}/work',
    access: 'person',
    summary: 'An assignment of mine: what it wants, what I have written, what I have handed in, and what was said to it',
    input: z.object({ lesson }),
    output: Work,
  }),
  keep: endpoint({
    method: 'PUT',
    path: '/lessons/{lesson}/work',
    access: 'person',
    summary: 'Keep what I have written so far',
    input: z.object({ lesson, text }),
    output: z.object({ savedAt: when }),
  }),
  handIn: endpoint({
    method: 'POST',
    path: '/lessons/{lesson}/work/handings',
    access: 'person',
    summary: 'Hand in what I have written, with the files that have arrived',
    input: z.object({ lesson, text }),
    output: Work,
  }),
  startFile: endpoint({
    method: 'POST',
    path: '/lessons/{lesson}/work/files',
    access: 'person',
    summary: 'Begin (or take up again) to send a file with my work',
    input: z.object({ lesson, name: FileName, sizeBytes: z.int(), type: z.string().check(z.maxLength(200)) }),
    output: HandedUpload,
  }),
  signFile: endpoint({
    method: 'POST',
    path: '/work-files/{file}/parts',
    access: 'person',
    summary: 'URLs to PUT parts of a file of my work to, good for one hour',
    input: z.object({ file, parts: z.array(z.int()).check(z.minLength(1), z.maxLength(50)), hashes: z.optional(z.array(sha256)) }),
    output: z.object({ parts: z.array(z.object({ number: z.int(), url: z.string(), size: z.int() })) }),
  }),
  finishFile: endpoint({
    method: 'POST',
    path: '/work-files/{file}/finish',
    access: 'person',
    summary: 'All parts have been sent: my draft has the file',
    input: z.object({ file }),
    output: Work,
  }),
  removeFile: endpoint({
    method: 'DELETE',
    path: '/work-files/{file}',
    access: 'person',
    summary: 'Take a file out of my draft, or give up sending it; what is handed in stays',
    input: z.object({ file }),
    output: Work,
  }),
  download: endpoint({
    method: 'POST',
    path: '/work-files/{file}/download',
    access: 'person',
    summary: 'A URL that opens a file of my work, or of work handed in to a course of mine, for at most five minutes',
    input: z.object({ file }),
    output: z.object({ url: z.string(), expiresAt: when }),
  }),
  write: endpoint({
    method: 'PUT',
    path: '/teach/lessons/{lesson}/assignment',
    access: 'teaching',
    summary: 'Say what an assignment wants of its learners, and by what it is judged',
    input: z.object({ lesson, rules: AssignmentRules }),
    output: AssignmentRules,
  }),
  queue: endpoint({
    method: 'GET',
    path: '/teach/courses/{course}/handings',
    access: 'teaching',
    summary: 'Work handed in to a course of mine: what waits, the oldest first, or what has been graded, the newest first',
    input: z.object({
      course: id('crs'),
      state: z._default(z.enum(['waiting', 'graded']), 'waiting'),
      lesson: z.optional(lesson),
      limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(100)), 30),
      page,
    }),
    output: z.object({ handings: z.array(QueuedHanding), next: z.optional(z.string()) }),
  }),
  handing: endpoint({
    method: 'GET',
    path: '/teach/handings/{handing}',
    access: 'teaching',
    summary: 'A piece of work handed in to a course of mine',
    input: z.object({ handing }),
    output: GradedHanding,
  }),
  grade: endpoint({
    method: 'PUT',
    path: '/teach/handings/{handing}/grade',
    access: 'teaching',
    summary: 'Let a piece of work pass or return it, with what is to be said to it; until the next is handed in it may be changed',
    input: z.object({
      handing,
      /** Which level each criterion came to, by its place from 0. */
      levels: z.array(z.int().check(z.minimum(0), z.maximum(MOST_LEVELS - 1))).check(z.maxLength(MOST_CRITERIA)),
      feedback: z.string().check(z.maxLength(20_000)),
      isPassed: z.boolean(),
    }),
    output: GradedHanding,
  }),
}

/** Points of the best level of each criterion. */
export const mostPoints = (rubric: readonly Criterion[]): number => rubric.reduce((sum, { levels }) => sum + Math.max(...levels.map(({ points }) => points)), 0)

/** What keeps rules from being used, as the end of a sentence about them. */
export const unsoundRules = ({ rubric }: Pick<AssignmentRules, 'rubric'>): string | undefined => {
  const twice = (titles: readonly string[]): boolean => new Set(titles).size < titles.length
  if (twice(rubric.map(({ title }) => title))) return 'has two criteria of the same name'
  if (rubric.some(({ levels }) => twice(levels.map(({ title }) => title)))) return 'has two levels of the same name in one criterion'
  return rubric.length > 0 && mostPoints(rubric) === 0 ? 'has no level that is worth a point' : undefined
}
