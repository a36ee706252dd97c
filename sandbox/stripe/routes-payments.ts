import { expire } from './checkout.ts'
import type { Desk } from './desk.ts'
import { invalid, missing } from './errors.ts'
import { chargeOf, REFUND_REASONS, refund } from './refunds.ts'
import { type Form, group, joined, oneOf, text, texts, whole } from './request.ts'
import { found, get, lists, post, type Route, reads } from './routes.ts'
import { readNewSession, SESSION } from './session-params.ts'
import { shown } from './shown.ts'
import type { Charge, Refund } from './types.ts'

const chargeAsked = (desk: Desk, form: Form): Charge => {
  const [payment, charge] = [text(form, 'payment_intent'), text(form, 'charge')]
  if (payment === undefined && charge === undefined)
    throw invalid('One of the following params should be provided for this request: payment_intent or charge.', undefined, 'parameter_missing')
  if (charge !== undefined) return found(desk, 'charge', charge, 'charge')
  if (!desk.store.get('payment_intent', payment)) throw missing('payment_intent', payment ?? '', 'intent')
  return chargeOf(desk, payment ?? null)
}

/** The payments of sessions, and what becomes of them. */
export const PAYMENT_ROUTES: Route[] = [
  post('checkout/sessions', SESSION, (desk, form) => shown(desk.store.put(readNewSession(desk, form)))),
  get('checkout/sessions/:id', (desk, _form, id) => shown(found(desk, 'checkout.session', id, 'session'))),
  post('checkout/sessions/:id/expire', [], (desk, _form, id) => shown(expire(desk, found(desk, 'checkout.session', id, 'session')))),
  lists({
    ...{
      path: 'checkout/sessions',
      kind: 'checkout.session',
      by: ['payment_intent', 'subscription', 'customer'],
      knows: ['status', 'customer_details[email]'],
    },
    keeps: ({ status, customer_details: person }, form) =>
      status === (text(form, 'status') ?? status) &&
      (form['customer_details'] === undefined || person?.email === text(group(form, 'customer_details'), 'email')),
  }),
  post('refunds', ['payment_intent', 'charge', 'amount', 'reason'], (desk, form) => {
    const reason = oneOf(text(form, 'reason'), 'reason', REFUND_REASONS)
    const amount = form['amount'] === undefined ? undefined : whole(text(form, 'amount'), 'amount', 1)
    return shown(refund(desk, chargeAsked(desk, form), { amount, reason, metadata: texts(group(form, 'metadata')) }))
  }),
  post('refunds/:id', [], (desk, form, id) => {
    const before = found(desk, 'refund', id)
    const after = desk.store.put<Refund>({ ...before, metadata: joined(before.metadata, form) })
    desk.tell('refund.updated', after, before)
    return shown(after)
  }),
  lists({ path: 'refunds', kind: 'refund', by: ['payment_intent', 'charge'] }),
  reads('refunds', 'refund'),
  lists({ path: 'charges', kind: 'charge', by: ['payment_intent', 'customer'] }),
  reads('charges', 'charge'),
  lists({ path: 'payment_intents', kind: 'payment_intent', by: ['customer'] }),
  reads('payment_intents', 'payment_intent'),
  reads('setup_intents', 'setup_intent'),
  reads('payment_methods', 'payment_method'),
  lists({ path: 'payment_methods', kind: 'payment_method', by: ['customer'], knows: ['type'] }),
  lists({ path: 'disputes', kind: 'dispute', by: ['payment_intent', 'charge'] }),
  reads('disputes', 'dispute'),
  lists({ path: 'radar/early_fraud_warnings', kind: 'radar.early_fraud_warning', by: ['payment_intent', 'charge'] }),
  reads('radar/early_fraud_warnings', 'radar.early_fraud_warning'),
]
