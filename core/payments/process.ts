import { bringUpToDate } from '#core/memberships/standing.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { followPayment } from './follow.ts'
import { orderPaidBy } from './paid-by.ts'
import { hookRecords, orderOf, type StoredHook } from './records.ts'
import { settle } from './settle.ts'

/** Their subject is a checkout session; all of them mean no more than "read it again". */
const CHECKOUT_NEWS = new Set([
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
])

/** About money that was given back or is disputed: "read the payment again". Of one happening there are several, in any order. */
const PAYMENT_NEWS = new Set([
  ...['charge.refunded', 'charge.refund.updated', 'refund.created', 'refund.updated', 'refund.failed'],
  ...['charge.dispute.created', 'charge.dispute.updated', 'charge.dispute.closed'],
  ...['charge.dispute.funds_withdrawn', 'charge.dispute.funds_reinstated'],
  ...['radar.early_fraud_warning.created', 'radar.early_fraud_warning.updated'],
])

/** Of every sale in the account, the school’s or not: its checkout tells the same, so that it is welcome and not looked for. */
const PAID_NEWS = 'payment_intent.succeeded'

/** About something that is paid more than once: "read the subscription again", which tells its newest invoices as well. */
const SUBSCRIPTION_NEWS = new Set([
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'customer.subscription.trial_will_end',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.voided',
  'invoice.marked_uncollectible',
])

/** What accompanies every checkout, invoice and change and tells us nothing that what it belongs to does not. */
const IRRELEVANT = new Set([
  'invoice.created',
  'invoice.updated',
  'invoice.upcoming',
  'invoice.finalized',
  'invoice.sent',
  'invoice.payment_succeeded',
  'invoice_payment.paid',
  'invoiceitem.created',
  'setup_intent.created',
  'setup_intent.succeeded',
  'customer.discount.created',
  'customer.discount.deleted',
  'customer.tax_id.created',
  'coupon.created',
  'coupon.updated',
  'billing_portal.session.created',
  'test_helpers.test_clock.created',
  'test_helpers.test_clock.advancing',
  'test_helpers.test_clock.ready',
  'payment_intent.created',
  'payment_intent.processing',
  'payment_intent.requires_action',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'charge.pending',
  'charge.succeeded',
  'charge.updated',
  'charge.failed',
  'charge.captured',
  'customer.created',
  'customer.updated',
  'payment_method.attached',
  'product.created',
  'product.updated',
  'price.created',
  'price.updated',
  'plan.created',
  'balance.available',
  'payout.created',
  'payout.updated',
  'payout.paid',
  'payout.reconciliation_completed',
])

/** What is acted on at all: what a webhook of a school is to be sent. */
export const HEEDED: ReadonlySet<string> = new Set([...CHECKOUT_NEWS, ...PAYMENT_NEWS, ...SUBSCRIPTION_NEWS])

/** Whether news of this type is acted on at all. */
export const isHeeded = (type: string): boolean => HEEDED.has(type)

/** Keeps it where an operator sees it, and says so once for each type, or for each of what it is about. */
const park = async ({ tables, alerts, log }: World, hook: StoredHook, because: string, about = hook.type): Promise<void> => {
  await alerts.tell({
    kind: 'payments',
    id: `payments.parked.${about}`,
    subject: `Payment news the school cannot act on: ${hook.type}`,
    text:
      `The payment provider sent ${hook.type} (${hook.id}) and the school does not know what to do with it: ${because}. ` +
      'It is kept. Look at it with the provider; nothing was granted or taken away.',
  })
  await tables.commit([hookRecords.put({ ...hook, state: 'parked', parkedBecause: because })])
  log.warn('payment news parked', { hook: hook.id, type: hook.type, because })
}

const done = ({ clock }: World, hook: StoredHook): Change => hookRecords.put({ ...hook, state: 'done', doneAt: clock.now().toISOString() })

const ignore = async ({ tables, clock }: World, hook: StoredHook): Promise<void> => {
  await tables.commit([hookRecords.put({ ...hook, state: 'ignored', doneAt: clock.now().toISOString() })])
}

const processCheckout = async (world: World, hook: StoredHook): Promise<void> => {
  if (hook.subject === undefined) return park(world, hook, 'it names no checkout')
  const checkout = await world.payments.readCheckout(hook.subject)
  const order = await orderOf(world.tables, checkout.session, checkout.order)
  if (order === undefined) return park(world, hook, `session ${checkout.session} belongs to no order of the school`)
  await settle(world, order, checkout, [done(world, hook)])
}

const processPayment = async (world: World, hook: StoredHook): Promise<void> => {
  if (hook.payment === undefined) return park(world, hook, 'it names no payment')
  const order = await orderPaidBy(world, hook.payment)
  // The account may sell other things as well; only what went wrong with a payment is to be looked at.
  const isStranger = order === undefined && hook.type === PAID_NEWS
  if (isStranger) return ignore(world, hook)
  if (order === undefined) return park(world, hook, `payment ${hook.payment} belongs to no order of the school`)
  const odd = await followPayment(world, order, hook.payment, [done(world, hook)])
  // Each such order is told of, not only the first.
  if (odd !== undefined) await park(world, hook, odd, `${order}.payment`)
}

const processSubscription = async (world: World, hook: StoredHook): Promise<void> => {
  if (hook.subscription === undefined) return park(world, hook, 'it names no subscription')
  const odd = await bringUpToDate(world, hook.subscription, [done(world, hook)])
  if (odd !== undefined) await park(world, hook, odd, hook.subscription)
}

/** The listener that does so. */
export const PROCESSING = 'payments.process'

/** Works one piece of news off. It only says what to read: the provider is asked anew, so its order and age do not matter. */
export const processHook = async (world: World, id: string): Promise<void> => {
  const { tables, payments } = world
  const hook = (await hookRecords.get(tables, { id }))?.value
  if (!hook) throw new Error(`Hook ${id} was told of and is not here.`)
  if (hook.state !== 'received') return
  if (IRRELEVANT.has(hook.type)) return ignore(world, hook)
  if (hook.account !== undefined) return park(world, hook, `it is of the account ${hook.account}, which is connected and not the school’s own`, hook.account)
  if (hook.isLive !== payments.isLive) return park(world, hook, `it is ${hook.isLive ? 'live' : 'test'} news, and the school is not in that mode`)
  if (CHECKOUT_NEWS.has(hook.type)) return processCheckout(world, hook)
  if (SUBSCRIPTION_NEWS.has(hook.type)) return processSubscription(world, hook)
  return PAYMENT_NEWS.has(hook.type) || hook.type === PAID_NEWS ? processPayment(world, hook) : park(world, hook, 'its type is unknown to the school')
}
