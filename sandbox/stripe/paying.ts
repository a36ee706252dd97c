import { AUTHENTICATION_REQUIRED, verdict } from './cards.ts'
import type { Desk } from './desk.ts'
import { openDispute, warn } from './disputes.ts'
import { makeId } from './errors.ts'
import type { Address, CardError, Charge, Intent, Metadata, PaymentMethod } from './types.ts'

export type NewIntent = {
  amount: number
  currency: string
  customer: string | null
  description: string | null
  metadata: Metadata
  livemode: boolean
  email: string | null
}

export const openIntent = ({ store, seconds, tell }: Desk, asked: NewIntent): Intent => {
  const { email, ...given } = asked
  const id = makeId('pi')
  const intent = store.put<Intent>({
    ...given,
    ...{ id, object: 'payment_intent', amount_received: 0, client_secret: `${id}_secret_${makeId('s', 8).slice(2)}`, created: seconds(asked.customer) },
    ...{ last_payment_error: null, latest_charge: null, payment_method: null, receipt_email: email, status: 'requires_payment_method' },
  })
  tell('payment_intent.created', intent)
  return intent
}

type Charging = { card: PaymentMethod; address: Address | null | undefined; error?: CardError }

const chargeFor = (desk: Desk, intent: Intent, { card, address = null, error }: Charging): Charge => {
  const { amount, currency, customer, description, livemode, metadata } = intent
  const charge = desk.store.put<Charge>({
    ...{ id: makeId('ch'), object: 'charge', amount, amount_captured: error ? 0 : amount, amount_refunded: 0 },
    billing_details: { address, email: card.email, name: card.name, phone: null, tax_id: null },
    ...{ created: desk.seconds(customer), currency, customer, description, disputed: false, livemode, metadata },
    ...{ failure_code: error?.code ?? null, failure_message: error?.message ?? null, paid: !error, payment_intent: intent.id },
    payment_method_details: { card: card.card, type: 'card' },
    ...{ payment_method: card.id, refunded: false, status: error ? 'failed' : 'succeeded' },
  })
  desk.tell(error ? 'charge.failed' : 'charge.succeeded', charge)
  return charge
}

export type Outcome = { intent: Intent; error?: CardError; asks?: true }

/** Charges an intent to a card, once. Whatever comes of it is written, and told. */
export const charge = (
  desk: Desk,
  intent: Intent,
  card: PaymentMethod,
  how: { isPresent: boolean; isAuthenticated: boolean; address?: Address | null },
): Outcome => {
  const { store, tell } = desk
  const comesTo = verdict(card.own.behaviour, { amount: intent.amount, ...how })
  if (comesTo === 'asks') {
    // Somebody who is there is asked; a card charged by itself fails, and waits for its owner.
    const last_payment_error = how.isPresent ? null : AUTHENTICATION_REQUIRED
    const asking = store.put<Intent>({ ...intent, status: 'requires_action', payment_method: card.id, last_payment_error })
    tell('payment_intent.requires_action', asking)
    return { intent: asking, asks: true }
  }
  if (comesTo !== 'succeeds') {
    const failed = chargeFor(desk, intent, { card, address: how.address, error: comesTo })
    const waiting = store.put<Intent>({
      ...intent,
      status: 'requires_payment_method',
      payment_method: null,
      latest_charge: failed.id,
      last_payment_error: comesTo,
    })
    tell('payment_intent.payment_failed', waiting)
    return { intent: waiting, error: comesTo }
  }
  const made = chargeFor(desk, intent, { card, address: how.address })
  const paid = store.put<Intent>({
    ...{ ...intent, amount_received: intent.amount, latest_charge: made.id, payment_method: card.id },
    ...{ last_payment_error: null, status: 'succeeded' },
  })
  tell('payment_intent.succeeded', paid)
  if (card.own.behaviour === 'disputed') openDispute(desk, made, { reason: 'fraudulent' })
  if (card.own.behaviour === 'warned') warn(desk, made)
  return { intent: paid }
}
