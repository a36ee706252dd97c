import * as z from 'zod/mini'
import { endpoint, id, Money, nothing, when } from './base.ts'

/** A receipt for money that came in, or a `credit` note for money that went back. Never changed once issued. */
export const Receipt = z.object({
  id: id('rct'),
  /** Consecutive within a year: 2026-000123. */
  number: z.string(),
  kind: z.enum(['receipt', 'credit']),
  issuedAt: when,
  /** When the money moved; absent in older ones. */
  paidAt: z.optional(when),
  order: z.string(),
  seller: z.object({ name: z.string(), lines: z.array(z.string()) }),
  buyer: z.object({ name: z.optional(z.string()), email: z.string(), taxId: z.optional(z.string()), country: z.optional(z.string()) }),
  lines: z.array(z.object({ title: z.string(), quantity: z.int(), amount: Money })),
  coupon: z.optional(z.object({ code: z.string(), off: Money })),
  /** Contained in the total; absent where no tax was collected. */
  tax: z.optional(Money),
  total: Money,
  /** Of a credit note: the receipt it belongs to. */
  of: z.optional(z.string()),
  /** The provider’s own invoice, where there is one. */
  invoiceUrl: z.optional(z.string()),
})
export type Receipt = z.infer<typeof Receipt>

export const receipts = {
  mine: endpoint({
    method: 'GET',
    path: '/receipts',
    access: 'person',
    summary: 'My receipts, newest first',
    input: nothing,
    output: z.object({ receipts: z.array(Receipt) }),
  }),
  receipt: endpoint({
    method: 'GET',
    path: '/receipts/{receipt}',
    access: 'person',
    summary: 'A receipt of mine; admins see all',
    input: z.object({ receipt: id('rct') }),
    output: Receipt,
  }),
}
