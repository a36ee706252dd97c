import * as z from 'zod/mini'
import { Money } from '#contract/base.ts'
import { OrderState } from '#contract/payments.ts'
import { records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

export const StoredOrder = z.object({
  id: z.string(),
  learner: z.string(),
  email: z.string(),
  course: z.object({ id: z.string(), slug: z.string(), title: z.string() }),
  /** What was agreed when the present attempt began: what is paid must equal it. */
  price: Money,
  /** Whether real money was meant to move. */
  isLive: z.boolean(),
  state: OrderState,
  /** Counts checkout pages asked for; with the id it is the provider's idempotency key. */
  attempt: z.int(),
  session: z.optional(z.string()),
  checkoutUrl: z.optional(z.string()),
  openedAt: z.optional(z.string()),
  /** When somebody who was waiting had the provider asked about the page. */
  askedAt: z.optional(z.string()),
  createdAt: z.string(),
  paidAt: z.optional(z.string()),
  /** The provider's id of the payment. */
  payment: z.optional(z.string()),
  /** How much of it has been given back. */
  refundedMinor: z.optional(z.int()),
  refundedAt: z.optional(z.string()),
  heldBecause: z.optional(z.string()),
})
export type StoredOrder = z.infer<typeof StoredOrder>

export const orderRecords = records({
  schema: StoredOrder,
  key: ({ id }: { id: string }) => ({ pk: `order#${id}`, sk: 'order' }),
  index: ({ id, learner, createdAt }) => ({ ipk: `orders-of#${learner}`, isk: `${createdAt}#${id}` }),
})

export const StoredUnpaid = z.object({
  learner: z.string(),
  course: z.string(),
  order: z.string(),
  /** When the provider is asked next what became of the checkout page; absent while there is none to ask about. */
  dueAt: z.optional(z.string()),
})
export type StoredUnpaid = z.infer<typeof StoredUnpaid>

export const DUE_CHECKOUTS = 'due-checkouts'

/** The one unpaid order of a learner for a course: two tabs, or the back button, find this and make no second. */
export const unpaidRecords = records({
  schema: StoredUnpaid,
  key: ({ learner, course }: { learner: string; course: string }) => ({ pk: `learner#${learner}`, sk: `unpaid-order#${course}` }),
  index: ({ dueAt, order }) => (dueAt === undefined ? undefined : { ipk: DUE_CHECKOUTS, isk: `${dueAt}#${order}` }),
})

/** Which order a checkout session of the provider's was opened for. */
export const sessionRecords = records({
  schema: z.object({ session: z.string(), order: z.string() }),
  key: ({ session }: { session: string }) => ({ pk: `checkout-session#${session}`, sk: 'order' }),
})

/** The order a session was opened for; the provider's word is taken only when our own record of it was lost. */
export const orderOf = async (tables: Tables, session: string, named: string | undefined): Promise<string | undefined> => {
  const id = (await sessionRecords.get(tables, { session }))?.value.order ?? named
  return id !== undefined && (await orderRecords.get(tables, { id })) ? id : undefined
}

/** Which order a payment was taken for; orders older than this record are found through the provider. */
export const paymentRecords = records({
  schema: z.object({ payment: z.string(), order: z.string() }),
  key: ({ payment }: { payment: string }) => ({ pk: `payment#${payment}`, sk: 'order' }),
})

/** Until when the provider’s list of refunds has been gone through, and payments in it that could not be looked at: each run tries those again. */
export const sweptRecords = records({
  schema: z.object({ what: z.literal('refunds'), until: z.string(), failed: z.optional(z.array(z.string())) }),
  key: ({ what }: { what: 'refunds' }) => ({ pk: `swept#${what}`, sk: 'until' }),
})

/**
 * `received`: stored, not yet worked on · `done`: its order is as it should be · `ignored`: known not to concern us ·
 * `parked`: the school does not know what to do with it; a person decides.
 */
export const StoredHook = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.optional(z.string()),
  payment: z.optional(z.string()),
  isLive: z.boolean(),
  createdAt: z.string(),
  receivedAt: z.string(),
  state: z.enum(['received', 'done', 'ignored', 'parked']),
  parkedBecause: z.optional(z.string()),
  /** The body's beginning, for people to look at; nothing is decided from it. */
  raw: z.string(),
})
export type StoredHook = z.infer<typeof StoredHook>

export const hookRecords = records({
  schema: StoredHook,
  key: ({ id }: { id: string }) => ({ pk: `hook#${id}`, sk: 'hook' }),
  index: ({ id, state, receivedAt }) => ({ ipk: `hooks#${state}`, isk: `${receivedAt}#${id}` }),
})
