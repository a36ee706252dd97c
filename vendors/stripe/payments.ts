import type Stripe from 'stripe'
import { type Dispute, type Money, type Payment, PaymentRefused, type RefundedPayments } from '#ports/payments.ts'
import { toCheckout } from './checkout.ts'
import { idOf, isCode, isoOrNone, orRefused, secondsOf } from './client.ts'
import { fromStripe, toStripe } from './currency.ts'
import { subscriptionOf } from './invoices.ts'

/** An inquiry leaves the money where it is (docs.stripe.com/disputes/how-disputes-work); what was prevented has given it back itself, which is a refund. */
const OUTCOMES: Record<string, Dispute['outcome']> = {
  ...{ warning_needs_response: 'inquiry', warning_under_review: 'inquiry', warning_closed: 'dropped', prevented: 'dropped' },
  ...{ won: 'won', lost: 'lost' },
}

const toDispute = ({ id, status, amount, currency, reason, evidence_details: evidence }: Stripe.Dispute): Dispute => ({
  ...{ id, reason, amount: fromStripe(amount, currency), outcome: OUTCOMES[status] ?? 'open' },
  answerBy: isoOrNone(evidence.due_by),
})

const newestDispute = async (stripe: Stripe, payment: string, charge: Stripe.Charge): Promise<Dispute | undefined> => {
  if (!charge.disputed) return undefined
  const [dispute] = (await stripe.disputes.list({ payment_intent: payment, limit: 1 })).data
  return dispute && toDispute(dispute)
}

const newestWarning = async (stripe: Stripe, payment: string): Promise<string | undefined> =>
  (await stripe.radar.earlyFraudWarnings.list({ payment_intent: payment, limit: 1 })).data[0]?.id

const chargeOf = (intent: string | Stripe.PaymentIntent | null): Stripe.Charge | undefined => {
  const charge = typeof intent === 'object' ? intent?.latest_charge : undefined
  return typeof charge === 'object' && charge !== null ? charge : undefined
}

type Sale = Pick<Payment, 'paid' | 'checkout' | 'invoice' | 'subscription' | 'isLive'> & { charge: Stripe.Charge }

/** Sessions are found by their payment, and one answer tells both: what was sold, and what has gone back. */
const saleByCheckout = async (stripe: Stripe, payment: string): Promise<Sale | undefined> => {
  const { data } = await stripe.checkout.sessions.list({ payment_intent: payment, limit: 1, expand: ['data.payment_intent.latest_charge'] })
  const [session] = data
  if (!session) return undefined
  const checkout = toCheckout(session)
  // A payment of one sale succeeds once: its latest charge is the one that was paid.
  const charge = chargeOf(session.payment_intent)
  if (!charge) throw new Error(`Stripe tells no charge of session ${session.id}.`)
  return { paid: checkout.paid, checkout, charge, invoice: undefined, subscription: undefined, isLive: checkout.isLive }
}

const saleByInvoice = async (stripe: Stripe, payment: string): Promise<Sale | undefined> => {
  const of = { type: 'payment_intent', payment_intent: payment }
  const [found] = (await stripe.invoicePayments.list({ payment: of, limit: 1, expand: ['data.invoice'] })).data
  if (!found) return undefined
  const charge = chargeOf(await stripe.paymentIntents.retrieve(payment, { expand: ['latest_charge'] }))
  // Nothing has been paid yet by this one.
  if (!charge) return undefined
  const invoice = typeof found.invoice === 'object' && !found.invoice.deleted ? found.invoice : undefined
  const subscription = invoice && subscriptionOf(invoice)
  return {
    ...{ charge, checkout: undefined, subscription, invoice: idOf(found.invoice), isLive: charge.livemode },
    paid: fromStripe(charge.paid ? charge.amount_captured : 0, charge.currency),
  }
}

/** One that something recurring was paid by has no checkout of its own, but an invoice. */
const saleOf = async (stripe: Stripe, payment: string): Promise<Sale | undefined> => {
  try {
    return (await saleByCheckout(stripe, payment)) ?? (await saleByInvoice(stripe, payment))
  } catch (error) {
    if (isCode(error, 'resource_missing')) return undefined
    throw error
  }
}

export const readPayment = async (stripe: Stripe, payment: string): Promise<Payment | undefined> => {
  const sale = await saleOf(stripe, payment)
  if (!sale) return undefined
  const { charge, ...told } = sale
  const [dispute, fraudWarning] = await Promise.all([newestDispute(stripe, payment, charge), newestWarning(stripe, payment)])
  return { ...told, payment, refunded: fromStripe(charge.amount_refunded, charge.currency), dispute, fraudWarning }
}

export const listRefunded = async (stripe: Stripe, since: string, page: string | undefined): Promise<RefundedPayments> => {
  const created = { gte: secondsOf(since) }
  const { data, has_more: hasMore } = await stripe.refunds.list({ created, limit: 100, ...(page !== undefined && { starting_after: page }) })
  const last = data.at(-1)?.id
  return { items: data.flatMap((refund) => idOf(refund.payment_intent) ?? []), ...(hasMore && last !== undefined && { next: last }) }
}

const exactly = (amount: Money): number => {
  try {
    return toStripe(amount).amount
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new PaymentRefused(cause.message, { cause })
  }
}

export const giveBack = async (
  stripe: Stripe,
  { payment, amount, idempotencyKey, note }: { payment: string; amount: Money; idempotencyKey: string; note?: string },
): Promise<void> => {
  const asked = { payment_intent: payment, amount: exactly(amount), ...(note !== undefined && { metadata: { note: note.slice(0, 500) } }) }
  const refund = await orRefused(stripe.refunds.create(asked, { idempotencyKey }))
  if (refund.status === 'failed' || refund.status === 'canceled')
    throw new PaymentRefused(`The refund did not go through: ${refund.failure_reason ?? refund.status}.`)
}
