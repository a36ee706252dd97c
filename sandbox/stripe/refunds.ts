import { chargeIdOf, chargeOf, intentOf, paymentOf } from './payments.ts'
import { decodeForm, group, invalid, listed, missing, type Route, type Routes, text, texts, whole } from './request.ts'
import { shown } from './sessions.ts'
import type { Session } from './store.ts'

const KNOWN = new Set(['payment_intent', 'charge', 'amount', 'reason', 'metadata'])
const REASONS = new Set(['duplicate', 'fraudulent', 'requested_by_customer'])

const ofPayment = ({ store }: Routes, payment: string, what = 'payment_intent', named = payment): Session => {
  const session = store.sessionOf(payment)
  if (!session) throw missing(what, named, what === 'payment_intent' ? 'intent' : what)
  return session
}

const create: Route = (parts, { body }) => {
  const form = decodeForm(body)
  const unknown = Object.keys(form).find((name) => !KNOWN.has(name))
  if (unknown !== undefined) throw invalid(`Received unknown parameter: ${unknown}`, unknown, 'parameter_unknown')
  const [payment, charge, amount, reason] = ['payment_intent', 'charge', 'amount', 'reason'].map((name) => text(form, name))
  if (reason !== undefined && !REASONS.has(reason)) throw invalid(`Invalid reason: must be one of ${[...REASONS].join(', ')}`, 'reason')
  if (payment === undefined && charge === undefined)
    throw invalid('One of the following params should be provided for this request: payment_intent or charge.', undefined, 'parameter_missing')
  const session = charge === undefined ? ofPayment(parts, payment ?? '') : ofPayment(parts, paymentOf(charge), 'charge', charge)
  const wanted = amount === undefined ? undefined : whole(amount, 'amount', 1)
  return parts.sessions.refund(session, { amount: wanted, reason, metadata: texts(group(form, 'metadata')) })
}

const list: Route = ({ store }, { query }) => {
  const charge = query.get('charge')
  const payment = query.get('payment_intent') ?? (charge === null ? null : paymentOf(charge))
  const since = Number(query.get('created[gte]') ?? 0)
  const found = store.refunds(payment).filter(({ created }) => created >= since)
  return listed('/v1/refunds', found, query)
}

const read: Route = ({ store }, _request, id) => {
  const refund = store.refund(id)
  if (!refund) throw missing('refund', id, 'refund')
  return refund
}

const readCharge: Route = (parts, _request, id) => {
  const payment = paymentOf(id)
  return chargeOf(ofPayment(parts, payment, 'charge', id), payment, parts.store.refunds(payment))
}

const isExpanded = (query: URLSearchParams, path: string): boolean => [...query].some(([name, value]) => name.startsWith('expand[') && value === path)

/** An intent, with its charge in place of the charge's id where that is asked for. */
const wholeIntent = (parts: Routes, payment: string, hasCharge: boolean): Record<string, unknown> => {
  const session = ofPayment(parts, payment)
  const charge = hasCharge ? chargeOf(session, payment, parts.store.refunds(payment)) : chargeIdOf(payment)
  return { ...intentOf(session, payment), latest_charge: charge }
}

const readIntent: Route = (parts, { query }, id) => wholeIntent(parts, id, isExpanded(query, 'latest_charge'))

const listSessions: Route = (parts, { query }) => {
  const payment = query.get('payment_intent')
  const session = payment === null ? undefined : parts.store.sessionOf(payment)
  const rows = payment === null ? parts.sessions.list(1000) : session ? [session] : []
  const hasCharge = isExpanded(query, 'data.payment_intent.latest_charge')
  const row = (each: Session): Record<string, unknown> => {
    const isWhole = each.payment_intent !== null && (hasCharge || isExpanded(query, 'data.payment_intent'))
    return { ...shown(each), ...(isWhole && { payment_intent: wholeIntent(parts, each.payment_intent ?? '', hasCharge) }) }
  }
  return listed('/v1/checkout/sessions', rows.map(row), query)
}

/** Giving money back, and what is read to find out that it was. */
export const REFUND_ROUTES: [method: string, path: RegExp, route: Route][] = [
  ['POST', /^\/v1\/refunds$/, create],
  ['GET', /^\/v1\/refunds$/, list],
  ['GET', /^\/v1\/refunds\/([^/]+)$/, read],
  ['GET', /^\/v1\/charges\/([^/]+)$/, readCharge],
  ['GET', /^\/v1\/payment_intents\/([^/]+)$/, readIntent],
  ['GET', /^\/v1\/checkout\/sessions$/, listSessions],
]
