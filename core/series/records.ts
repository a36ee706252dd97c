import * as z from 'zod/mini'
import { Finding, RunReason, RunState, SeriesBrief } from '#contract/series.ts'
import { ofNobody, ofTheSchool } from '#core/personal.ts'
import { all, records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

export const StoredSeries = z.object({
  id: z.string(),
  teacher: z.string(),
  brief: SeriesBrief,
  status: z.enum(['active', 'paused', 'done']),
  /** The newest moment of its schedule that a run was begun for, or that it was resumed at: what is due comes after it. */
  scheduledUntil: z.string(),
  /** Since when this schedule has been written by. */
  activeSince: z.optional(z.string()),
  /** Points of the outline that a run has taken. */
  taken: z.array(z.string()),
  /** The moment of its schedule that its owner was alerted of, since nothing had come of it. */
  silentSince: z.optional(z.string()),
  createdAt: z.string(),
})
export type StoredSeries = z.infer<typeof StoredSeries>

const ALL_SERIES = 'series'

/** All of a school in one partition, which a listing reads as it is at that moment. */
export const seriesRecords = records({
  schema: StoredSeries,
  key: ({ id }: { id: string }) => ({ pk: ALL_SERIES, sk: id }),
  people: { ...ofTheSchool, says: 'Series you plan' },
})

export const allSeries = (tables: Tables): Promise<StoredSeries[]> =>
  all((page) => seriesRecords.list(tables, ALL_SERIES, { limit: 1000, ...(page && { page }) }))

export const StoredRun = z.object({
  id: z.string(),
  series: z.string(),
  teacher: z.string(),
  kind: z.enum(['scheduled', 'asked', 'trial']),
  state: RunState,
  point: z.string(),
  /** Grows when it is tried again; news of an earlier attempt changes nothing any more. */
  attempt: z.int(),
  dueAt: z.string(),
  createdAt: z.string(),
  changedAt: z.string(),
  /** When something is to be tried again, or a sign of life is missed. */
  nextAt: z.optional(z.string()),
  /** When its papers are removed; absent while there are none. */
  papersUntil: z.optional(z.string()),
  /** Ends that were no good, since a person last asked for it. */
  failures: z._default(z.int(), 0),
  reason: z.optional(RunReason),
  findings: z.array(Finding),
  tokens: z.object({ input: z.int(), output: z.int() }),
  costMicros: z.int(),
  /** What had been spent when a person last asked for it: its budget is for what comes after. */
  spentBefore: z._default(z.object({ tokens: z.int(), micros: z.int() }), { tokens: 0, micros: 0 }),
  /** News whose cost is in these sums: `<attempt>.<type>`. */
  counted: z._default(z.array(z.string()), []),
  model: z.optional(z.string()),
  draft: z.optional(z.object({ title: z.string(), expiresAt: z.string() })),
  pull: z.optional(z.object({ number: z.int(), url: z.string() })),
  /** Its title once it has been written. */
  lesson: z.object({ id: z.string(), path: z.string(), title: z.optional(z.string()) }),
})
export type StoredRun = z.infer<typeof StoredRun>

export const runRecords = records({
  schema: StoredRun,
  key: ({ id }: { id: string }) => ({ pk: `run#${id}`, sk: 'run' }),
  index: ({ id, series, dueAt }) => ({ ipk: `runs-of#${series}`, isk: `${dueAt}#${id}` }),
  people: { ...ofTheSchool, says: 'Drafts that were written for you' },
})

const OPEN_RUNS = 'runs-open'

/** Of each run that something is still to be done about, and when; in one partition, which a listing reads as it is at that moment. */
export const openRunRecords = records({
  schema: z.object({ id: z.string(), series: z.string(), at: z.string(), state: RunState, pull: z.optional(z.int()) }),
  key: ({ id }: { id: string }) => ({ pk: OPEN_RUNS, sk: id }),
  people: ofNobody,
})

/** Each for the two weeks of its draft at the most, and of one series no more than `deeds.ts` lets there be. */
const MOST_OPEN = 50_000

export const openRuns = (tables: Tables) => all((page) => openRunRecords.list(tables, OPEN_RUNS, { limit: 1000, ...(page && { page }) }), MOST_OPEN)

/** Which run a lesson comes from. */
export const lessonRunRecords = records({
  schema: z.object({ lesson: z.string(), run: z.string() }),
  key: ({ lesson }: { lesson: string }) => ({ pk: `lesson#${lesson}`, sk: 'run' }),
  people: ofNobody,
})

/** In the place of a series' id, what all of them have cost. */
export const WHOLE_SCHOOL = 'school'

/** What a series has cost in a month of UTC, `2026-11`. */
export const spendRecords = records({
  schema: z.object({ series: z.string(), month: z.string(), tokens: z.int(), micros: z.int() }),
  key: ({ series, month }: { series: string; month: string }) => ({ pk: `series-spend#${series}`, sk: month }),
  people: ofNobody,
})
