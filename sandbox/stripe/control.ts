import type { Subscription } from './billing-types.ts'
import { keepCard } from './cards.ts'
import { cancelNow, update } from './changes.ts'
import { type PaidWith, pay } from './checkout.ts'
import { moveClock, run } from './clocks.ts'
import type { Desk } from './desk.ts'
import { closeDispute, closeInquiry, openDispute, warn } from './disputes.ts'
import { ApiError, invalid, missing } from './errors.ts'
import { readFaults } from './faults.ts'
import { attempt } from './invoices.ts'
import { chargeOf, failRefund, type NewRefund, refund } from './refunds.ts'
import { found } from './routes.ts'
import { readRules } from './rules.ts'
import type { Session } from './session-types.ts'
import { shown } from './shown.ts'
import type { Charge, Customer, PaymentMethod } from './types.ts'

type Said = Record<string, unknown>
export type ControlAnswer = { status: number; value: unknown }

const ok = (value: unknown): ControlAnswer => ({ status: 200, value })
const word = (said: Said, name: string): string | undefined => (typeof said[name] === 'string' ? said[name] : undefined)
const number = (said: Said, name: string): number | undefined => (typeof said[name] === 'number' ? said[name] : undefined)

/** The payment a session led to: its own, or its subscription's latest. */
export const paymentOf = ({ store }: Desk, session: Session): string | null => {
  if (session.payment_intent !== null) return session.payment_intent
  const subscription = store.get('subscription', session.subscription)
  const paid = subscription && store.linked('invoice', subscription.id).find((invoice) => invoice.status === 'paid' && invoice.own.intent !== null)
  return paid?.own.intent ?? null
}

/** By any id that leads to a charge: its own, a payment's, an invoice's, a session's. */
export const chargeBy = (desk: Desk, id: string): Charge => {
  const kept = desk.store.any(id)
  if (kept?.object === 'charge') return kept
  if (kept?.object === 'payment_intent') return chargeOf(desk, kept.id)
  if (kept?.object === 'invoice') return chargeOf(desk, kept.own.intent)
  if (kept?.object === 'checkout.session') return chargeOf(desk, paymentOf(desk, kept))
  throw missing('payment', id)
}

const paySession = (desk: Desk, session: Session, said: Said): ControlAnswer => {
  // What tests send is what they mean: this is a switch, not an API.
  const paid = pay(desk, session, said as PaidWith)
  if (paid === 'asks') return { status: 402, value: { error: 'The card’s owner is asked.' } }
  if (!('status' in paid)) return { status: 402, value: { error: paid.message, code: paid.code } }
  const { id, status, payment_status, success_url, subscription, invoice, customer, payment_intent } = paid
  return ok({ id, status, payment_status, success_url, subscription, invoice, customer, payment_intent })
}

const refundBy = (desk: Desk, id: string, said: Said): ControlAnswer => {
  const charge = chargeBy(desk, id)
  // As above.
  const { id: made, amount, payment_intent } = refund(desk, charge, said as NewRefund)
  return ok({ id: made, amount, payment_intent, charge: charge.id, amount_refunded: desk.store.get('charge', charge.id)?.amount_refunded })
}

/** Gives customers another card; with `number` left out, one that pays. */
export const changeCard = (desk: Desk, customer: Customer, cardNumber: string): PaymentMethod => {
  const { store, tell } = desk
  const card = keepCard(desk, { number: cardNumber, customer: customer.id, email: customer.email, name: customer.name, livemode: customer.livemode })
  const after = store.put<Customer>({ ...customer, invoice_settings: { ...customer.invoice_settings, default_payment_method: card.id } })
  tell('customer.updated', after, customer)
  for (const subscription of store.linked('subscription', customer.id)) {
    const changed = store.put<Subscription>({ ...subscription, default_payment_method: card.id })
    if (subscription.ended_at === null) tell('customer.subscription.updated', changed, subscription)
  }
  return card
}

const changeCards = (desk: Desk, said: Said): ControlAnswer => {
  const named = word(said, 'customer')
  const customers = named === undefined ? desk.store.all('customer') : [found(desk, 'customer', named)]
  return ok({
    changed: customers.map((customer) => ({ customer: customer.id, card: changeCard(desk, customer, word(said, 'number') ?? '4242424242424242').id })),
  })
}

const dispute = (desk: Desk, id: string, said: Said): ControlAnswer => {
  const outcome = word(said, 'outcome')
  if (outcome !== undefined && outcome !== 'won' && outcome !== 'lost') throw invalid('An outcome is `won` or `lost`.', 'outcome')
  const asked = { reason: word(said, 'reason'), amount: number(said, 'amount'), isInquiry: said['isInquiry'] === true }
  const opened = desk.store.get('dispute', id) ?? openDispute(desk, chargeBy(desk, id), asked)
  if (opened.status === 'warning_needs_response' && outcome !== undefined) return ok(shown(closeInquiry(desk, opened)))
  return ok(shown(outcome === undefined ? opened : closeDispute(desk, opened, outcome)))
}

const payInvoice = (desk: Desk, id: string, said: Said): ControlAnswer => {
  const invoice = found(desk, 'invoice', id)
  const customer = found(desk, 'customer', invoice.customer)
  const numbered = word(said, 'card')
  const card = numbered === undefined ? undefined : keepCard(desk, { number: numbered, customer: customer.id, email: customer.email, name: customer.name })
  const { invoice: after, outcome } = attempt(desk, invoice, { isPresent: true, isAuthenticated: true, card })
  return after.status === 'paid' ? ok(shown(after)) : { status: 402, value: { error: outcome?.error?.message ?? 'Not paid.' } }
}

const clock = (desk: Desk, said: Said): ControlAnswer => {
  const [ahead, to] = [number(said, 'advanceSeconds'), number(said, 'to')]
  if (ahead === undefined && to === undefined) throw invalid('Say `advanceSeconds`, or `to` in seconds since 1970.')
  const done = moveClock(desk, to ?? desk.seconds() + (ahead ?? 0))
  return ok({ now: desk.seconds(), ahead: desk.store.ahead(), done })
}

const VERBS: Record<string, (desk: Desk, id: string, said: Said) => ControlAnswer> = {
  'sessions/pay': (desk, id, said) => paySession(desk, found(desk, 'checkout.session', id), said),
  'sessions/refund': (desk, id, said) => refundBy(desk, found(desk, 'checkout.session', id).id, said),
  'payments/refund': refundBy,
  'payments/dispute': dispute,
  'sessions/dispute': dispute,
  'disputes/close': dispute,
  'payments/warn': (desk, id) => ok(shown(warn(desk, chargeBy(desk, id)))),
  'sessions/warn': (desk, id) => ok(shown(warn(desk, chargeBy(desk, id)))),
  'refunds/fail': (desk, id) => ok(shown(failRefund(desk, found(desk, 'refund', id)))),
  'invoices/pay': payInvoice,
  'subscriptions/cancel': (desk, id) => ok(shown(update(desk, found(desk, 'subscription', id), { cancelAtPeriodEnd: true }))),
  'subscriptions/resume': (desk, id) => ok(shown(update(desk, found(desk, 'subscription', id), { cancelAtPeriodEnd: false }))),
  'subscriptions/end': (desk, id) => ok(shown(cancelNow(desk, found(desk, 'subscription', id)))),
}

/** Switches without an id. */
const setting = (desk: Desk, what: string, said: Said): ControlAnswer | undefined => {
  const { store } = desk
  if (what === 'faults') {
    const faults = readFaults(said, store.faults())
    if (said['seed'] !== undefined) store.forgetTallies()
    store.putFaults(faults)
    return ok(faults)
  }
  if (what === 'rules') {
    store.putRules(readRules(said, store.rules()))
    return ok(store.rules())
  }
  if (what === 'cards') return changeCards(desk, said)
  if (what === 'clock') return clock(desk, said)
  return what === 'run' ? ok({ done: run(desk) }) : undefined
}

const reading = ({ store, seconds }: Desk, what: string): ControlAnswer | undefined => {
  if (what === 'faults') return ok(store.faults())
  if (what === 'rules') return ok(store.rules())
  if (what === 'clock') return ok({ now: seconds(), ahead: store.ahead() })
  return what === 'deliveries' ? ok({ deliveries: store.deliveries(1000) }) : undefined
}

/** For tests, and for whoever would rather not fill in a form. What is refused changes nothing, save a card that was tried. */
export const control = (desk: Desk, method: string, [what = '', id = '', verb = '']: string[], said: Said): ControlAnswer => {
  const none = { status: 404, value: { error: 'There is no such control.' } }
  if (method !== 'POST') return reading(desk, what) ?? none
  const act = VERBS[`${what}/${verb}`]
  try {
    if (what === 'clock') return clock(desk, said)
    if (!act) return desk.together(() => setting(desk, what, said)) ?? none
    return desk.together(() => act(desk, id, said))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { status: error.status, value: { error: error.message } }
  }
}
