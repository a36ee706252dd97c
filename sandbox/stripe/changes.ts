import type { Invoice, Item, Pending, Subscription } from './billing-types.ts'
import type { Desk } from './desk.ts'
import { ApiError, invalid, makeId } from './errors.ts'
import { attempt, finalise } from './invoices.ts'
import { prorationWords } from './lines.ts'
import { share } from './money.ts'
import { periodAfter } from './periods.ts'
import { end, isOver, periodOf, putSubscription } from './standing.ts'
import { bill } from './subscriptions.ts'
import type { Metadata, Price } from './types.ts'

export const PRORATIONS = ['create_prorations', 'none', 'always_invoice'] as const
export const BEHAVIOURS = ['allow_incomplete', 'error_if_incomplete'] as const

export type Change = {
  items: { id: string; price?: Price | undefined; quantity?: number | undefined }[]
  proration: (typeof PRORATIONS)[number]
  behaviour: (typeof BEHAVIOURS)[number]
  /** The second prorations are counted from; now when left out. */
  prorationDate?: number | undefined
}

const pend = (desk: Desk, subscription: Subscription, item: Item, part: { amount: number; what: 'Unused' | 'Remaining'; at: number; to: number }): void => {
  if (part.amount === 0 && part.what === 'Unused') return
  const { store, seconds, tell } = desk
  const { customer, currency, id } = subscription
  const pending = store.put<Pending>({
    ...{ id: makeId('ii', 12), object: 'invoiceitem', amount: part.amount, created: seconds(customer), currency, customer },
    ...{ description: prorationWords(desk, item, part), item: item.id, period: { start: part.at, end: part.to }, price: item.price, quantity: item.quantity },
    ...{ subscription: id, own: { due: null, clock: null, invoice: null, tax: subscription.automatic_tax.enabled } },
  })
  tell('invoiceitem.created', pending)
}

const recurringOf = (item: Item | undefined): string => `${item?.price.recurring?.interval} ${item?.price.recurring?.interval_count}`

const changedItems = ({ items }: Subscription, asked: Change['items']): Item[] => {
  const unknown = asked.find(({ id }) => !items.data.some((item) => item.id === id))
  if (unknown) throw invalid(`No such subscription item: '${unknown.id}'`, 'items', 'resource_missing')
  return items.data.map((item) => {
    const change = asked.find(({ id }) => id === item.id)
    return { ...item, price: change?.price ?? item.price, quantity: change?.quantity ?? item.quantity }
  })
}

/** What was taken for the rest of the period goes back; to the second, each line rounded by itself. */
const giveBack = (desk: Desk, subscription: Subscription, at: number): void => {
  for (const { item: id, amount, from, to } of subscription.own.debits) {
    const item = subscription.items.data.find((each) => each.id === id)
    if (item && at < to) pend(desk, subscription, item, { amount: -share(amount, to - Math.max(at, from), to - from), what: 'Unused', at, to })
  }
}

const inPlace = (desk: Desk, before: Subscription, items: Item[], { proration, at }: { proration: Change['proration']; at: number }): Subscription => {
  const { start, end: to } = periodOf(before)
  const data = { ...before.items, data: items }
  if (proration === 'none' || before.status === 'trialing') return putSubscription(desk, { ...before, items: data })
  giveBack(desk, before, at)
  const debits = items.map((item) => {
    const amount = share(item.price.unit_amount * item.quantity, to - at, to - start)
    pend(desk, before, item, { amount, what: 'Remaining', at, to })
    return { item: item.id, amount, from: at, to }
  })
  return putSubscription(desk, { ...before, items: data, own: { ...before.own, debits } })
}

/** Another interval begins a new period now, which is billed whole at once. */
const anew = (desk: Desk, before: Subscription, items: Item[], { proration, at }: { proration: Change['proration']; at: number }): Subscription => {
  if (proration !== 'none') giveBack(desk, before, at)
  const recurring = items[0]?.price.recurring
  if (!recurring) throw invalid('The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.', 'items')
  const to = periodAfter(at, recurring, 1)
  const data = items.map((item) => ({ ...item, current_period_start: at, current_period_end: to }))
  const cancel_at = before.cancel_at_period_end ? to : before.cancel_at
  return putSubscription(desk, { ...before, billing_cycle_anchor: at, cancel_at, items: { ...before.items, data } })
}

/** Only different items change anything; what it costs waits for the next invoice, or is billed at once. */
export const changeItems = (desk: Desk, before: Subscription, change: Change): { subscription: Subscription; invoice: Invoice | undefined } => {
  const items = changedItems(before, change.items)
  if (items.some(({ price }) => price.currency !== before.currency)) throw invalid('All prices of a subscription must have the same currency.', 'items')
  const { start, end: to } = periodOf(before)
  const at = change.prorationDate ?? desk.seconds(before.customer)
  if (at < start || at > to) throw invalid('Cannot specify a proration date outside of the current period.', 'proration_date')
  const same = items.every((item, place) => {
    const old = before.items.data[place]
    return old && item.price.unit_amount === old.price.unit_amount && item.quantity === old.quantity && recurringOf(item) === recurringOf(old)
  })
  if (same) return { subscription: putSubscription(desk, { ...before, items: { ...before.items, data: items } }), invoice: undefined }
  const isAnew = items.some((item, place) => recurringOf(item) !== recurringOf(before.items.data[place])) && before.status !== 'trialing'
  const changed = (isAnew ? anew : inPlace)(desk, before, items, { proration: change.proration, at })
  if (!isAnew && (change.proration !== 'always_invoice' || before.status === 'trialing')) return { subscription: changed, invoice: undefined }
  const billed = bill(desk, changed, { reason: 'subscription_update', period: { start: at, end: at }, waits: false, hasItems: isAnew })
  return { subscription: billed.subscription, invoice: finalise(desk, billed.invoice) }
}

export type Update = {
  change?: Change | undefined
  metadata?: Metadata | undefined
  cancelAtPeriodEnd?: boolean | undefined
  /** Null takes it back. */
  cancelAt?: number | null | undefined
  description?: string | null | undefined
  card?: string | undefined
  comment?: string | undefined
  feedback?: string | undefined
  trialEnd?: number | 'now' | undefined
}

const withCancelling = (desk: Desk, subscription: Subscription, { cancelAtPeriodEnd, cancelAt, comment, feedback }: Update): Subscription => {
  const said = {
    ...subscription.cancellation_details,
    comment: comment ?? subscription.cancellation_details.comment,
    feedback: feedback ?? subscription.cancellation_details.feedback,
  }
  const at = desk.seconds(subscription.customer)
  if (cancelAtPeriodEnd || typeof cancelAt === 'number') {
    const end = cancelAtPeriodEnd ? periodOf(subscription).end : (cancelAt ?? at)
    if (end <= at) throw invalid('The subscription cannot be cancelled in the past.', 'cancel_at')
    const details = { ...said, reason: 'cancellation_requested' as const }
    return { ...subscription, cancel_at_period_end: cancelAtPeriodEnd === true, cancel_at: end, canceled_at: at, cancellation_details: details }
  }
  if (cancelAtPeriodEnd === undefined && cancelAt === undefined) return { ...subscription, cancellation_details: said }
  const none = { comment: null, feedback: null, feedback_option: null, reason: null }
  return { ...subscription, cancel_at_period_end: false, cancel_at: null, canceled_at: null, cancellation_details: none }
}

const withTrialEnd = (desk: Desk, subscription: Subscription, trialEnd: Update['trialEnd']): Subscription => {
  if (trialEnd === undefined) return subscription
  if (subscription.status !== 'trialing') throw invalid('The stand-in moves the end of a trial only while there is one.', 'trial_end')
  const end = trialEnd === 'now' ? desk.seconds(subscription.customer) : trialEnd
  const data = subscription.items.data.map((item) => ({ ...item, current_period_end: end }))
  return {
    ...subscription,
    trial_end: end,
    billing_cycle_anchor: end,
    items: { ...subscription.items, data },
    own: { ...subscription.own, toldTrialEnd: true },
  }
}

/** @throws ApiError with `error_if_incomplete` when what it costs cannot be paid now; nothing is changed then. */
export const update = (desk: Desk, { id }: Subscription, asked: Update): Subscription => {
  const before = desk.store.get('subscription', id)
  if (!before) throw new Error(`Subscription ${id} is gone.`)
  const { change, metadata = before.metadata, description = before.description, card = before.default_payment_method } = asked
  const isMore = change !== undefined || asked.cancelAtPeriodEnd !== undefined || asked.cancelAt !== undefined || asked.trialEnd !== undefined
  if (isOver(before.status) && isMore) throw invalid('A canceled subscription can only update its cancellation_details and metadata.')
  const cancelling = withTrialEnd(desk, withCancelling(desk, before, asked), asked.trialEnd)
  const plain = putSubscription(desk, { ...cancelling, metadata, description, default_payment_method: card })
  const { subscription, invoice } = change ? changeItems(desk, plain, change) : { subscription: plain, invoice: undefined }
  desk.tell('customer.subscription.updated', subscription, before)
  if (!invoice) return subscription
  const { outcome } = attempt(desk, invoice, { isPresent: false, isAuthenticated: false })
  if (change?.behaviour === 'error_if_incomplete' && (outcome?.error || outcome?.asks)) {
    const { code = 'authentication_required', message = 'This payment requires its owner.' } = outcome.error ?? {}
    throw new ApiError(402, message, { type: 'card_error', code })
  }
  return desk.store.get('subscription', id) ?? subscription
}

export const cancelNow = (desk: Desk, subscription: Subscription): Subscription => {
  if (isOver(subscription.status))
    throw new ApiError(404, `No such subscription: '${subscription.id}'`, { type: 'invalid_request_error', code: 'resource_missing', param: 'id' })
  return end(desk, subscription, { status: 'canceled', reason: 'cancellation_requested' })
}
