import type { SeriesBrief } from '#contract/series.ts'
import { wholeNumber } from '../../lib/whole-number.ts'
import { dollarsTyped, microsOf, tokensOf, USUAL_BUDGET } from './budget.ts'
import { type CronField, cronOf, isTooOften, momentsOf, type Plan, planOf, usualPlan, wrongField } from './schedule.ts'

/** `key` tells rows apart while they are moved and changed. */
export type Point = { key: number; text: string }
export type SourceRow = { key: number; title: string; url: string }

/** A brief as it stands in a form, its numbers as they are typed. */
export type BriefDraft = {
  title: string
  course: string
  section: string
  audience: string
  points: Point[]
  tone: string
  language: string
  examples: string
  sources: SourceRow[]
  minutes: string
  questions: string
  licence: string
  plan: Plan
  runDollars: string
  runTokens: string
  monthDollars: string
  monthTokens: string
}

export type Field = keyof BriefDraft | `source-${number}`

/** Texts for each lie below `series.problems`. */
export type Problem =
  | 'missing'
  | 'minutes'
  | 'questions'
  | 'schedule'
  | CronField
  | 'never'
  | 'too-often'
  | 'days'
  | 'dollars'
  | 'tokens'
  | 'below-run'
  | 'address'
  | 'twice'
export type Problems = Partial<Record<Field, Problem>>

export const LONGEST = { title: 120, audience: 500, point: 300, tone: 300, examples: 8000, source: 200, licence: 100 } as const
export const MOST = { points: 200, sources: 20 } as const
const MINUTES = { least: 2, most: 30 }
const QUESTIONS = { least: 0, most: 10 }
const MOST_MICROS = { run: 100_000_000, month: 10_000_000_000 }
const MOST_TOKENS = { run: 1_000_000, month: 100_000_000 }
const LEAST = 1000

export const LICENCES = ['CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-NC-4.0', 'CC0-1.0', 'All rights reserved'] as const

let keys = 0
export const nextKey = (): number => {
  keys += 1
  return keys
}

export const emptyBrief = (zone: string, language: string): BriefDraft => ({
  ...{ title: '', course: '', section: '', audience: '', points: [{ key: nextKey(), text: '' }], tone: '', language, examples: '', sources: [] },
  ...{ minutes: '6', questions: '3', licence: LICENCES[0], plan: usualPlan(zone) },
  ...{ runDollars: dollarsTyped(USUAL_BUDGET.runMicros), runTokens: String(USUAL_BUDGET.runTokens) },
  ...{ monthDollars: dollarsTyped(USUAL_BUDGET.monthMicros), monthTokens: String(USUAL_BUDGET.monthTokens) },
})

export const draftOf = (brief: SeriesBrief): BriefDraft => ({
  ...{ title: brief.title, course: brief.course, section: brief.section, audience: brief.audience, tone: brief.tone, language: brief.language },
  ...{ examples: brief.examples, licence: brief.licence, minutes: String(brief.minutes), questions: String(brief.questions), plan: planOf(brief.schedule) },
  points: brief.outline.map((text) => ({ key: nextKey(), text })),
  sources: brief.sources.map(({ title, url }) => ({ key: nextKey(), title, url })),
  ...{ runDollars: dollarsTyped(brief.budget.runMicros), runTokens: String(brief.budget.runTokens) },
  ...{ monthDollars: dollarsTyped(brief.budget.monthMicros), monthTokens: String(brief.budget.monthTokens) },
})

/** Rows nobody has written in do not count. */
const outlineOf = ({ points }: BriefDraft): string[] => points.map(({ text }) => text.trim()).filter(Boolean)
const rowsOf = ({ sources }: BriefDraft): SourceRow[] => sources.filter(({ title, url }) => title.trim() !== '' || url.trim() !== '')

/** An address of a page in the web, with a name that others can look up. */
const isAddress = (typed: string): boolean => {
  if (!URL.canParse(typed.trim())) return false
  const url = new URL(typed.trim())
  return /^https?:$/.test(url.protocol) && /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(url.hostname)
}

const within = (value: number | undefined, most: number): number | undefined => (value !== undefined && value >= LEAST && value <= most ? value : undefined)

const budgetOf = (draft: BriefDraft) => ({
  runMicros: within(microsOf(draft.runDollars), MOST_MICROS.run),
  runTokens: within(tokensOf(draft.runTokens), MOST_TOKENS.run),
  monthMicros: within(microsOf(draft.monthDollars), MOST_MICROS.month),
  monthTokens: within(tokensOf(draft.monthTokens), MOST_TOKENS.month),
})

const budgetProblems = (draft: BriefDraft): Problems => {
  const { runMicros, runTokens, monthMicros, monthTokens } = budgetOf(draft)
  return {
    ...(runMicros === undefined && { runDollars: 'dollars' as const }),
    ...(runTokens === undefined && { runTokens: 'tokens' as const }),
    ...(monthMicros === undefined ? { monthDollars: 'dollars' as const } : monthMicros < (runMicros ?? 0) && { monthDollars: 'below-run' as const }),
    ...(monthTokens === undefined ? { monthTokens: 'tokens' as const } : monthTokens < (runTokens ?? 0) && { monthTokens: 'below-run' as const }),
  }
}

const planProblem = (plan: Plan, now: Date): Problem | undefined => {
  const cron = cronOf(plan)
  if (cron === undefined) return plan.rhythm === 'weekly' && plan.days.length === 0 ? 'days' : 'schedule'
  const moments = momentsOf({ cron, zone: plan.zone }, 1, now)
  if (!moments) return wrongField(cron) ?? 'schedule'
  if (moments.length === 0) return 'never'
  return isTooOften({ cron, zone: plan.zone }, now) ? 'too-often' : undefined
}

const sourceProblems = (draft: BriefDraft): Problems => {
  const problems: Problems = {}
  for (const { key, title, url } of rowsOf(draft)) {
    if (title.trim() === '') problems[`source-${key}`] = 'missing'
    else if (!isAddress(url)) problems[`source-${key}`] = 'address'
  }
  return problems
}

const outlineProblem = (outline: string[]): Problems => {
  if (outline.length === 0) return { points: 'missing' }
  return new Set(outline).size < outline.length ? { points: 'twice' } : {}
}

/** What keeps it from being saved, by field. */
export const problemsOf = (draft: BriefDraft, now: Date): Problems => {
  const schedule = planProblem(draft.plan, now)
  return {
    ...(draft.title.trim() === '' && { title: 'missing' as const }),
    ...(draft.course === '' && { course: 'missing' as const }),
    ...(draft.course !== '' && draft.section === '' && { section: 'missing' as const }),
    ...outlineProblem(outlineOf(draft)),
    ...(wholeNumber(draft.minutes, MINUTES) === undefined && { minutes: 'minutes' as const }),
    ...(wholeNumber(draft.questions, QUESTIONS) === undefined && { questions: 'questions' as const }),
    ...(draft.licence.trim() === '' && { licence: 'missing' as const }),
    ...(schedule && { plan: schedule }),
    ...sourceProblems(draft),
    ...budgetProblems(draft),
  }
}

/** The brief; undefined while something is wrong with it. */
export const briefOf = (draft: BriefDraft, now: Date): SeriesBrief | undefined => {
  if (Object.keys(problemsOf(draft, now)).length > 0) return undefined
  const { runMicros, runTokens, monthMicros, monthTokens } = budgetOf(draft)
  const [cron, minutes, questions] = [cronOf(draft.plan), wholeNumber(draft.minutes, MINUTES), wholeNumber(draft.questions, QUESTIONS)]
  if (cron === undefined || minutes === undefined || questions === undefined) return undefined
  if (runMicros === undefined || runTokens === undefined || monthMicros === undefined || monthTokens === undefined) return undefined
  const { course, section, language, examples, plan } = draft
  return {
    ...{ title: draft.title.trim(), course, section, audience: draft.audience.trim(), outline: outlineOf(draft), tone: draft.tone.trim(), language },
    ...{ examples: examples.trim(), minutes, questions, licence: draft.licence.trim(), schedule: { cron, zone: plan.zone } },
    sources: rowsOf(draft).map(({ title, url }) => ({ title: title.trim(), url: url.trim() })),
    budget: { runMicros, runTokens, monthMicros, monthTokens },
  }
}

/** What a lesson's size is reckoned by while the form is being filled in. */
export const sizeOf = (draft: BriefDraft) => ({
  ...{ minutes: wholeNumber(draft.minutes, MINUTES) ?? 6, questions: wholeNumber(draft.questions, QUESTIONS) ?? 3, examples: draft.examples },
  ...{ outline: outlineOf(draft), sources: rowsOf(draft) },
})

/** Lines of a text that was pasted, without the marks and numbers lists have in front. */
export const linesOf = (pasted: string): string[] =>
  pasted
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*([-*•–]|\d+[.)])\s+/, '').trim())
    .filter(Boolean)
    .map((line) => line.slice(0, LONGEST.point))

export const draftBudget = (draft: BriefDraft) => {
  const { runMicros, runTokens, monthMicros, monthTokens } = budgetOf(draft)
  if (runMicros === undefined || runTokens === undefined || monthMicros === undefined || monthTokens === undefined) return undefined
  return { runMicros, runTokens, monthMicros, monthTokens }
}
