import * as z from 'zod/mini'
import { Money } from '#contract/base.ts'
import { Receipt } from '#contract/receipts.ts'
import { BOOKS, ofNobody } from '#core/personal.ts'
import { all, records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

export const StoredReceipt = z.object({ ...Receipt.shape, learner: z.string(), entry: z.string() })
export type StoredReceipt = z.infer<typeof StoredReceipt>

export const receiptsOf = (learner: string): string => `receipts-of#${learner}`

export const receiptRecords = records({
  schema: StoredReceipt,
  key: ({ id }: { id: string }) => ({ pk: `receipt#${id}`, sk: 'receipt' }),
  index: ({ learner, number }) => ({ ipk: receiptsOf(learner), isk: number }),
  people: {
    what: 'stays',
    says: 'Your receipts',
    because: BOOKS,
    whose: ({ learner }) => learner,
    mend: (receipt, { alias }) => (receipt.learner === alias.id ? { ...receipt, buyer: { ...receipt.buyer, name: alias.name, email: alias.email } } : receipt),
  },
})

/** Every receipt of the school by its number: each is given once. */
export const RECEIPTS = 'receipts'

export const numberRecords = records({
  schema: z.object({ number: z.string(), receipt: z.string(), issuedAt: z.string() }),
  key: ({ number }: { number: string }) => ({ pk: `receipt-number#${number}`, sk: 'receipt' }),
  index: ({ number }) => ({ ipk: RECEIPTS, isk: number }),
  people: ofNobody,
})

/** The last number of a year; written with each receipt, so that none is left out and none is given twice. */
export const counterRecords = records({
  schema: z.object({ year: z.string(), last: z.int() }),
  key: ({ year }: { year: string }) => ({ pk: 'school', sk: `receipt-counter#${year}` }),
  people: ofNobody,
})

/** Beside its order: the one receipt of a movement of money. */
export const issuedRecords = records({
  schema: z.object({ order: z.string(), entry: z.string(), receipt: z.string(), number: z.string(), kind: Receipt.shape.kind, total: Money }),
  key: ({ order, entry }: { order: string; entry: string }) => ({ pk: `order#${order}`, sk: `receipt#${entry}` }),
  people: ofNobody,
})

export const issuedFor = (tables: Tables, order: string) =>
  all((page) => issuedRecords.list(tables, `order#${order}`, { prefix: 'receipt#', ...(page !== undefined && { page }) }))
