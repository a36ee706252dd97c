import type { Refund, Session } from './store.ts'

/** A session's payment is one intent with one charge, which therefore need no rows of their own. */
export const chargeIdOf = (payment: string): string => payment.replace(/^pi_/, 'ch_')
export const paymentOf = (charge: string): string => charge.replace(/^ch_/, 'pi_')

export const refundedOf = (refunds: readonly Refund[]): number => refunds.reduce((sum, { amount }) => sum + amount, 0)

/** A charge as the API shows it: the part that a one-off payment by card has. */
export const chargeOf = (session: Session, payment: string, refunds: readonly Refund[]): Record<string, unknown> => {
  const { amount_total: amount, created, currency, customer_details: person, livemode, payment_intent_metadata: metadata } = session
  const refunded = refundedOf(refunds)
  return {
    ...{ id: chargeIdOf(payment), object: 'charge', amount, amount_captured: amount, amount_refunded: refunded },
    ...{ billing_details: { address: null, email: person?.email ?? null, name: person?.name ?? null, phone: null, tax_id: null } },
    ...{ captured: true, created, currency, customer: null, description: session.line_items[0]?.name ?? null, disputed: false },
    ...{ failure_code: null, failure_message: null, livemode, metadata, paid: true, payment_intent: payment, receipt_url: null },
    ...{ refunded: refunded >= amount, status: 'succeeded' },
  }
}

export const intentOf = (session: Session, payment: string): Record<string, unknown> => {
  const { amount_total: amount, created, currency, livemode, payment_intent_metadata: metadata } = session
  return {
    ...{ id: payment, object: 'payment_intent', amount, amount_received: amount, created, currency, latest_charge: chargeIdOf(payment) },
    ...{ livemode, metadata, status: 'succeeded' },
  }
}
