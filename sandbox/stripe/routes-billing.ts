import type { Invoice } from './billing-types.ts'
import { CUSTOMER, makeCoupon, makeCustomer, makePrice, makeProduct, readRecurring, updateCustomer } from './catalogue.ts'
import { cancelNow } from './changes.ts'
import { advance, makeClock } from './clocks.ts'
import type { Desk } from './desk.ts'
import { ApiError, makeId, missing } from './errors.ts'
import { attempt, finalise } from './invoices.ts'
import { type Form, group, listed, oneOf, PAGE, required, text, truth, whole } from './request.ts'
import { del, found, get, lists, post, type Route, reads } from './routes.ts'
import { shown } from './shown.ts'
import { CREATE, PREVIEW, preview, start, UPDATE, updateFrom } from './subscription-params.ts'
import type { PortalSession } from './types.ts'

const ENDED = ['canceled', 'incomplete_expired']

const CATALOGUE: Route[] = [
  post('customers', CUSTOMER, (desk, form) => shown(makeCustomer(desk, form))),
  post('customers/:id', CUSTOMER, (desk, form, id) => shown(updateCustomer(desk, found(desk, 'customer', id), form))),
  reads('customers', 'customer'),
  lists({ path: 'customers', kind: 'customer', by: ['test_clock'], knows: ['email'], keeps: ({ email }, form) => email === (text(form, 'email') ?? email) }),
  post('products', ['id', 'name', 'description'], (desk, form) => shown(makeProduct(desk, form))),
  reads('products', 'product'),
  post('prices', ['currency', 'unit_amount', 'product', 'tax_behavior', 'recurring[interval]', 'recurring[interval_count]'], (desk, form) => {
    const product = found(desk, 'product', required(form, 'product'), 'product').id
    const behaviour = oneOf(text(form, 'tax_behavior'), 'tax_behavior', ['inclusive', 'unspecified'] as const) ?? 'unspecified'
    const amount = whole(text(form, 'unit_amount'), 'unit_amount', 0)
    const recurring = readRecurring(group(form, 'recurring'), 'recurring')
    return shown(makePrice(desk, { currency: required(form, 'currency'), product, recurring, tax_behavior: behaviour, unit_amount: amount }))
  }),
  reads('prices', 'price'),
  post('coupons', ['id', 'amount_off', 'percent_off', 'currency', 'duration', 'duration_in_months', 'max_redemptions', 'name', 'redeem_by'], (desk, form) =>
    shown(makeCoupon(desk, form)),
  ),
  reads('coupons', 'coupon'),
  lists({ path: 'coupons', kind: 'coupon' }),
]

const SUBSCRIPTIONS: Route[] = [
  post('subscriptions', CREATE, (desk, form) => shown(start(desk, form))),
  post('subscriptions/:id', UPDATE, (desk, form, id) => shown(updateFrom(desk, found(desk, 'subscription', id), form))),
  del('subscriptions/:id', ['cancellation_details[comment]', 'cancellation_details[feedback]', 'invoice_now', 'prorate'], (desk, form, id) => {
    for (const name of ['invoice_now', 'prorate'])
      if (truth(text(form, name), name))
        throw new ApiError(400, `The stand-in cancels without \`${name}\` only.`, { type: 'invalid_request_error', param: name })
    const before = found(desk, 'subscription', id)
    const said = group(form, 'cancellation_details')
    const told = { ...before.cancellation_details, comment: text(said, 'comment') ?? null, feedback: text(said, 'feedback') ?? null }
    return shown(cancelNow(desk, { ...before, cancellation_details: told }))
  }),
  reads('subscriptions', 'subscription'),
  lists({
    ...{ path: 'subscriptions', kind: 'subscription', by: ['customer', 'test_clock'], knows: ['status', 'price'] },
    keeps: ({ status, items }, form) => {
      const [asked, price] = [text(form, 'status'), text(form, 'price')]
      if (price !== undefined && !items.data.some((item) => item.price.id === price)) return false
      if (asked === undefined) return !ENDED.includes(status)
      return asked === 'all' || (asked === 'ended' ? ENDED.includes(status) : status === asked)
    },
  }),
]

/** @throws ApiError 402 for a card that does not pay; the try counts all the same. */
const payInvoice = (desk: Desk, form: Form, id: string): Record<string, unknown> => {
  const invoice = found(desk, 'invoice', id)
  const named = text(form, 'payment_method')
  const card = named === undefined ? undefined : found(desk, 'payment_method', named, 'payment_method')
  const open = invoice.status === 'draft' ? finalise(desk, invoice) : invoice
  const { invoice: after, outcome } = attempt(desk, open, { isPresent: false, isAuthenticated: false, card })
  if (after.status === 'paid') return shown(after)
  const { code, message, decline_code } = outcome?.error ?? {
    code: 'invoice_payment_intent_requires_action',
    message: 'This payment requires additional user action before it can be completed.',
  }
  throw new ApiError(402, message, { type: 'card_error', code, ...(decline_code && { decline_code }) }, true)
}

const close = (desk: Desk, before: Invoice, status: 'void' | 'uncollectible'): Record<string, unknown> => {
  if (before.status !== 'open' && !(before.status === 'uncollectible' && status === 'void'))
    throw new ApiError(400, 'You can only do this to an open invoice.', { type: 'invalid_request_error', code: 'invoice_not_open' })
  const at = desk.seconds(before.customer)
  const stamps = status === 'void' ? { voided_at: at } : { marked_uncollectible_at: at }
  const after = desk.store.put<Invoice>({
    ...{ ...before, status, auto_advance: false, next_payment_attempt: null, own: { ...before.own, due: null } },
    status_transitions: { ...before.status_transitions, ...stamps },
  })
  desk.tell(status === 'void' ? 'invoice.voided' : 'invoice.marked_uncollectible', after, before)
  return shown(after)
}

const INVOICES: Route[] = [
  post('invoices/create_preview', PREVIEW, (desk, form) => preview(desk, form)),
  post('invoices/:id/pay', ['payment_method', 'off_session'], payInvoice),
  post('invoices/:id/finalize', ['auto_advance'], (desk, _form, id) => shown(finalise(desk, found(desk, 'invoice', id)))),
  post('invoices/:id/void', [], (desk, _form, id) => close(desk, found(desk, 'invoice', id), 'void')),
  post('invoices/:id/mark_uncollectible', [], (desk, _form, id) => close(desk, found(desk, 'invoice', id), 'uncollectible')),
  get('invoices/:id/lines', (desk, form, id) => listed(`/v1/invoices/${id}/lines`, found(desk, 'invoice', id).lines.data, form), PAGE),
  reads('invoices', 'invoice'),
  lists({
    ...{ path: 'invoices', kind: 'invoice', by: ['subscription', 'customer'], knows: ['status', 'collection_method'] },
    keeps: ({ status }, form) => status === (text(form, 'status') ?? status),
  }),
  lists({
    ...{ path: 'invoice_payments', kind: 'invoice_payment', by: ['invoice'], knows: ['status', 'payment[type]', 'payment[payment_intent]'] },
    keeps: ({ status, payment }, form) => {
      const asked = group(form, 'payment')
      if (asked && text(asked, 'type') !== 'payment_intent') throw missing('payment', text(asked, 'type') ?? '', 'payment[type]')
      return status === (text(form, 'status') ?? status) && payment.payment_intent === (text(asked, 'payment_intent') ?? payment.payment_intent)
    },
  }),
  reads('invoice_payments', 'invoice_payment'),
]

const portal = (desk: Desk, form: Form): Record<string, unknown> => {
  const customer = found(desk, 'customer', required(form, 'customer'), 'customer')
  const id = makeId('bps', 12)
  const session = desk.store.put<PortalSession>({
    ...{ id, object: 'billing_portal.session', created: desk.seconds(), customer: customer.id, livemode: false, return_url: text(form, 'return_url') ?? null },
    url: `${desk.publicUrl}/sandbox/stripe/portal/${id}`,
  })
  desk.tell('billing_portal.session.created', session)
  return shown(session)
}

const CLOCKS: Route[] = [
  post('test_helpers/test_clocks', ['frozen_time', 'name'], (desk, form) =>
    shown(makeClock(desk, whole(text(form, 'frozen_time'), 'frozen_time', 0), text(form, 'name') ?? null)),
  ),
  post('test_helpers/test_clocks/:id/advance', ['frozen_time'], (desk, form, id) =>
    shown(advance(desk, found(desk, 'test_helpers.test_clock', id), whole(text(form, 'frozen_time'), 'frozen_time', 0))),
  ),
  reads('test_helpers/test_clocks', 'test_helpers.test_clock'),
  lists({ path: 'test_helpers/test_clocks', kind: 'test_helpers.test_clock' }),
]

/** Everything that is paid more than once. */
export const BILLING_ROUTES: Route[] = [
  ...CATALOGUE,
  ...SUBSCRIPTIONS,
  ...INVOICES,
  ...CLOCKS,
  post('billing_portal/sessions', ['customer', 'return_url'], portal),
]
