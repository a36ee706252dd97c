import type { Desk } from './desk.ts'
import { ApiError, invalid, makeId } from './errors.ts'
import type { Charge, Metadata, Refund } from './types.ts'

/** What is asked of a refund; all that is left when no amount is named. */
export type NewRefund = { amount?: number | undefined; reason?: Refund['reason'] | undefined; metadata?: Metadata | undefined }
export const REFUND_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const

/** How long one that fails has looked as if it had arrived. */
const FAILS_AFTER_SECONDS = 60

const refundable = ({ store }: Desk, charge: Charge, asked: number | undefined): number => {
  const { id, currency, amount, amount_refunded: before } = charge
  const left = amount - before
  if (charge.refunded || left <= 0) throw invalid(`Charge ${id} has already been refunded.`, undefined, 'charge_already_refunded')
  const dispute = store.linked('dispute', id)[0]
  if (dispute?.status === 'needs_response' || dispute?.status === 'lost')
    throw invalid(`Charge ${id} has been charged back; cannot issue a refund.`, undefined, 'charge_disputed')
  const wanted = asked ?? left
  if (!Number.isInteger(wanted) || wanted < 1) throw invalid(`Invalid positive integer: ${wanted}`, 'amount')
  if (wanted > left) throw invalid(`Refund amount (${wanted}) is greater than unrefunded amount on charge (${left}), in ${currency}.`, 'amount')
  return wanted
}

/** The charge of a payment that was made. @throws ApiError when there is none. */
export const chargeOf = ({ store }: Desk, payment: string | null): Charge => {
  const intent = store.get('payment_intent', payment)
  const charge = intent?.status === 'succeeded' ? store.get('charge', intent.latest_charge) : undefined
  if (!charge?.paid)
    throw new ApiError(400, 'This PaymentIntent does not have a successful charge to refund.', { type: 'invalid_request_error', param: 'payment_intent' })
  return charge
}

/** Gives back what was paid, all or a part of it. @throws ApiError when less is left of it than is asked for. */
export const refund = (desk: Desk, charge: Charge, { amount: asked, reason = null, metadata = {} }: NewRefund): Refund => {
  const { store, tell, seconds, rules } = desk
  const amount = refundable(desk, charge, asked)
  const { id, currency, customer, payment_intent, payment_method } = charge
  const created = seconds(customer)
  const willFail = rules().refunds === 'fail' || store.get('payment_method', payment_method)?.own.behaviour === 'refund-fails'
  const made = store.put<Refund>({
    ...{ id: makeId('re', 12), object: 'refund', amount, charge: id, created, currency, customer, metadata, payment_intent, payment_method, reason },
    ...{ status: 'succeeded', own: { due: willFail ? created + FAILS_AFTER_SECONDS : null, clock: store.get('customer', customer)?.test_clock ?? null } },
  })
  const amount_refunded = charge.amount_refunded + amount
  const after = store.put<Charge>({ ...charge, amount_refunded, refunded: amount_refunded >= charge.amount })
  tell('refund.created', made)
  tell('charge.refunded', after, charge)
  return made
}

/** The bank sends it back: the money is the school's again. */
export const failRefund = ({ store, tell }: Desk, { id }: Refund): Refund => {
  const before = store.get('refund', id)
  if (before?.status !== 'succeeded') throw invalid('Only a refund that was made can fail.')
  const failed = store.put<Refund>({ ...before, status: 'failed', failure_reason: 'expired_or_canceled_card', own: { ...before.own, due: null } })
  const charge = store.get('charge', before.charge)
  if (charge) store.put<Charge>({ ...charge, amount_refunded: charge.amount_refunded - before.amount, refunded: false })
  tell('charge.refund.updated', failed, before)
  tell('refund.updated', failed, before)
  tell('refund.failed', failed, before)
  return failed
}
