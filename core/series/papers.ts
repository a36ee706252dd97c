import * as z from 'zod/mini'
import { LessonAbout, Source } from '#contract/lesson-about.ts'
import { ChoiceQuestion } from '#contract/questions.ts'
import { SeriesBrief } from '#contract/series.ts'
import type { World } from '#ports/world.ts'

/*
 * What lies in the store of drafts while a run is under way: `runs/<run>/brief.json`, written by the school before the writer begins, and
 * `runs/<run>/draft.json`, written by the writer before it tells of it. Whoever comes after reads nothing else.
 */

/** All that the writer and the publisher know of the school. */
export const Brief = z.object({
  run: z.string(),
  attempt: z.int(),
  /** Trials are written and shown; nothing proposes them by itself. */
  isTrial: z.boolean(),
  series: z.object({ id: z.string(), ...z.pick(SeriesBrief, { title: true, audience: true, tone: true, language: true }).shape }),
  brief: z.pick(SeriesBrief, { examples: true, sources: true, minutes: true, questions: true, licence: true, outline: true }),
  /** The outline's point to write. */
  point: z.string(),
  course: z.object({ id: z.string(), slug: z.string(), title: z.string(), summary: z.string() }),
  section: z.object({ id: z.string(), title: z.string() }),
  /** The lesson's id, and its file, below the repository's root. */
  lesson: z.object({ id: z.string(), path: z.string() }),
  /** Lessons of the course already there, so that it does not repeat them; `fingerprint` as `similarity.ts` makes it. */
  earlier: z.array(z.object({ title: z.string(), summary: z.string(), fingerprint: z.array(z.int()) })),
  limits: z.object({ tokens: z.int(), micros: z.int() }),
  /** `branch` is the one that courses are on, which nothing is ever written to. */
  proposals: z.object({ branch: z.string(), aDay: z.int(), folder: z.string() }),
  /** Where the draft is shown in the school. */
  previewUrl: z.string(),
})
export type Brief = z.infer<typeof Brief>

/** What the chatbot is asked for, and nothing else of its answer is kept. */
export const Written = z.object({
  title: z.string().check(z.trim(), z.minLength(1), z.maxLength(120)),
  summary: z.string().check(z.trim(), z.minLength(1), z.maxLength(400)),
  objectives: z.array(z.string().check(z.trim(), z.minLength(1), z.maxLength(200))).check(z.minLength(1), z.maxLength(8)),
  /** Markdown. */
  text: z.string().check(z.trim(), z.minLength(1), z.maxLength(60_000)),
  questions: z.array(ChoiceQuestion).check(z.maxLength(10)),
  readingMinutes: z.int().check(z.minimum(1), z.maximum(240)),
  sources: z.array(Source).check(z.maxLength(20)),
})
export type Written = z.infer<typeof Written>

export const Draft = z.object({
  run: z.string(),
  attempt: z.int(),
  title: z.string(),
  about: LessonAbout,
  text: z.string(),
  questions: z.array(ChoiceQuestion),
  tokens: z.object({ input: z.int(), output: z.int() }),
  costMicros: z.int(),
  model: z.string(),
  writtenAt: z.string(),
})
export type Draft = z.infer<typeof Draft>

/**
 * Lies beside them from before the chatbot is asked until the bus has been told what came of it: what a writer that was killed may have paid for,
 * at most, and which attempt's draft nobody has heard of.
 */
export const Asked = z.object({ run: z.string(), attempt: z.int(), most: z.object({ input: z.int(), output: z.int() }) })
export type Asked = z.infer<typeof Asked>

/** Branches that the school's own proposals are on, one for each run. */
export const OWN_BRANCHES = 'lectern/'
export const branchOf = (run: string): string => `${OWN_BRANCHES}${run}`

/** How long a run's papers are kept. */
export const DRAFT_DAYS = 14

export const runPrefix = (run: string): string => `runs/${run}/`
export const briefKey = (run: string): string => `${runPrefix(run)}brief.json`
export const draftKey = (run: string): string => `${runPrefix(run)}draft.json`

const askedKey = (run: string): string => `${runPrefix(run)}asked.json`

const JSON_TYPE = 'application/json; charset=utf-8'

type Store = Pick<World, 'drafts'>

const read = async <T>({ drafts }: Store, key: string, schema: z.ZodMiniType<T>): Promise<T | undefined> => {
  const found = await drafts.get(key)
  return found && schema.parse(JSON.parse(new TextDecoder().decode(found.bytes)))
}

export const readBrief = (store: Store, run: string): Promise<Brief | undefined> => read(store, briefKey(run), Brief)
export const readDraft = (store: Store, run: string): Promise<Draft | undefined> => read(store, draftKey(run), Draft)

export const keepBrief = async ({ drafts }: Store, brief: Brief): Promise<void> =>
  void (await drafts.put(briefKey(brief.run), JSON.stringify(brief), { type: JSON_TYPE }))
export const keepDraft = async ({ drafts }: Store, draft: Draft): Promise<void> =>
  void (await drafts.put(draftKey(draft.run), JSON.stringify(draft), { type: JSON_TYPE }))

export const readAsked = (store: Store, run: string): Promise<Asked | undefined> => read(store, askedKey(run), Asked)
export const keepAsked = async ({ drafts }: Store, asked: Asked): Promise<void> =>
  void (await drafts.put(askedKey(asked.run), JSON.stringify(asked), { type: JSON_TYPE }))
export const dropAsked = ({ drafts }: Store, run: string): Promise<void> => drafts.remove(askedKey(run))
