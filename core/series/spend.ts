import type { Budget } from '#contract/series.ts'
import type { Change, Tables } from '#ports/tables.ts'
import type { BusNews } from './bus.ts'
import { openRuns, runRecords, type StoredRun, type StoredSeries, seriesRecords, spendRecords, WHOLE_SCHOOL } from './records.ts'

/** Tokens of both directions, and millionths of a dollar. */
export type Spent = { tokens: number; micros: number }

/** As the ledger names a month of UTC. */
export const monthOf = (at: string): string => at.slice(0, 7)

export const nextMonth = (at: string): string => {
  const now = new Date(at)
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString()
}

export const spentIn = async (tables: Tables, series: string, month: string): Promise<Spent> => {
  const { tokens = 0, micros = 0 } = (await spendRecords.get(tables, { series, month }))?.value ?? {}
  return { tokens, micros }
}

const tokensOf = ({ tokens }: Pick<StoredRun, 'tokens'>): number => tokens.input + tokens.output

/** All that a run has cost. */
export const costOf = (run: StoredRun): Spent => ({ tokens: tokensOf(run), micros: run.costMicros })

/** What is left of a run's own budget. */
export const leftOf = (run: StoredRun, { runTokens, runMicros }: Budget): Spent => ({
  tokens: runTokens - (tokensOf(run) - run.spentBefore.tokens),
  micros: runMicros - (run.costMicros - run.spentBefore.micros),
})

/** Adds to a ledger of a month; adding nothing keeps others from adding in the same moment. */
export const adding = async (tables: Tables, key: { series: string; month: string }, more: Spent): Promise<Change> => {
  const stored = await spendRecords.get(tables, key)
  const { tokens = 0, micros = 0 } = stored?.value ?? {}
  const now = { ...key, tokens: tokens + more.tokens, micros: micros + more.micros }
  return stored ? spendRecords.replace(stored, now) : spendRecords.add(now)
}

const sumOf = (all: readonly Spent[]): Spent => ({
  tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
  micros: all.reduce((sum, { micros }) => sum + micros, 0),
})

/** What a run that is being written may still cost. */
const promise = async (tables: Tables, id: string): Promise<Spent> => {
  const run = (await runRecords.get(tables, { id }))?.value
  const series = run && (await seriesRecords.get(tables, { id: run.series }))
  if (run?.state !== 'writing' || !series) return { tokens: 0, micros: 0 }
  const left = leftOf(run, series.value.brief.budget)
  // One that has cost more than a budget that was lowered since makes no room for others.
  return { tokens: Math.max(0, left.tokens), micros: Math.max(0, left.micros) }
}

/** What other runs that are being written may still cost: of the same series, and of all. */
const promised = async (tables: Tables, run: StoredRun): Promise<{ series: Spent; school: Spent }> => {
  const open = (await openRuns(tables)).filter(({ id, state }) => state === 'writing' && id !== run.id)
  const all = await Promise.all(open.map(async ({ id, series }) => ({ series, left: await promise(tables, id) })))
  return { series: sumOf(all.filter(({ series }) => series === run.series).map(({ left }) => left)), school: sumOf(all.map(({ left }) => left)) }
}

type Asked = { run: StoredRun; series: StoredSeries; schoolMicros: number; now: string }

/** How much a run may cost now, or why it may not begin. `schoolMicros` is what all series may cost in a month. */
export const roomFor = async (
  tables: Tables,
  { run, series, schoolMicros, now }: Asked,
): Promise<Spent | 'over-run-budget' | 'over-month-budget' | 'over-school-budget'> => {
  const { budget } = series.brief
  const left = leftOf(run, budget)
  if (left.tokens <= 0 || left.micros <= 0) return 'over-run-budget'
  const month = monthOf(now)
  const [spent, school, others] = await Promise.all([spentIn(tables, run.series, month), spentIn(tables, WHOLE_SCHOOL, month), promised(tables, run)])
  const [own, whole] = [sumOf([spent, others.series, left]), sumOf([school, others.school, left])]
  if (own.tokens > budget.monthTokens || own.micros > budget.monthMicros) return 'over-month-budget'
  return whole.micros > schoolMicros ? 'over-school-budget' : left
}

/** What news tells of money; only what the chatbot was asked for costs. */
const paidBy = ({ type, detail }: BusNews): { input: number; output: number; micros: number; mark: string } | undefined => {
  if (type !== 'draft.written' && type !== 'draft.failed') return undefined
  const { tokens, costMicros, attempt } = detail
  return { ...tokens, micros: costMicros, mark: `${attempt}.${type}` }
}

/** A run with the cost that news tells of, once for each attempt and kind; undefined where there is none, or it has been counted. */
export const counted = (run: StoredRun, news: BusNews): StoredRun | undefined => {
  const paid = paidBy(news)
  if (!paid || run.counted.includes(paid.mark)) return undefined
  const tokens = { input: run.tokens.input + paid.input, output: run.tokens.output + paid.output }
  return { ...run, tokens, costMicros: run.costMicros + paid.micros, counted: [...run.counted, paid.mark] }
}
