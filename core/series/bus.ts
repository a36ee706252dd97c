import * as z from 'zod/mini'
import { Finding, RunReason } from '#contract/series.ts'
import type { Task, TaskName } from '#ports/tasks.ts'

const Spent = { tokens: z.object({ input: z.int(), output: z.int() }), costMicros: z.int(), model: z.string() }
const about = { run: z.string(), attempt: z.int() }

/**
 * What the programs that write and propose tell the content bus, and all that the school hears of them. Each is told at least once;
 * of one attempt there is one of a kind.
 */
export const BUS_NEWS = {
  'draft.written': z.object({ ...about, ...Spent, title: z.string(), path: z.string(), toPropose: z.boolean() }),
  /** `isFinal`: trying again would do no good. */
  'draft.failed': z.object({ ...about, ...Spent, by: z.enum(['writer', 'publisher']), reason: RunReason, isFinal: z.boolean() }),
  'draft.proposed': z.object({ ...about, pull: z.object({ number: z.int(), url: z.string() }), findings: z.array(Finding) }),
  'draft.refused': z.object({ ...about, findings: z.array(Finding) }),
  /** As many have been proposed today as may be. */
  'draft.waiting': z.object({ ...about, until: z.string() }),
} as const
export type BusNewsType = keyof typeof BUS_NEWS

export type BusNews = { [T in BusNewsType]: { type: T; detail: z.infer<(typeof BUS_NEWS)[T]> } }[BusNewsType]
export type Tell = (news: BusNews) => Promise<void>

/** As EventBridge spells it. */
export const CONTENT_SOURCE = 'lectern.content'

/** Which news begins which program: the rules of the content bus, each with what its detail has to say. */
export const BUS_STARTS = [{ type: 'draft.written', where: { toPropose: true }, starts: 'publisher' }] as const

/** What a program is named when it is begun for an attempt of a run. */
export const taskId = (name: TaskName, { run, attempt }: { run: string; attempt: number }): string => `${run}.${attempt}.${name}`

/** The programs that news begins. */
export const startedBy = ({ type, detail }: BusNews): Task[] =>
  BUS_STARTS.filter((rule) => rule.type === type && Object.entries(rule.where).every(([name, value]) => Reflect.get(detail, name) === value)).map(
    ({ starts }) => ({
      name: starts,
      id: taskId(starts, detail),
      run: detail.run,
    }),
  )

const BUS_TYPES = ['draft.written', 'draft.failed', 'draft.proposed', 'draft.refused', 'draft.waiting'] as const satisfies readonly BusNewsType[]
const Envelope = z.object({ type: z.enum(BUS_TYPES), detail: z.unknown() })

/** @throws a ZodError for anything that is no news of these. */
export const parsedNews = (given: unknown): BusNews => {
  const { type, detail } = Envelope.parse(given)
  // The schema under `type` makes exactly its detail.
  return { type, detail: BUS_NEWS[type].parse(detail) } as BusNews
}

/** One id for one happening, however often it is told. */
export const newsId = ({ type, detail: { run, attempt } }: BusNews): string => `${run}.${attempt}.${type}`
