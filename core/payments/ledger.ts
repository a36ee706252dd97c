import * as z from 'zod/mini'
import { Entry } from '#contract/money.ts'
import { event } from '#core/events.ts'
import { records, type Writing } from '#core/records.ts'
import type { Change, Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'

/** An entry as it is kept: `learner` and, of something recurring, `membership` and `invoice` beside what admins see. */
export const StoredEntry = z.object({
  ...Entry.shape,
  learner: z.string(),
  membership: z.optional(z.string()),
  invoice: z.optional(z.string()),
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
})

/** An amount shared evenly, the odd units to the first: the shares add up to it. */
export const shared = (amountMinor: number, among: readonly { id: string; title: string }[]): StoredEntry['shares'] => {
  const each = Math.trunc(amountMinor / among.length)
  const odd = amountMinor - each * among.length
  return among.map(({ id, title }, place) => ({ of: id, title, amountMinor: each + (place < odd ? 1 : 0) }))
}

/**
 * Books a movement of money, in the commit of what it belongs to. `id` is made of what the provider calls it
 * (`<payment>.charged`, `<payment>.refunded.<so much in all>`), so that a second booking fails the commit and is found done.
 */
export const booking = (world: Pick<World, 'clock' | 'ids'>, entry: StoredEntry): Writing => {
  const { id, order, kind } = entry
  const changes: Change[] = [entryRecords.add(entry)]
  const events: Event[] = [event(world, 'money.moved', { entry: id, order, kind }, `${order}.${id}`)]
  return { changes, events }
}
