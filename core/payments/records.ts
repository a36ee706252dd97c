import * as z from 'zod/mini'
import { Money } from '#contract/base.ts'
import { InboxState } from '#contract/money.ts'
import { CourseName } from '#contract/offers.ts'
import { Item, OrderState, Recipient, Terms } from '#contract/payments.ts'
import { BOOKS, ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

export const DisputeOutcome = z.enum(['inquiry', 'dropped', 'open', 'won', 'lost'])

/** A dispute of a payment of the order, as last read; `takes`: access waits for it, or ended with it. */
export const StoredDispute = z.object({
  ...{ id: z.string(), payment: z.string(), outcome: DisputeOutcome, takes: z.boolean(), amount: Money, reason: z.string() },
  answerBy: z.optional(z.string()),
})
export type StoredDispute = z.infer<typeof StoredDispute>

const Written = z.object({
  id: z.string(),
  learner: z.string(),
  email: z.string(),
  item: z.optional(Item),
  title: z.optional(z.string()),
  /** Opened by it, as agreed; what a membership opens is its offer's to say. */
  courses: z.optional(z.array(CourseName)),
  terms: z._default(Terms, { kind: 'once' }),
  recipient: z._default(Recipient, { kind: 'me' }),
  /** Of orders older than offers: the course that was bought. */
  course: z.optional(CourseName),
  /** What was agreed when the present attempt began, for all seats and after the coupon: what is paid must equal it. */
  price: Money,
  /** Of one seat, each time, before the coupon; absent in older orders, where it is the price. */
  unit: z.optional(Money),
  coupon: z.optional(z.object({ code: z.string(), off: Money })),
  isTaxed: z._default(z.boolean(), false),
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
  /** The provider's ids of the payment and of the buyer; of something recurring, the first payment's. */
  payment: z.optional(z.string()),
  customer: z.optional(z.string()),
  buyer: z.optional(z.object({ name: z.optional(z.string()), country: z.optional(z.string()), taxId: z.optional(z.string()) })),
  membership: z.optional(z.string()),
  /** How much of it has been given back. */
  refundedMinor: z.optional(z.int()),
  /** When what it opened closed for good. */
  refundedAt: z.optional(z.string()),
  /** Of all there are the one that weighs most: lost, then open, then an inquiry, then what is over. */
  dispute: z.optional(z.object({ id: z.string(), outcome: DisputeOutcome })),
  disputes: z.optional(z.array(StoredDispute)),
  fraudWarning: z.optional(z.string()),
  heldBecause: z.optional(z.string()),
})

const whole = ({ course, item, title, courses, unit, ...rest }: z.infer<typeof Written>) => ({
  ...rest,
  item: item ?? { kind: 'course' as const, course: course?.id ?? '' },
  title: title ?? course?.title ?? '',
  courses: courses ?? (course ? [course] : []),
  unit: unit ?? rest.price,
})
export type StoredOrder = ReturnType<typeof whole>
export const StoredOrder = z.pipe(Written, z.transform(whole))

/** A present, without whom it was for and what was said. */
const bare = (recipient: z.infer<typeof Recipient>): z.infer<typeof Recipient> => (recipient.kind === 'gift' ? { kind: 'gift' } : recipient)

export const ORDERS = 'orders'

export const orderRecords = records<{ id: string }, StoredOrder>({
  schema: StoredOrder,
  key: ({ id }) => ({ pk: `order#${id}`, sk: 'order' }),
  index: ({ id, learner, createdAt }) => ({ ipk: `orders-of#${learner}`, isk: `${createdAt}#${id}` }),
  people: {
    what: 'stays',
    says: 'Your orders',
    because: BOOKS,
    whose: ({ learner }) => learner,
    mend: (order, { alias }) => {
      if (order.learner !== alias.id) return order
      const { buyer, checkoutUrl: _, recipient, ...rest } = order
      return { ...rest, email: alias.email, recipient: bare(recipient), ...(buyer && { buyer: { ...buyer, name: alias.name } }) }
    },
  },
})

/** Beside each order, so that the school can list all of them: the order's own index lists its learner's. */
export const soldRecords = records({
  schema: z.object({ order: z.string(), createdAt: z.string() }),
  key: ({ order }: { order: string }) => ({ pk: `order#${order}`, sk: 'sold' }),
  index: ({ order, createdAt }) => ({ ipk: ORDERS, isk: `${createdAt}#${order}` }),
  people: ofNobody,
})

/** What tells one thing somebody may order from another: there is one unpaid order of each. A month or a year of a membership are the same thing. */
export const wantedOf = ({ item, recipient }: Pick<StoredOrder, 'item' | 'recipient'>): string => {
  const what = item.kind === 'course' ? item.course : item.offer
  return recipient.kind === 'me' ? what : `${what}.${recipient.kind}`
}

const WrittenUnpaid = z.object({
  learner: z.string(),
  wanted: z.optional(z.string()),
  /** Of records older than offers: what is wanted. */
  course: z.optional(z.string()),
  order: z.string(),
  /** When the provider is asked next what became of the checkout page; absent while there is none to ask about. */
  dueAt: z.optional(z.string()),
})
const StoredUnpaid = z.pipe(
  WrittenUnpaid,
  z.transform(({ course, wanted = course ?? '', ...rest }) => ({ ...rest, wanted })),
)
export type StoredUnpaid = z.infer<typeof StoredUnpaid>

export const DUE_CHECKOUTS = 'due-checkouts'

/** The one unpaid order of a learner for something: two tabs, or the back button, find this and make no second. */
export const unpaidRecords = records<{ learner: string; wanted: string }, StoredUnpaid>({
  schema: StoredUnpaid,
  key: ({ learner, wanted }) => ({ pk: `learner#${learner}`, sk: `unpaid-order#${wanted}` }),
  index: ({ dueAt, order }) => (dueAt === undefined ? undefined : { ipk: DUE_CHECKOUTS, isk: `${dueAt}#${order}` }),
  people: { what: 'goes', says: 'Orders of yours that are not paid', whose: ({ learner }) => learner },
})

export const WAITING_ORDERS = 'waiting-orders'

/** That an order has no page yet: from the commit that makes it so to the one that has the page. `toldAt`: it was told that the provider could not be asked. */
export const waitingRecords = records({
  schema: z.object({ order: z.string(), since: z.string(), tries: z.int(), dueAt: z.string(), toldAt: z.optional(z.string()) }),
  key: ({ order }: { order: string }) => ({ pk: `order#${order}`, sk: 'waiting' }),
  index: ({ order, dueAt }) => ({ ipk: WAITING_ORDERS, isk: `${dueAt}#${order}` }),
  people: ofNobody,
})

/** Which order a checkout session of the provider's was opened for. */
export const sessionRecords = records({
  schema: z.object({ session: z.string(), order: z.string() }),
  key: ({ session }: { session: string }) => ({ pk: `checkout-session#${session}`, sk: 'order' }),
  people: ofNobody,
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
  people: ofNobody,
})

/** Until when the provider’s list of refunds has been gone through, and payments in it that could not be looked at: each run tries those again. */
export const sweptRecords = records({
  schema: z.object({ what: z.literal('refunds'), until: z.string(), failed: z.optional(z.array(z.string())) }),
  key: ({ what }: { what: 'refunds' }) => ({ pk: `swept#${what}`, sk: 'until' }),
  people: ofNobody,
})

/** How far the provider's list of news has been read, when it was last read further back, and what a run that was cut left unread. */
export const readRecords = records({
  schema: z.object({
    what: z.literal('news'),
    until: z.string(),
    dailyAt: z.string(),
    unread: z.optional(z.object({ since: z.string(), page: z.string() })),
  }),
  key: ({ what }: { what: 'news' }) => ({ pk: `read#${what}`, sk: 'until' }),
  people: ofNobody,
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
  subscription: z.optional(z.string()),
  invoice: z.optional(z.string()),
  account: z.optional(z.string()),
  apiVersion: z.optional(z.string()),
  isLive: z.boolean(),
  createdAt: z.string(),
  receivedAt: z.string(),
  doneAt: z.optional(z.string()),
  /** Absent in older ones: by a webhook. */
  by: z.optional(z.enum(['webhook', 'list'])),
  state: InboxState,
  parkedBecause: z.optional(z.string()),
  /** How often it has been taken up again since it was parked. */
  retried: z.optional(z.int()),
  /** The event that told of it last; absent while that is its first, `<id>.received`. */
  toldBy: z.optional(z.string()),
})
export type StoredHook = z.infer<typeof StoredHook>

export const HOOK_BODIES = 'hook-bodies'

export const hookRecords = records({
  schema: StoredHook,
  key: ({ id }: { id: string }) => ({ pk: `hook#${id}`, sk: 'hook' }),
  index: ({ id, state, receivedAt }) => ({ ipk: `hooks#${state}`, isk: `${receivedAt}#${id}` }),
  people: ofNobody,
})

/** The beginning of the body that news came in, for people to look at; nothing is decided from it. The oldest come first in the index. */
export const hookBodyRecords = records({
  schema: z.object({ id: z.string(), receivedAt: z.string(), raw: z.string() }),
  key: ({ id }: { id: string }) => ({ pk: `hook-body#${id}`, sk: 'body' }),
  index: ({ id, receivedAt }) => ({ ipk: HOOK_BODIES, isk: `${receivedAt}#${id}` }),
  people: { what: 'goes', says: 'What the payment provider has told of you' },
})
