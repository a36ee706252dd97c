import * as z from 'zod/mini'
import { endpoint, id, Money, nothing } from './base.ts'

/** Everything that can happen to money after it was paid, and to what is owed. */
export const Occasion = z.enum([
  ...(['refund-whole', 'refund-part', 'dispute-opened', 'dispute-won', 'dispute-lost', 'fraud-warning'] as const),
  ...(['renewal-failed', 'grace-over', 'paid-late', 'cancelled', 'trial-ended', 'plan-complete', 'course-unlisted'] as const),
])
export type Occasion = z.infer<typeof Occasion>

/** `keeps` · `ends` · `pauses`: until the matter is decided · `returns` · `runs-out`: at the end of what is paid for. */
export const Consequence = z.enum(['keeps', 'ends', 'pauses', 'returns', 'runs-out'])
export type Consequence = z.infer<typeof Consequence>

export const Policy = z.object({
  /** How long access goes on after a renewal has failed. */
  graceHours: z.int().check(z.minimum(0), z.maximum(168)),
  /** What a dispute does to access until it is decided. */
  onDispute: z.enum(['pauses', 'keeps']),
  /** The provider reckons and collects tax; prices contain it. */
  isTaxed: z.boolean(),
  /** Printed on receipts: name, address, tax number of the school, a line each. */
  seller: z.string().check(z.maxLength(600)),
})
export type Policy = z.infer<typeof Policy>

/** What a refund would do, person by person, before it is made. */
export const RefundPreview = z.object({
  order: id('ord'),
  amount: Money,
  /** Of all that was paid and not given back. */
  left: Money,
  occasion: Occasion,
  consequence: Consequence,
  people: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** `other`: access ends by this order and goes on by another right. */
      courses: z.array(z.object({ id: z.string(), title: z.string(), after: z.enum(['keeps', 'ends', 'other']) })),
    }),
  ),
  /** The membership is cancelled with the provider as well. */
  endsMembership: z.boolean(),
})
export type RefundPreview = z.infer<typeof RefundPreview>

const refund = z.object({
  order: id('ord'),
  /** Of something recurring: which payment; the latest when left out. */
  payment: z.optional(z.string()),
  amountMinor: z.int().check(z.minimum(1)),
})

export const refunds = {
  preview: endpoint({
    method: 'GET',
    path: '/school/money/orders/{order}/refund',
    access: 'admin',
    summary: 'What giving so much of an order back would do to access',
    input: z.object({ ...refund.shape, amountMinor: z.coerce.number().check(z.int(), z.minimum(1)) }),
    output: RefundPreview,
  }),
  make: endpoint({
    method: 'POST',
    path: '/school/money/orders/{order}/refund',
    access: 'admin',
    summary: 'Give money back; asked twice under one key, it is given back once',
    input: z.object({ ...refund.shape, key: z.string().check(z.regex(/^[\w-]{8,64}$/)), note: z.optional(z.string().check(z.trim(), z.maxLength(300))) }),
    output: z.object({ refundedMinor: z.int() }),
  }),
  policy: endpoint({ method: 'GET', path: '/school/money/policy', access: 'admin', summary: 'What happens to access when', input: nothing, output: Policy }),
  putPolicy: endpoint({ method: 'PUT', path: '/school/money/policy', access: 'admin', summary: 'Change that', input: Policy, output: Policy }),
}
