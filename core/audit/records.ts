import * as z from 'zod/mini'
import { Audited } from '#contract/audit.ts'
import { records } from '#core/records.ts'

/** As it is kept; what its act says is read from the contract. */
export const StoredAct = z.extend(z.omit(Audited, { says: true }), {
  /** Whose records it changed, by their ids, so that their names in it are found when they leave. */
  whom: z.optional(z.array(z.string())),
})
export type StoredAct = z.infer<typeof StoredAct>

export const monthOf = (at: string): string => at.slice(0, 7)
export const partOf = (month: string): string => `audit#${month}`

/** A partition each month: none grows for ever, and old ones go whole. */
export const actRecords = records({
  schema: StoredAct,
  key: ({ at, id }: { at: string; id: string }) => ({ pk: partOf(monthOf(at)), sk: `${at}#${id}` }),
  people: { what: 'stays', says: 'Acts of the staff that name you', because: 'The staff answer for what they did, for two years.', isTold: true },
})

/** How long acts are kept. */
export const KEPT_MONTHS = 24
