import type Stripe from 'stripe'
import type { Interval, Money, Subscription, SubscriptionChange } from '#ports/payments.ts'
import { idOf, isoOf, isoOrNone, orRefused, secondsOf } from './client.ts'
import { fromStripe, toStripe } from './currency.ts'
import { newestInvoices } from './invoices.ts'

const STATUSES: Record<string, Subscription['status']> = {
  ...{ trialing: 'trialing', active: 'active', past_due: 'past_due', unpaid: 'unpaid', canceled: 'canceled' },
  ...{ incomplete: 'incomplete', incomplete_expired: 'incomplete_expired', paused: 'paused' },
}

const INTERVALS: Record<string, Interval> = { month: 'month', year: 'year' }

/** What the school sells is one thing at one price; Stripe's subscriptions may hold several. */
const onlyItem = ({ id, items }: Stripe.Subscription): Stripe.SubscriptionItem => {
  const [item, ...more] = items.data
  if (!item || more.length > 0) throw new Error(`Subscription ${id} holds ${items.data.length} items, and not one.`)
  return item
}

const priceOf = ({ price, quantity = 1 }: Stripe.SubscriptionItem): { price: Money; every: Interval } => {
  const every = INTERVALS[price.recurring?.interval ?? '']
  if (price.unit_amount === null || !every || price.recurring?.interval_count !== 1) throw new Error(`Price ${price.id} is none that the school sells at.`)
  return { price: fromStripe(price.unit_amount * quantity, price.currency), every }
}

const toSubscription = (told: Stripe.Subscription, invoices: Subscription['invoices']): Subscription => {
  const { id, metadata, status, start_date: started, cancel_at: cancelAt, cancel_at_period_end: endsWithPeriod, ended_at: ended, livemode } = told
  const [item, customer, known] = [onlyItem(told), idOf(told.customer), STATUSES[status]]
  if (!known || customer === undefined) throw new Error(`Stripe tells of subscription ${id} that it is ${status}.`)
  return {
    ...{ id, order: metadata['order'], customer, status: known, ...priceOf(item) },
    startedAt: isoOf(started),
    periodEnd: isoOf(item.current_period_end),
    endsAt: isoOrNone(cancelAt ?? (endsWithPeriod ? item.current_period_end : undefined)),
    endedAt: isoOrNone(ended),
    ...{ invoices, isLive: livemode },
  }
}

const withInvoices = async (stripe: Stripe, told: Stripe.Subscription): Promise<Subscription> => toSubscription(told, await newestInvoices(stripe, told.id))

export const readSubscription = async (stripe: Stripe, id: string): Promise<Subscription> => {
  const [told, invoices] = await Promise.all([stripe.subscriptions.retrieve(id), newestInvoices(stripe, id)])
  return toSubscription(told, invoices)
}

const isOver = ({ status }: Stripe.Subscription): boolean => status === 'canceled' || status === 'incomplete_expired'

/** One that has ended is answered as it is: Stripe refuses to end it again. */
export const endSubscription = async (stripe: Stripe, id: string, when: 'period-end' | 'now' | { at: string }): Promise<Subscription> => {
  const before = await stripe.subscriptions.retrieve(id)
  if (isOver(before)) return withInvoices(stripe, before)
  if (when === 'now') return withInvoices(stripe, await stripe.subscriptions.cancel(id))
  // Nothing is given back for what is cut off: the school refunds by its own policy.
  const to: Stripe.SubscriptionUpdateParams =
    when === 'period-end' ? { cancel_at_period_end: true } : { cancel_at: secondsOf(when.at), proration_behavior: 'none' }
  return withInvoices(stripe, await stripe.subscriptions.update(id, to))
}

export const resumeSubscription = async (stripe: Stripe, id: string): Promise<Subscription> => {
  const before = await stripe.subscriptions.retrieve(id)
  const isEnding = before.cancel_at_period_end || before.cancel_at !== null
  if (isOver(before) || !isEnding) return withInvoices(stripe, before)
  const to: Stripe.SubscriptionUpdateParams = before.cancel_at_period_end ? { cancel_at_period_end: false } : { cancel_at: '' }
  return withInvoices(stripe, await stripe.subscriptions.update(id, to))
}

const changed = (item: Stripe.SubscriptionItem, product: string, { price, every, isTaxed, reckonedAt }: SubscriptionChange) => {
  const { amount, currency } = toStripe(price)
  const data = { currency, product, unit_amount: amount, recurring: { interval: every } }
  return {
    items: [{ id: item.id, price_data: { ...data, ...(isTaxed && { tax_behavior: 'inclusive' as const }) } }],
    proration_behavior: 'always_invoice' as const,
    proration_date: secondsOf(reckonedAt),
  }
}

/**
 * An upgrade is invoiced at once, to its last day; so is a new interval, whose period begins now. On trial nothing is: the trial
 * goes on, and Stripe's preview is of the invoice at its end.
 */
export const previewChange = async (stripe: Stripe, change: SubscriptionChange): Promise<{ dueNow: Money; nextAt: string }> => {
  const before = await stripe.subscriptions.retrieve(change.subscription)
  const item = onlyItem(before)
  // The name is of no account here: the product stays what it is.
  const details = changed(item, idOf(item.price.product) ?? '', change)
  const { subscription } = change
  const { total, amount_due: due, currency, lines } = await orRefused(stripe.invoices.createPreview({ subscription, subscription_details: details }))
  if (before.status === 'trialing')
    return { dueNow: { amountMinor: 0, currency: change.price.currency }, nextAt: isoOf(before.trial_end ?? item.current_period_end) }
  const next = Math.max(item.price.recurring?.interval === change.every ? item.current_period_end : 0, ...lines.data.map(({ period }) => period.end))
  return { dueNow: fromStripe(total < 0 ? total : due, currency), nextAt: isoOf(next) }
}

export const changeSubscription = async (stripe: Stripe, change: SubscriptionChange & { idempotencyKey: string }): Promise<Subscription> => {
  const { subscription, title, idempotencyKey } = change
  const item = onlyItem(await stripe.subscriptions.retrieve(subscription))
  const product = await stripe.products.create({ name: title }, { idempotencyKey: `${idempotencyKey}:product` })
  // With this behaviour a payment that does not go through, or wants the learner there, changes nothing.
  const to = { ...changed(item, product.id, change), payment_behavior: 'error_if_incomplete' as const }
  return withInvoices(stripe, await orRefused(stripe.subscriptions.update(subscription, to, { idempotencyKey })))
}

export const openPortal = async (stripe: Stripe, customer: string, returnUrl: string): Promise<string> =>
  (await stripe.billingPortal.sessions.create({ customer, return_url: returnUrl })).url
