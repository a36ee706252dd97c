import * as z from 'zod/mini'
import { endpoint, id, Money, nothing, when } from './base.ts'
import { CourseName, Interval } from './offers.ts'

/**
 * `trial` · `active` · `grace`: a payment has failed, access goes on for a while · `lapsed`: it went on no longer; paying brings
 * it back · `paused`: the bank disputes a payment · `ended` · `complete`: all instalments are paid, the courses are theirs.
 */
export const MembershipState = z.enum(['trial', 'active', 'grace', 'lapsed', 'paused', 'ended', 'complete'])
export type MembershipState = z.infer<typeof MembershipState>

/** Something that is paid more than once: a membership, or an instalment plan. */
export const Membership = z.object({
  id: id('mem'),
  order: z.string(),
  offer: z.string(),
  title: z.string(),
  kind: z.enum(['membership', 'instalments']),
  state: MembershipState,
  /** Due each time. */
  price: Money,
  every: Interval,
  courses: z.array(CourseName),
  since: when,
  /** Until when it is paid for (or tried). */
  paidUntil: when,
  /** It ends then and is not renewed. */
  endsAt: z.optional(when),
  /** In grace: until when access goes on, when the card is tried again, and where to pay at once. */
  graceUntil: z.optional(when),
  retryAt: z.optional(when),
  payUrl: z.optional(z.string()),
  instalments: z.optional(z.object({ paid: z.int(), of: z.int() })),
})
export type Membership = z.infer<typeof Membership>

const membership = id('mem')

export const ChangePreview = z.object({
  offer: z.string(),
  title: z.string(),
  every: Interval,
  price: Money,
  /** Charged at once: the new price for the rest of the period, less what is left of the old one. Less than nought is credit. */
  dueNow: z.object({ amountMinor: z.int(), currency: z.string() }),
  /** When the new price is due next. */
  nextAt: when,
})
export type ChangePreview = z.infer<typeof ChangePreview>

const change = z.object({ membership, offer: id('off'), every: Interval })

export const memberships = {
  mine: endpoint({
    method: 'GET',
    path: '/memberships',
    access: 'person',
    summary: 'My memberships and instalment plans, newest first',
    input: nothing,
    output: z.object({ memberships: z.array(Membership) }),
  }),
  cancel: endpoint({
    method: 'POST',
    path: '/memberships/{membership}/cancel',
    access: 'person',
    summary: 'Let a membership of mine run out: it is not renewed',
    input: z.object({ membership }),
    output: Membership,
  }),
  resume: endpoint({
    method: 'POST',
    path: '/memberships/{membership}/resume',
    access: 'person',
    summary: 'Have a cancelled membership of mine renewed after all',
    input: z.object({ membership }),
    output: Membership,
  }),
  previewChange: endpoint({
    method: 'GET',
    path: '/memberships/{membership}/change',
    access: 'person',
    summary: 'What it would cost to change a membership of mine to another, or to another interval',
    input: change,
    output: ChangePreview,
  }),
  change: endpoint({
    method: 'POST',
    path: '/memberships/{membership}/change',
    access: 'person',
    summary: 'Change a membership of mine, at the price that was shown',
    input: z.object({ ...change.shape, shown: z.object({ amountMinor: z.int(), currency: z.string() }) }),
    output: Membership,
  }),
  portal: endpoint({
    method: 'POST',
    path: '/memberships/{membership}/portal',
    access: 'person',
    summary: 'The provider’s page to change a card and see invoices',
    input: z.object({ membership }),
    output: z.object({ url: z.string() }),
  }),
}
