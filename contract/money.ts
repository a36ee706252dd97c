import * as z from 'zod/mini'
import { done, endpoint, id, Money, when } from './base.ts'
import { MembershipState } from './memberships.ts'
import { CourseName } from './offers.ts'
import { OrderState, Recipient, Terms } from './payments.ts'

const page = z.optional(z.string())

export const SoldOrder = z.object({
  id: id('ord'),
  learner: z.object({ id: z.string(), email: z.string() }),
  title: z.string(),
  terms: Terms,
  recipient: Recipient,
  price: Money,
  /** Of one seat, before a coupon. */
  unit: Money,
  state: OrderState,
  createdAt: when,
  paidAt: z.optional(when),
  refundedMinor: z.optional(z.int()),
  coupon: z.optional(z.string()),
  heldBecause: z.optional(z.string()),
  /** A dispute that is open, or was lost. */
  dispute: z.optional(z.enum(['inquiry', 'dropped', 'open', 'won', 'lost'])),
  hasFraudWarning: z.boolean(),
})
export type SoldOrder = z.infer<typeof SoldOrder>

export const SoldMembership = z.object({
  id: z.string(),
  order: z.string(),
  learner: z.object({ id: z.string(), email: z.string() }),
  title: z.string(),
  kind: z.enum(['membership', 'instalments']),
  state: MembershipState,
  price: Money,
  every: z.enum(['month', 'year']),
  since: when,
  paidUntil: when,
  endsAt: z.optional(when),
  instalments: z.optional(z.object({ paid: z.int(), of: z.int() })),
})
export type SoldMembership = z.infer<typeof SoldMembership>

/** One movement of money. `amount` is never negative: `kind` says which way. */
export const Entry = z.object({
  id: z.string(),
  kind: z.enum(['charged', 'refunded', 'refund-failed', 'disputed', 'dispute-won']),
  order: z.string(),
  payment: z.optional(z.string()),
  amount: Money,
  tax: z.optional(Money),
  /** How it is shared among what was bought: courses, or a membership as a whole. */
  shares: z.array(z.object({ of: z.string(), title: z.string(), amountMinor: z.int() })),
  at: when,
})
export type Entry = z.infer<typeof Entry>

export const InboxState = z.enum(['received', 'done', 'ignored', 'parked'])
export type InboxState = z.infer<typeof InboxState>

export const News = z.object({
  id: z.string(),
  type: z.string(),
  state: InboxState,
  createdAt: when,
  receivedAt: when,
  doneAt: z.optional(when),
  isLive: z.boolean(),
  parkedBecause: z.optional(z.string()),
  /** By a webhook, or found in the provider’s list of events. */
  by: z.enum(['webhook', 'list']),
})
export type News = z.infer<typeof News>

/** What does not agree between what was paid and who has access. */
export const Finding = z.object({
  id: z.string(),
  kind: z.enum(['paid-no-access', 'access-no-payment', 'held', 'paid-at-provider']),
  order: z.optional(z.string()),
  learner: z.object({ id: z.string(), email: z.string() }),
  course: z.optional(CourseName),
  /** In words. */
  says: z.string(),
  canRepair: z.boolean(),
  foundAt: when,
})
export type Finding = z.infer<typeof Finding>

/** A finding that somebody has put right. */
export const Repair = z.object({ finding: z.string(), kind: Finding.shape.kind, order: z.optional(z.string()), did: z.string(), at: when, by: z.string() })
export type Repair = z.infer<typeof Repair>

export const Report = z.object({
  /** When the last comparison was over; absent before the first. */
  at: z.optional(when),
  isRunning: z.boolean(),
  /** Orders, people and what they have, in the comparison under way or else the last one. */
  checked: z.int(),
  /** Of these, what could not be read: it is in the log. */
  unread: z.int(),
  /** Whether the provider answered when it was asked: otherwise only what the school itself knows was compared. */
  isProviderAsked: z.boolean(),
  /** At most 500. */
  findings: z.array(Finding),
  /** The latest, newest first. */
  repairs: z.array(Repair),
})
export type Report = z.infer<typeof Report>

/** How many there are, up to so many; `most` of them means "or more". */
const Counts = z.object({ received: z.int(), done: z.int(), ignored: z.int(), parked: z.int(), most: z.int() })

export const money = {
  overview: endpoint({
    method: 'GET',
    path: '/school/money',
    access: 'admin',
    summary: 'How the school’s money stands, and what needs somebody’s attention',
    input: z.object({}),
    output: z.object({
      /** Running now: tried, paid, or in grace; and of these, those who owe a payment. */
      /** `isWhole`: there are no more than these. */
      members: z.object({ running: z.int(), owing: z.int(), isWhole: z.boolean() }),
      /** Orders with a dispute that the bank has not decided; and when the first has to be answered, if that is known. */
      disputed: z.int(),
      answerBy: z.optional(when),
      /** Orders that a bank has warned about lately, and nothing has been given back. */
      warned: z.int(),
      /** Orders that are waiting for the provider to be reached. */
      unreached: z.int(),
      /** Whether receipts say more of the seller than the school’s name. */
      hasSeller: z.boolean(),
      held: z.int(),
      parked: z.int(),
      /** Of other kinds than orders that are held. */
      findings: z.int(),
      /** What the school gave up telling itself about money. */
      deadLetters: z.int(),
      /** When payments and access were compared last. */
      comparedAt: z.optional(when),
      /** When news came last, by a webhook or the provider’s list. */
      newsAt: z.optional(when),
    }),
  }),
  orders: endpoint({
    method: 'GET',
    path: '/school/money/orders',
    access: 'support',
    summary: 'Orders, newest first; of a state, of somebody, of a receipt, or those a bank asks or warns about',
    input: z.object({
      state: z.optional(OrderState),
      email: z.optional(z.email()),
      /** The number of a receipt or a credit note. */
      receipt: z.optional(z.string().check(z.maxLength(40))),
      worry: z.optional(z.enum(['disputed', 'warned'])),
      page,
    }),
    output: z.object({ orders: z.array(SoldOrder), next: page }),
  }),
  order: endpoint({
    method: 'GET',
    path: '/school/money/orders/{order}',
    access: 'support',
    summary: 'An order with all its money and news',
    input: z.object({ order: id('ord') }),
    output: z.object({
      order: SoldOrder,
      courses: z.array(CourseName),
      entries: z.array(Entry),
      receipts: z.array(
        z.object({ id: z.string(), number: z.string(), kind: z.enum(['receipt', 'credit']), total: Money, entry: z.string(), issuedAt: z.optional(when) }),
      ),
      disputes: z.array(
        z.object({
          id: z.string(),
          outcome: z.enum(['inquiry', 'open', 'won', 'lost', 'dropped']),
          amount: Money,
          reason: z.string(),
          answerBy: z.optional(when),
        }),
      ),
      /** Of a gift or a team: how many of its seats are taken. */
      seats: z.optional(z.object({ taken: z.int(), of: z.int() })),
      membership: z.optional(SoldMembership),
      /** The provider’s page of the payment, where there is one. */
      providerUrl: z.optional(z.string()),
    }),
  }),
  memberships: endpoint({
    method: 'GET',
    path: '/school/money/memberships',
    access: 'admin',
    summary: 'Memberships and instalment plans, newest first',
    input: z.object({ page }),
    output: z.object({
      memberships: z.array(SoldMembership),
      next: page,
    }),
  }),
  revenue: endpoint({
    method: 'GET',
    path: '/school/money/revenue',
    access: 'admin',
    summary: 'What came in and went back, by month and by what was sold',
    input: z.object({ months: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(36)), 12) }),
    output: z.object({
      months: z.array(z.string()),
      rows: z.array(
        z.object({
          month: z.string(),
          of: z.string(),
          title: z.string(),
          currency: z.string(),
          /** Before anything went back; tax contained. */
          grossMinor: z.int(),
          /** Given back. */
          backMinor: z.int(),
          /** Disputed: held by banks, or lost to them. */
          bankMinor: z.int(),
          taxMinor: z.int(),
        }),
      ),
    }),
  }),
  inbox: endpoint({
    method: 'GET',
    path: '/school/money/inbox',
    access: 'admin',
    summary: 'Payment news of a state, newest first',
    input: z.object({ state: InboxState, page }),
    output: z.object({ news: z.array(News), next: page, counts: Counts }),
  }),
  news: endpoint({
    method: 'GET',
    path: '/school/money/inbox/{news}',
    access: 'admin',
    summary: 'A piece of payment news, with what was sent',
    input: z.object({ news: z.string() }),
    output: z.object({ news: News, raw: z.optional(z.string()) }),
  }),
  replayNews: endpoint({
    method: 'POST',
    path: '/school/money/inbox/{news}/replay',
    access: 'admin',
    summary: 'Work a piece of payment news off once more',
    input: z.object({ news: z.string() }),
    output: done,
  }),
  report: endpoint({
    method: 'GET',
    path: '/school/money/report',
    access: 'admin',
    summary: 'What the last comparison of payments and access has found',
    input: z.object({}),
    output: Report,
  }),
  check: endpoint({
    method: 'POST',
    path: '/school/money/report',
    access: 'admin',
    summary: 'Begin to compare payments and access',
    input: z.object({}),
    output: Report,
  }),
  repair: endpoint({
    method: 'POST',
    path: '/school/money/report/{finding}/repair',
    access: 'admin',
    summary: 'Give what was paid for, or end what was not',
    input: z.object({ finding: z.string() }),
    output: Report,
  }),
  table: endpoint({
    method: 'GET',
    path: '/school/money/tables/{what}',
    access: 'admin',
    summary: 'Orders, entries of the ledger, memberships or receipts as CSV',
    input: z.object({ what: z.enum(['orders', 'entries', 'memberships', 'receipts']), from: z.optional(when), to: z.optional(when) }),
    output: z.object({ fileName: z.string(), csv: z.string() }),
  }),
}
