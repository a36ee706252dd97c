import type { BillingReason, Debit, Invoice, Item, Pending, Subscription } from './billing-types.ts'
import type { Desk } from './desk.ts'
import { makeId } from './errors.ts'
import { attempt, draft, finalise } from './invoices.ts'
import { appliedTo, isUsedUp, itemSeed, pendingSeed } from './lines.ts'
import { DAY_SECONDS, endOfPeriod, periodAfter } from './periods.ts'
import { listOf } from './shown.ts'
import { end, isOver, periodOf, putSubscription, TRIAL_NEWS_SECONDS } from './standing.ts'
import type { Customer, Metadata, PaymentMethod, Price } from './types.ts'

export type NewSubscription = {
  customer: Customer
  items: { price: Price; quantity: number }[]
  card: PaymentMethod | null
  discounts: string[]
  description: string | null
  metadata: Metadata
  trialDays: number
  hasTax: boolean
  livemode: boolean
}

const ANY_MONTH = { interval: 'month', interval_count: 1 } as const

/** A subscription in its first period, with nothing billed yet. */
export const begin = (desk: Desk, asked: NewSubscription): Subscription => {
  const { customer, items, card, trialDays, hasTax, ...given } = asked
  const [id, at] = [makeId('sub', 12), desk.seconds(customer.id)]
  const trialEnd = trialDays > 0 ? at + trialDays * DAY_SECONDS : null
  const recurring = items[0]?.price.recurring ?? ANY_MONTH
  const periodEnd = trialEnd ?? periodAfter(at, recurring, 1)
  const data = items.map(
    ({ price, quantity }): Item => ({
      ...{
        id: makeId('si', 12),
        object: 'subscription_item',
        created: at,
        current_period_start: at,
        current_period_end: periodEnd,
        metadata: {},
        price,
        quantity,
      },
      subscription: id,
    }),
  )
  const { discounts, description, metadata, livemode } = given
  return putSubscription(desk, {
    ...{ id, object: 'subscription', billing_cycle_anchor: trialEnd ?? at, cancel_at: null, cancel_at_period_end: false, canceled_at: null, created: at },
    automatic_tax: { disabled_reason: null, enabled: hasTax, liability: hasTax ? { type: 'self' } : null },
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    ...{ currency: items[0]?.price.currency ?? 'eur', customer: customer.id, default_payment_method: card?.id ?? null, description, discounts, ended_at: null },
    ...{ items: listOf(data, `/v1/subscription_items?subscription=${id}`), latest_invoice: null, livemode, metadata, start_date: at },
    ...{ status: trialEnd === null ? 'active' : 'trialing', test_clock: customer.test_clock, trial_start: trialEnd === null ? null : at, trial_end: trialEnd },
    own: { due: null, clock: customer.test_clock, debits: [], toldTrialEnd: false, toldUpcoming: null },
  })
}

/** What the lines of an invoice took for each item, so that a change can give a part of it back. */
const debitsOf = ({ lines }: Invoice): Debit[] =>
  lines.data.flatMap(({ parent, amount, discount_amounts: cuts, period }) => {
    const item = parent?.subscription_item_details?.subscription_item
    const net = amount - cuts.reduce((sum, cut) => sum + cut.amount, 0)
    return item !== undefined && !parent?.subscription_item_details?.proration ? [{ item, amount: net, from: period.start, to: period.end }] : []
  })

type Billing = { reason: BillingReason; period: { start: number; end: number }; waits: boolean; hasItems: boolean }

const pendingOf = ({ store }: Desk, { id }: Subscription): Pending[] =>
  store
    .linked('invoiceitem', id)
    .filter(({ own }) => own.invoice === null)
    .reverse()

/** An invoice of what waits and, with `hasItems`, of the period the items are in. */
export const bill = (desk: Desk, { id }: Subscription, { reason, period, waits, hasItems }: Billing): { subscription: Subscription; invoice: Invoice } => {
  const { store } = desk
  const subscription = store.get('subscription', id)
  const customer = store.get('customer', subscription?.customer)
  if (!subscription || !customer) throw new Error(`Subscription ${id} is gone.`)
  const waiting = pendingOf(desk, subscription)
  const items = hasItems ? subscription.items.data.map((item) => itemSeed(desk, item, subscription.status === 'trialing')) : []
  const applied = appliedTo(desk, subscription.discounts, desk.seconds(customer.id))
  const { currency, livemode, automatic_tax: tax } = subscription
  const seeds = [...waiting.map(pendingSeed), ...items]
  const invoice = draft(desk, { customer, currency, reason, seeds, applied, hasTax: tax.enabled, subscription, period, livemode, waits })
  for (const each of waiting) store.put<Pending>({ ...each, own: { ...each.own, invoice: invoice.id } })
  const used = applied.filter((each) => isUsedUp(each, invoice)).map(({ discount }) => discount.id)
  const debits = hasItems ? debitsOf(invoice) : subscription.own.debits
  const discounts = subscription.discounts.filter((each) => !used.includes(each))
  const after = putSubscription(desk, { ...subscription, discounts, latest_invoice: invoice.id, own: { ...subscription.own, debits } })
  return { subscription: after, invoice }
}

/** The first invoice, finished and still to be paid. */
export const billFirst = (desk: Desk, subscription: Subscription): { subscription: Subscription; invoice: Invoice } => {
  const { start } = periodOf(subscription)
  const { invoice, subscription: after } = bill(desk, subscription, {
    reason: 'subscription_create',
    period: { start, end: start },
    waits: false,
    hasItems: true,
  })
  return { subscription: after, invoice: finalise(desk, invoice) }
}

/** Told before it ends, or at once when it ends sooner than that. */
export const tellTrialEnd = (desk: Desk, before: Subscription): Subscription => {
  const { trial_end: trialEnd, status, own } = before
  if (status !== 'trialing' || trialEnd === null || own.toldTrialEnd || desk.seconds(before.customer) < trialEnd - TRIAL_NEWS_SECONDS) return before
  const told = putSubscription(desk, { ...before, own: { ...own, toldTrialEnd: true } })
  desk.tell('customer.subscription.trial_will_end', told)
  return told
}

const tellUpcoming = (desk: Desk, before: Subscription): void => {
  const { store, tell } = desk
  const { end: next } = periodOf(before)
  const subscription = putSubscription(desk, { ...before, own: { ...before.own, toldUpcoming: next } })
  const invoice = desk.rehearse(() => {
    const waiting = renewed(desk, subscription)
    return bill(desk, waiting, { reason: 'upcoming', period: periodOf(subscription), waits: true, hasItems: true }).invoice
  })
  // It is told, and never kept: Stripe's upcoming invoices have no id that could be read.
  tell('invoice.upcoming', {
    ...invoice,
    id: `upcoming_${makeId('in', 8)}`,
    next_payment_attempt: next,
    created: store.get('subscription', before.id)?.created ?? next,
  })
}

/** In its next period, and no longer on trial. */
export const renewed = (desk: Desk, subscription: Subscription): Subscription => {
  const { end: start } = periodOf(subscription)
  const recurring = subscription.items.data[0]?.price.recurring ?? ANY_MONTH
  const next = endOfPeriod(subscription.billing_cycle_anchor, recurring, start)
  const data = subscription.items.data.map((item) => ({ ...item, current_period_start: start, current_period_end: next }))
  const status = subscription.status === 'trialing' ? 'active' : subscription.status
  return putSubscription(desk, { ...subscription, status, items: { ...subscription.items, data } })
}

const renew = (desk: Desk, before: Subscription): Subscription => {
  const period = periodOf(before)
  const { subscription, invoice } = bill(desk, renewed(desk, before), { reason: 'subscription_cycle', period, waits: true, hasItems: true })
  if (subscription.status === 'unpaid') {
    // Drafts pile up and are not sent, until the school decides.
    desk.store.put<Invoice>({
      ...invoice,
      auto_advance: false,
      automatically_finalizes_at: null,
      next_payment_attempt: null,
      own: { ...invoice.own, due: null },
    })
  }
  desk.tell('customer.subscription.updated', subscription, before)
  return subscription
}

/** Does what is due of a subscription at this moment, one thing of it. */
export const workOff = (desk: Desk, { id }: Subscription): void => {
  const subscription = desk.store.get('subscription', id)
  if (!subscription || isOver(subscription.status)) return
  const at = desk.seconds(subscription.customer)
  const { status, cancel_at: cancelAt, trial_end: trialEnd, own } = subscription
  if (status === 'incomplete') return void end(desk, subscription, { status: 'incomplete_expired', reason: null })
  if (cancelAt !== null && cancelAt <= at) return void end(desk, subscription, { status: 'canceled', reason: 'cancellation_requested' })
  if (periodOf(subscription).end <= at) return void renew(desk, subscription)
  if (status === 'trialing' && trialEnd !== null && !own.toldTrialEnd && trialEnd - TRIAL_NEWS_SECONDS <= at) return void tellTrialEnd(desk, subscription)
  tellUpcoming(desk, subscription)
}

/** Does what is due of an invoice: a draft is finished and charged, an open one is tried again. */
export const workOffInvoice = (desk: Desk, { id }: Invoice): void => {
  const invoice = desk.store.get('invoice', id)
  if (invoice?.status === 'draft') finalise(desk, invoice)
  else if (invoice?.status !== 'open') return
  attempt(desk, invoice, { isPresent: false, isAuthenticated: false })
}
