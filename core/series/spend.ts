import type { Budget } from '#contract/series.ts'
import type { Tables } from '#ports/tables.ts'
import type { BusNews } from './bus.ts'
import { openRuns, runRecords, type StoredRun, spendRecords } from './records.ts'

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

/** What other runs of the series that are being written may still cost. */
const promised = async (tables: Tables, run: StoredRun, budget: Budget): Promise<Spent> => {
  const open = (await openRuns(tables)).filter(({ id, series, state }) => series === run.series && state === 'writing' && id !== run.id)
  const others = await Promise.all(open.map(({ id }) => runRecords.get(tables, { id })))
  const left = others.flatMap((other) => (other?.value.state === 'writing' ? [leftOf(other.value, budget)] : []))
  // One that has cost more than a budget that was lowered since makes no room for others.
  return { tokens: left.reduce((sum, { tokens }) => sum + Math.max(0, tokens), 0), micros: left.reduce((sum, { micros }) => sum + Math.max(0, micros), 0) }
}

/** How much a run may cost now, or why it may not begin. */
export const roomFor = async (
  tables: Tables,
  { run, budget, now }: { run: StoredRun; budget: Budget; now: string },
): Promise<Spent | 'over-run' | 'over-month'> => {
  const left = leftOf(run, budget)
  if (left.tokens <= 0 || left.micros <= 0) return 'over-run'
  const [spent, others] = await Promise.all([spentIn(tables, run.series, monthOf(now)), promised(tables, run, budget)])
  const isRoom = spent.tokens + others.tokens + left.tokens <= budget.monthTokens && spent.micros + others.micros + left.micros <= budget.monthMicros
  return isRoom ? left : 'over-month'
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
