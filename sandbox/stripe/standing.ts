import type { Invoice, Subscription, SubscriptionStatus } from './billing-types.ts'
import type { Desk } from './desk.ts'
import { isTooShortForNews } from './lines.ts'
import { DAY_SECONDS } from './periods.ts'

/** How long a subscription may wait for its first payment. */
const INCOMPLETE_SECONDS = 23 * 3600
export const TRIAL_NEWS_SECONDS = 3 * DAY_SECONDS

export const isOver = (status: SubscriptionStatus): boolean => status === 'canceled' || status === 'incomplete_expired'

/** The first item's period is the subscription's: the stand-in bills all items together. */
export const periodOf = ({ items }: Subscription): { start: number; end: number } => {
  const [first] = items.data
  if (!first) throw new Error('A subscription has no item.')
  return { start: first.current_period_start, end: first.current_period_end }
}

/** When something next happens to a subscription by itself. */
const dueOf = (desk: Desk, subscription: Subscription): number | null => {
  const { status, trial_end: trialEnd, cancel_at: cancelAt, created, own } = subscription
  if (isOver(status)) return null
  if (status === 'incomplete') return created + INCOMPLETE_SECONDS
  const { end } = periodOf(subscription)
  const { upcomingDays } = desk.rules()
  const times = [end]
  if (cancelAt !== null) times.push(cancelAt)
  if (status === 'trialing' && trialEnd !== null && !own.toldTrialEnd) times.push(trialEnd - TRIAL_NEWS_SECONDS)
  const isToldOf = own.toldUpcoming === end || status === 'unpaid' || (cancelAt !== null && cancelAt <= end) || isTooShortForNews(subscription, upcomingDays)
  if (!isToldOf) times.push(end - upcomingDays * DAY_SECONDS)
  return Math.min(...times)
}

/** The one place subscriptions are written, so that what is due next is always right. */
export const putSubscription = (desk: Desk, subscription: Subscription, before?: Subscription): Subscription => {
  const after = desk.store.put<Subscription>({ ...subscription, own: { ...subscription.own, due: dueOf(desk, subscription) } })
  if (before) desk.tell('customer.subscription.updated', after, before)
  return after
}

export const end = (
  desk: Desk,
  before: Subscription,
  { status, reason }: { status: 'canceled' | 'incomplete_expired'; reason: Subscription['cancellation_details']['reason'] },
): Subscription => {
  const { store, seconds, tell } = desk
  const at = seconds(before.customer)
  const details = { ...before.cancellation_details, reason: before.cancellation_details.reason ?? reason }
  const ended = putSubscription(desk, { ...before, status, canceled_at: before.canceled_at ?? at, ended_at: at, cancellation_details: details })
  // Stripe stops collecting by itself: what is open may still be paid by hand, drafts are left.
  for (const invoice of store.linked('invoice', before.id).filter((each) => each.status === 'open' || each.status === 'draft')) {
    store.put<Invoice>({ ...invoice, auto_advance: false, next_payment_attempt: null, automatically_finalizes_at: null, own: { ...invoice.own, due: null } })
  }
  tell(status === 'canceled' ? 'customer.subscription.deleted' : 'customer.subscription.updated', ended, before)
  return ended
}

const subscriptionOf = ({ store }: Desk, { own }: Invoice): Subscription | undefined => {
  const subscription = store.get('subscription', own.subscription)
  return subscription && !isOver(subscription.status) ? subscription : undefined
}

/** Paying the latest invoice brings a subscription back; an older one does not. */
export const afterPayment = (desk: Desk, invoice: Invoice): void => {
  const before = subscriptionOf(desk, invoice)
  if (before?.latest_invoice !== invoice.id || !['past_due', 'unpaid', 'incomplete'].includes(before.status)) return
  putSubscription(desk, { ...before, status: 'active' }, before)
}

export const afterFailure = (desk: Desk, invoice: Invoice): void => {
  const before = subscriptionOf(desk, invoice)
  if (before?.latest_invoice === invoice.id && before.status === 'active') putSubscription(desk, { ...before, status: 'past_due' }, before)
}

export const afterRetries = (desk: Desk, invoice: Invoice): void => {
  const before = subscriptionOf(desk, invoice)
  const { afterRetries: then } = desk.rules()
  if (!before) return
  if (then === 'cancel') end(desk, before, { status: 'canceled', reason: 'payment_failed' })
  else if (then === 'unpaid') putSubscription(desk, { ...before, status: 'unpaid' }, before)
  else afterFailure(desk, invoice)
}
