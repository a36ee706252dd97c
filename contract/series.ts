import * as z from 'zod/mini'
import { done, endpoint, id, nothing, title, when } from './base.ts'
import { LessonAbout, Source } from './lesson-about.ts'
import { ChoiceQuestion } from './questions.ts'

const words = (most: number) => z.string().check(z.trim(), z.maxLength(most))

/** Bounds that hold before a request is sent; money in millionths of a US dollar. */
export const Budget = z.object({
  runTokens: z.int().check(z.minimum(1000), z.maximum(1_000_000)),
  runMicros: z.int().check(z.minimum(1000), z.maximum(100_000_000)),
  monthTokens: z.int().check(z.minimum(1000), z.maximum(100_000_000)),
  monthMicros: z.int().check(z.minimum(1000), z.maximum(10_000_000_000)),
})
export type Budget = z.infer<typeof Budget>

/** When a series is written: five fields of cron in a time zone of the IANA database. */
export const Schedule = z.object({
  cron: z.string().check(z.trim(), z.regex(/^\S+( \S+){4}$/), z.maxLength(100)),
  zone: z.string().check(z.minLength(1), z.maxLength(60)),
})
export type Schedule = z.infer<typeof Schedule>

/** What a teacher asks the chatbot for. */
export const SeriesBrief = z.object({
  title,
  course: id('crs'),
  /** Where lessons of it go; one that is gone by then is refused. */
  section: id('sec'),
  audience: words(500),
  /** What the lessons are about, in their order; the next one not yet written is written next. */
  outline: z.array(z.string().check(z.trim(), z.minLength(1), z.maxLength(300))).check(z.minLength(1), z.maxLength(200)),
  tone: words(300),
  /** BCP 47. */
  language: z.string().check(z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)),
  /** How a lesson is to look: a passage to take as a model. */
  examples: words(8000),
  sources: z.array(Source).check(z.maxLength(20)),
  /** Of reading. */
  minutes: z.int().check(z.minimum(2), z.maximum(30)),
  /** How many questions there are at the end. */
  questions: z.int().check(z.minimum(0), z.maximum(10)),
  licence: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
  schedule: Schedule,
  budget: Budget,
})
export type SeriesBrief = z.infer<typeof SeriesBrief>

/**
 * Where a run is. `due` begins as soon as it may · `writing` the chatbot is asked · `drafted` written, its proposal begins (a trial run ends here)
 * · `proposing` · `waiting` until tomorrow, as many have been proposed today as may be · `proposed` in review · `live` merged and published
 * · `closed` turned down · `withdrawn` published once, and taken back · `refused` the draft is unsound · `held` there is no room in the budget · `failed`.
 */
export const RunState = z.enum([
  ...(['due', 'writing', 'drafted', 'proposing', 'waiting', 'proposed'] as const),
  ...(['live', 'closed', 'withdrawn', 'refused', 'held', 'failed', 'discarded'] as const),
])
export type RunState = z.infer<typeof RunState>

/** Why a run stands where it does, in one of the words the page has texts for, and what was found. */
export const RunReason = z.object({
  code: z.enum([
    ...(['chatbot-unreachable', 'chatbot-slow', 'chatbot-refused', 'chatbot-malformed', 'chatbot-cut-off'] as const),
    ...(['over-run-budget', 'over-month-budget', 'over-school-budget', 'no-chatbot', 'no-repository', 'no-section', 'outline-done', 'daily-limit'] as const),
    ...(['unsound', 'repository-unreachable', 'repository-refused', 'program-failed', 'expired'] as const),
  ]),
  detail: z.string(),
})
export type RunReason = z.infer<typeof RunReason>

export const Finding = z.object({
  /** Which check found it: `schema`, `links`, `secrets`, … */
  check: z.string(),
  says: z.string(),
  severity: z.enum(['error', 'warning']),
})
export type Finding = z.infer<typeof Finding>

export const Run = z.object({
  id: id('run'),
  series: id('ser'),
  kind: z.enum(['scheduled', 'asked', 'trial']),
  state: RunState,
  /** The outline's point that it writes. */
  point: z.string(),
  attempt: z.int(),
  dueAt: when,
  changedAt: when,
  /** When it is tried again by itself, where an attempt has ended badly. */
  nextAt: z.optional(when),
  reason: z.optional(RunReason),
  findings: z.array(Finding),
  tokens: z.object({ input: z.int(), output: z.int() }),
  costMicros: z.int(),
  model: z.optional(z.string()),
  draft: z.optional(z.object({ title: z.string(), expiresAt: when })),
  pull: z.optional(z.object({ number: z.int(), url: z.string() })),
  lesson: z.optional(z.object({ id: z.string(), title: z.string(), path: z.string() })),
  /** What one may do with it now. */
  can: z.object({ retry: z.boolean(), discard: z.boolean(), propose: z.boolean() }),
})
export type Run = z.infer<typeof Run>

const Spent = z.object({ tokens: z.int(), micros: z.int() })

export const Series = z.object({
  id: id('ser'),
  brief: SeriesBrief,
  status: z.enum(['active', 'paused', 'done']),
  /** Names as they are now; absent where the course or section is gone. */
  place: z.optional(z.object({ course: z.string(), section: z.string() })),
  nextAt: z.optional(when),
  written: z.int(),
  /** The outline; `state` of the run that has taken a point up, absent where none has. The first such is written next. */
  points: z.array(z.object({ text: z.string(), state: z.optional(RunState) })),
  spentThisMonth: Spent,
  newest: z.optional(Run),
  createdAt: when,
})
export type Series = z.infer<typeof Series>

/** A draft as it would be a lesson. */
export const DraftView = z.object({
  run: Run,
  series: z.object({ id: z.string(), title: z.string() }),
  title: z.string(),
  about: LessonAbout,
  /** Markdown. */
  text: z.string(),
  questions: z.array(ChoiceQuestion),
})
export type DraftView = z.infer<typeof DraftView>

const seriesId = id('ser')
const run = id('run')

export const series = {
  list: endpoint({
    method: 'GET',
    path: '/teach/series',
    access: 'instructor',
    summary: 'What the chatbot writes for my courses',
    input: nothing,
    output: z.object({
      series: z.array(Series),
      /** Whether there is somebody to ask, and somewhere to propose. `model` as the service calls it; prices per million tokens in millionths of a dollar. */
      setUp: z.object({
        chatbot: z.optional(z.object({ model: z.string(), inputMicros: z.int(), outputMicros: z.int(), isStandIn: z.boolean() })),
        repository: z.optional(z.object({ name: z.string(), url: z.string(), isStandIn: z.boolean() })),
      }),
    }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/teach/series',
    access: 'instructor',
    summary: 'Begin a series; it is paused at first',
    input: SeriesBrief,
    output: Series,
  }),
  get: endpoint({
    method: 'GET',
    path: '/teach/series/{series}',
    access: 'instructor',
    summary: 'A series of mine',
    input: z.object({ series: seriesId }),
    output: Series,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/teach/series/{series}',
    access: 'instructor',
    summary: 'Change what is asked for; runs under way keep what they were told',
    input: z.object({ series: seriesId, brief: SeriesBrief }),
    output: Series,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/teach/series/{series}',
    access: 'instructor',
    summary: 'End a series; its lessons and pull requests stay',
    input: z.object({ series: seriesId }),
    output: done,
  }),
  pause: endpoint({
    method: 'POST',
    path: '/teach/series/{series}/pause',
    access: 'instructor',
    summary: 'Write no more by the clock',
    input: z.object({ series: seriesId }),
    output: Series,
  }),
  resume: endpoint({
    method: 'POST',
    path: '/teach/series/{series}/resume',
    access: 'instructor',
    summary: 'Write by the clock',
    input: z.object({ series: seriesId }),
    output: Series,
  }),
  start: endpoint({
    method: 'POST',
    path: '/teach/series/{series}/runs',
    access: 'instructor',
    summary: 'Write now. A trial is only shown, and proposed when one asks for it',
    input: z.object({ series: seriesId, isTrial: z.boolean() }),
    output: Run,
  }),
  runs: endpoint({
    method: 'GET',
    path: '/teach/series/{series}/runs',
    access: 'instructor',
    summary: 'What has been written, newest first',
    input: z.object({ series: seriesId, page: z.optional(z.string()) }),
    output: z.object({ runs: z.array(Run), next: z.optional(z.string()) }),
  }),
  draft: endpoint({
    method: 'GET',
    path: '/teach/runs/{run}/draft',
    access: 'instructor',
    summary: 'A draft, as it would be a lesson',
    input: z.object({ run }),
    output: DraftView,
  }),
  retry: endpoint({
    method: 'POST',
    path: '/teach/runs/{run}/retry',
    access: 'instructor',
    summary: 'Try again what failed',
    input: z.object({ run }),
    output: Run,
  }),
  propose: endpoint({
    method: 'POST',
    path: '/teach/runs/{run}/proposal',
    access: 'instructor',
    summary: 'Open a pull request with a trial’s draft',
    input: z.object({ run }),
    output: Run,
  }),
  discard: endpoint({
    method: 'DELETE',
    path: '/teach/runs/{run}/draft',
    access: 'instructor',
    summary: 'Drop a draft that nobody wants',
    input: z.object({ run }),
    output: Run,
  }),
}
