import type { Desk } from './desk.ts'
import { invalid, makeId } from './errors.ts'
import { DAY_SECONDS } from './periods.ts'
import type { Charge, Dispute, Warning } from './types.ts'

/** What a dispute may be about (docs.stripe.com/disputes/categories). */
export const REASONS = [
  ...['fraudulent', 'product_not_received', 'product_unacceptable', 'subscription_canceled', 'unrecognized', 'duplicate', 'credit_not_processed', 'general'],
]

/** The bank takes the money back, and the school may answer; by an inquiry it only asks. */
export const openDispute = (
  desk: Desk,
  { id }: Charge,
  { reason = 'fraudulent', amount, isInquiry = false }: { reason?: string | undefined; amount?: number | undefined; isInquiry?: boolean } = {},
): Dispute => {
  const { store, tell, seconds } = desk
  const charge = store.get('charge', id)
  if (!charge?.paid) throw invalid('Only a payment that was made can be disputed.')
  if (charge.disputed) throw invalid(`Charge ${id} has been disputed already.`)
  if (!REASONS.includes(reason)) throw invalid(`Invalid reason: must be one of ${REASONS.join(', ')}`, 'reason')
  const created = seconds(charge.customer)
  const { currency, livemode, payment_intent } = charge
  const details = { enhanced_eligibility: {}, has_evidence: false, past_due: false, submission_count: 0, submission_method: 'dashboard' as const }
  const dispute = store.put<Dispute>({
    ...{ id: makeId('du', 12), object: 'dispute', amount: amount ?? charge.amount, charge: id, created, currency },
    ...{ evidence_details: { ...details, due_by: created + 9 * DAY_SECONDS }, livemode, metadata: {}, payment_intent, reason },
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
  })
  store.put<Charge>({ ...charge, disputed: true })
  tell('charge.dispute.created', dispute)
  if (!isInquiry) tell('charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** The bank asks no more. */
export const closeInquiry = ({ store, tell }: Desk, before: Dispute): Dispute => {
  const dispute = store.put<Dispute>({ ...before, status: 'warning_closed' })
  tell('charge.dispute.updated', dispute, before)
  tell('charge.dispute.closed', dispute)
  return dispute
}

export const closeDispute = ({ store, tell }: Desk, { id }: Dispute, status: 'won' | 'lost'): Dispute => {
  const before = store.get('dispute', id)
  if (before?.status !== 'needs_response') throw invalid(`Dispute ${id} is over already.`)
  const dispute = store.put<Dispute>({ ...before, status })
  tell('charge.dispute.updated', dispute, before)
  tell('charge.dispute.closed', dispute)
  if (status === 'won') tell('charge.dispute.funds_reinstated', dispute)
  return dispute
}

/** A bank's word that a payment was likely fraud, before anybody disputes it. */
export const warn = ({ store, tell, seconds }: Desk, charge: Charge): Warning => {
  if (!charge.paid) throw invalid('Only a payment that was made can be warned of.')
  const { id, customer, livemode, payment_intent } = charge
  const warning = store.put<Warning>({
    ...{ id: makeId('issfr', 12), object: 'radar.early_fraud_warning', actionable: !charge.refunded, charge: id, created: seconds(customer) },
    ...{ fraud_type: 'made_with_stolen_card', livemode, payment_intent },
  })
  tell('radar.early_fraud_warning.created', warning)
  return warning
}
