import * as z from 'zod/mini'
import { Entry } from '#contract/money.ts'
import { event } from '#core/events.ts'
import { BOOKS } from '#core/personal.ts'
import { all, records, together, type Writing } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'

/** An entry as it is kept: `learner` and, of something recurring, `membership`, `invoice` and `why` beside what admins see. */
export const StoredEntry = z.object({
  ...Entry.shape,
  learner: z.string(),
  membership: z.optional(z.string()),
  invoice: z.optional(z.string()),
  /** Why the invoice was made; absent in older ones. */
  why: z.optional(z.enum(['first', 'renewal', 'change', 'other'])),
  /** The buyer's tax number and country, where the provider collected them. */
  taxId: z.optional(z.string()),
  country: z.optional(z.string()),
})
export type StoredEntry = z.infer<typeof StoredEntry>

/** Months by UTC. */
const monthOf = (at: string): string => at.slice(0, 7)
export const entriesOfMonth = (month: string): string => `entries#${month}`

export const entryRecords = records({
  schema: StoredEntry,
  key: ({ order, id }: { order: string; id: string }) => ({ pk: `order#${order}`, sk: `entry#${id}` }),
  index: ({ id, at }) => ({ ipk: entriesOfMonth(monthOf(at)), isk: `${at}#${id}` }),
  people: { what: 'stays', says: 'Money that was paid and given back', because: BOOKS, whose: ({ learner }) => learner },
})

export const entriesOf = (tables: Tables, order: string): Promise<StoredEntry[]> =>
  all((page) => entryRecords.list(tables, `order#${order}`, { prefix: 'entry#', limit: 1000, ...(page !== undefined && { page }) }))

/** The row of money that bought nothing: a second payment, or one that does not match its order. */
export const UNASSIGNED = { of: 'unassigned', title: 'Unassigned' } as const

/** An amount shared evenly, the odd units to the first: the shares add up to it. */
export const shared = (amountMinor: number, among: readonly { id: string; title: string }[]): StoredEntry['shares'] => {
  const each = Math.trunc(amountMinor / among.length)
  const odd = amountMinor - each * among.length
  return among.map(({ id, title }, place) => ({ of: id, title, amountMinor: each + (place < odd ? 1 : 0) }))
}

/**
 * An amount in the proportion of parts. It adds up to the amount, and no part gets more than it is while the amount is no more
 * than all of them: giving back what is left of each gives back each exactly.
 */
export const apportioned = <T extends { amountMinor: number }>(amountMinor: number, parts: readonly T[]): T[] => {
  const whole = parts.reduce((sum, part) => sum + part.amountMinor, 0)
  if (whole === 0) return parts.map((part, place) => ({ ...part, amountMinor: place === 0 ? amountMinor : 0 }))
  // The product passes what a number holds exactly.
  const cut = parts.map((part) => ({ part, product: BigInt(amountMinor) * BigInt(part.amountMinor) }))
  const floors = cut.map(({ part, product }) => ({ part, floor: Number(product / BigInt(whole)), isCut: product % BigInt(whole) > 0n }))
  let odd = amountMinor - floors.reduce((sum, { floor }) => sum + floor, 0)
  return floors.map(({ part, floor, isCut }) => {
    const extra = isCut && odd > 0 ? 1 : 0
    odd -= extra
    return { ...part, amountMinor: floor + extra }
  })
}

/**
 * Books movements of money, in the commit of what they belong to. The id of each is made of what the provider calls it
 * (`<payment>.charged`, `<payment>.refunded.<so much in all>`), so that a second booking fails the commit and is found done.
 */
export const booking = (world: Pick<World, 'clock' | 'ids'>, ...entries: readonly StoredEntry[]): Writing =>
  together(
    entries.map((entry) => {
      const { id, order, kind } = entry
      return { changes: [entryRecords.add(entry)], events: [event(world, 'money.moved', { entry: id, order, kind }, `${order}.${id}`)] }
    }),
  )
