import * as z from 'zod/mini'
import { type Estimate, MediaPolicy } from '#contract/recipes.ts'
import { ofNobody } from '#core/personal.ts'
import { records, type Stored } from '#core/records.ts'
import type { Clock } from '#ports/clock.ts'
import type { Change, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import type { Charge } from './charge.ts'

export const StoredPolicy = z.object({ id: z.literal('media'), ...MediaPolicy.shape })
export type StoredPolicy = z.infer<typeof StoredPolicy>

export const policyRecords = records({ schema: StoredPolicy, key: ({ id }: { id: 'media' }) => ({ pk: 'school', sk: `policy#${id}` }), people: ofNobody })

/** What a month's videos have been reckoned to take. Months count in UTC. */
const StoredSpending = z.object({ month: z.string(), machineSeconds: z.int(), microUsd: z.int() })
export type StoredSpending = z.infer<typeof StoredSpending>

const spendingRecords = records({
  schema: StoredSpending,
  key: ({ month }: { month: string }) => ({ pk: 'school', sk: `media-spending#${month}` }),
  people: ofNobody,
})

export const policyOf = async (tables: Tables): Promise<StoredPolicy> =>
  (await policyRecords.get(tables, { id: 'media' }))?.value ?? { id: 'media', recipe: 'standard', budget: {} }

export const monthOf = (clock: Clock): string => clock.now().toISOString().slice(0, 7)

const spendingOf = async (tables: Tables, month: string): Promise<{ stored: Stored<StoredSpending> | undefined; value: StoredSpending }> => {
  const stored = await spendingRecords.get(tables, { month })
  return { stored, value: stored?.value ?? { month, machineSeconds: 0, microUsd: 0 } }
}

export const spentIn = async (tables: Tables, month: string): Promise<StoredSpending> => (await spendingOf(tables, month)).value

const dollars = (microUsd: number): string => `$${(microUsd / 1e6).toFixed(2)}`
const hours = (seconds: number): string => {
  if (seconds >= 5400) return `${Math.round(seconds / 360) / 10} hours`
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}

type Money = Pick<Estimate, 'machineSeconds' | 'microUsd' | 'isPriced'>

/** Why the budget does not allow what is asked, in words; undefined when it does. Only the limit of the home the school lives in binds. */
export const overBudget = (home: World['settings']['home'], { budget }: StoredPolicy, spent: StoredSpending, asked: Money): string | undefined => {
  if (home === 'machine') {
    if (budget.machineMinutes === undefined || spent.machineSeconds + asked.machineSeconds <= budget.machineMinutes * 60) return undefined
    const left = Math.max(0, budget.machineMinutes * 60 - spent.machineSeconds)
    return `This video needs about ${hours(asked.machineSeconds)} of encoding, and this month’s budget has ${hours(left)} left.`
  }
  if (budget.usdCents === undefined) return undefined
  if (!asked.isPriced) return 'This recipe has a rung whose price is not known, and the school has a budget in dollars. Choose another recipe.'
  if (spent.microUsd + asked.microUsd <= budget.usdCents * 10_000) return undefined
  const left = Math.max(0, budget.usdCents * 10_000 - spent.microUsd)
  return `This video costs about ${dollars(asked.microUsd)} to convert, and this month’s budget has ${dollars(left)} left.`
}

/** Asks the budget for a video and answers what a commit must hold for it to be spent, or why it may not be. */
export const spend = async ({ tables, clock, settings }: World, asked: Money): Promise<{ charge: Charge; change: Change } | { over: string }> => {
  const month = monthOf(clock)
  const { stored, value } = await spendingOf(tables, month)
  const over = overBudget(settings.home, await policyOf(tables), value, asked)
  if (over !== undefined) return { over }
  const charge: Charge = { month, machineSeconds: asked.machineSeconds, microUsd: asked.microUsd }
  const after = { month, machineSeconds: value.machineSeconds + charge.machineSeconds, microUsd: value.microUsd + charge.microUsd }
  return { charge, change: stored ? spendingRecords.replace(stored, after) : spendingRecords.add(after) }
}

type Part = Pick<Charge, 'machineSeconds' | 'microUsd'>

/** So much of a charge, by share (0 … 1). */
export const partOf = (charge: Part, share: number): Part => ({
  machineSeconds: Math.round(charge.machineSeconds * share),
  microUsd: Math.round(charge.microUsd * share),
})

/** What a commit must hold for a part of a month's spending to be given back. */
export const refund = async (tables: Tables, { month, ...part }: Part & { month: string }): Promise<Change[]> => {
  const { stored, value } = await spendingOf(tables, month)
  if (!stored || (part.machineSeconds === 0 && part.microUsd === 0)) return []
  const after = {
    month,
    machineSeconds: Math.max(0, value.machineSeconds - part.machineSeconds),
    microUsd: Math.max(0, value.microUsd - part.microUsd),
  }
  return [spendingRecords.replace(stored, after)]
}

const refundRecords = records({ schema: z.object({ id: z.string() }), key: ({ id }: { id: string }) => ({ pk: 'refunds', sk: id }), people: ofNobody })

/** Gives back once for each id, where no other state changes with it. */
export const giveBack = async (tables: Tables, id: string, part: Part & { month: string }): Promise<void> => {
  if (await refundRecords.get(tables, { id })) return
  const outcome = await tables.commit([refundRecords.add({ id }), ...(await refund(tables, part))])
  // Another film's part of the month may have been written in between, or this one's, told twice.
  if (outcome === 'conflict') return giveBack(tables, id, part)
}
