import * as z from 'zod/mini'
import { Finding, Repair, type Report } from '#contract/money.ts'
import { BOOKS, ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

const counts = {
  checked: z.int(),
  /** Of these, what could not be read. */
  unread: z.int(),
  isProviderAsked: z.boolean(),
}

/** The comparison under way, if there is one, and how the last one ended. */
export const StoredReport = z.object({
  id: z.literal('agreement'),
  at: z.optional(z.string()),
  ...counts,
  /** Where it stands, so that it goes on after a crash; `page` of the stage's listing. */
  run: z.optional(
    z.object({
      id: z.string(),
      startedAt: z.string(),
      step: z.int(),
      stage: z.enum(['orders', 'people']),
      page: z.optional(z.string()),
      ...counts,
      /** How often the provider may still be asked; nought once it could not be. */
      asksLeft: z.int(),
    }),
  ),
})
export type StoredReport = z.infer<typeof StoredReport>

export const reportRecords = records({
  schema: StoredReport,
  key: ({ id }: { id: 'agreement' }) => ({ pk: `money-report#${id}`, sk: 'report' }),
  people: ofNobody,
})

/** `run`: the comparison that saw it last. What the newest one has not seen is gone. */
export const StoredFinding = z.object({ ...Finding.shape, membership: z.optional(z.string()), isByProvider: z.boolean(), run: z.string() })
export type StoredFinding = z.infer<typeof StoredFinding>

export const FINDINGS = 'money-findings'
export const findingRecords = records({
  schema: StoredFinding,
  key: ({ id }: { id: string }) => ({ pk: FINDINGS, sk: id }),
  people: { what: 'goes', says: 'Where a payment of yours and your access do not agree', whose: ({ learner }) => learner.id },
})

const REPAIRS = 'money-repairs'
export const repairRecords = records({
  schema: z.object({ id: z.string(), ...Repair.shape }),
  key: ({ id }: { id: string }) => ({ pk: `money-repair#${id}`, sk: 'repair' }),
  index: ({ id, at }) => ({ ipk: REPAIRS, isk: `${at}#${id}` }),
  people: { what: 'stays', says: 'Repairs of the books that name you', because: BOOKS, isSigned: true },
})

/** More than that is no matter of single orders any more. */
export const MOST_FINDINGS = 500
const REPAIRS_SHOWN = 10

export const allFindings = async (tables: Tables): Promise<StoredFinding[]> => (await findingRecords.list(tables, FINDINGS, { limit: MOST_FINDINGS })).items

export const storedReport = async (tables: Tables) => reportRecords.get(tables, { id: 'agreement' })

export const report = async (tables: Tables): Promise<Report> => {
  const stored = (await storedReport(tables))?.value
  const findings = (await allFindings(tables)).toSorted((one, other) => (one.foundAt < other.foundAt ? 1 : -1))
  const repairs = (await repairRecords.listIndex(tables, REPAIRS, { descending: true, limit: REPAIRS_SHOWN })).items
  const { checked, unread, isProviderAsked } = stored?.run ?? stored ?? { checked: 0, unread: 0, isProviderAsked: true }
  const at = stored?.at === undefined ? {} : { at: stored.at }
  return { ...at, isRunning: stored?.run !== undefined, checked, unread, isProviderAsked, findings, repairs }
}
