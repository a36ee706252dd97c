import type { BillingReason, Invoice, InvoicePayment, Subscription } from './billing-types.ts'
import type { Desk } from './desk.ts'
import { invalid, makeId } from './errors.ts'
import { type Applied, type LineSeed, linesOf, sumsOf } from './lines.ts'
import { charge, type Outcome, openIntent } from './paying.ts'
import { DAY_SECONDS } from './periods.ts'
import { listOf } from './shown.ts'
import { afterFailure, afterPayment, afterRetries } from './standing.ts'
import type { Customer, Intent, Metadata, PaymentMethod } from './types.ts'

/** How long Stripe leaves the draft of a renewal open for changes. */
const DRAFT_SECONDS = 3600

export type NewInvoice = {
  customer: Customer
  currency: string
  reason: BillingReason
  seeds: readonly LineSeed[]
  applied: readonly Applied[]
  hasTax: boolean
  subscription: Subscription | null
  period: { start: number; end: number }
  livemode: boolean
  metadata?: Metadata
  /** A renewal's waits for an hour; every other is finished at once. */
  waits?: boolean
}

export const draft = ({ store, seconds, tell }: Desk, asked: NewInvoice): Invoice => {
  const { customer, subscription, currency, livemode, hasTax, waits = false, metadata = {} } = asked
  const [id, created] = [makeId('in'), seconds(customer.id)]
  const frame = { id, currency, livemode, hasTax, subscription: subscription?.id ?? null, metadata: subscription?.metadata ?? metadata }
  const lines = linesOf(asked.seeds, asked.applied, frame)
  const finalises = waits ? created + DRAFT_SECONDS : null
  const details = subscription && { metadata: subscription.metadata, subscription: subscription.id }
  const sums = sumsOf(lines)
  const invoice = store.put<Invoice>({
    ...{
      id,
      object: 'invoice',
      amount_due: Math.max(0, sums.total),
      amount_paid: 0,
      amount_remaining: Math.max(0, sums.total),
      attempt_count: 0,
      attempted: false,
    },
    automatic_tax: {
      disabled_reason: null,
      enabled: hasTax,
      liability: hasTax ? { type: 'self' } : null,
      provider: hasTax ? 'stripe' : null,
      status: hasTax ? 'complete' : null,
    },
    ...{ auto_advance: true, automatically_finalizes_at: finalises, billing_reason: asked.reason, created, currency, customer: customer.id },
    ...{ customer_address: customer.address, customer_email: customer.email, customer_name: customer.name, customer_tax_ids: customer.own.taxIds },
    ...{ description: null, discounts: asked.applied.map(({ discount }) => discount.id), effective_at: null, ending_balance: null },
    ...{ hosted_invoice_url: null, invoice_pdf: null, lines: listOf(lines, `/v1/invoices/${id}/lines`), livemode, metadata, next_payment_attempt: finalises },
    ...{ number: null, parent: details && { quote_details: null, subscription_details: details, type: 'subscription_details' } },
    ...{ period_start: asked.period.start, period_end: asked.period.end, starting_balance: 0, status: 'draft', test_clock: customer.test_clock },
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    ...sums,
    own: { due: finalises, clock: customer.test_clock, intent: null, subscription: subscription?.id ?? null },
  })
  tell('invoice.created', invoice)
  return invoice
}

/** What the customer has in their favour (below nought) is used first; what an invoice gives back is put there. */
const withBalance = ({ store }: Desk, invoice: Invoice, customer: Customer): Invoice => {
  const { balance } = customer
  const due = Math.max(0, invoice.total + balance)
  const ending = invoice.total + balance - due
  if (ending !== balance) store.put<Customer>({ ...customer, balance: ending })
  return { ...invoice, starting_balance: balance, ending_balance: ending, amount_due: due, amount_remaining: due }
}

/** `paidBy`: a payment that was made already, on a checkout page. */
export const finalise = (desk: Desk, { id }: Invoice, paidBy?: Intent): Invoice => {
  const { store, seconds, tell, publicUrl } = desk
  const before = store.get('invoice', id)
  if (before?.status !== 'draft') throw invalid(`This invoice is already finalized, you can't re-finalize a non-draft invoice.`)
  const customer = store.get('customer', before.customer)
  if (!customer) throw new Error(`Invoice ${id} has no customer.`)
  const numbered: Customer = { ...customer, own: { ...customer.own, invoices: customer.own.invoices + 1 } }
  store.put(numbered)
  const reckoned = withBalance(desk, before, numbered)
  const { amount_due: amount, currency, livemode } = reckoned
  const [at, page] = [seconds(customer.id), `${publicUrl}/sandbox/stripe/invoices/${id}`]
  const words =
    before.own.subscription === null ? 'Payment for Invoice' : before.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update'
  const asked = { amount, currency, customer: customer.id, description: words, metadata: {}, livemode, email: customer.email }
  const intent = paidBy ?? (amount > 0 ? openIntent(desk, asked) : undefined)
  const invoice = store.put<Invoice>({
    ...{ ...reckoned, status: 'open', effective_at: at, automatically_finalizes_at: null, next_payment_attempt: null, hosted_invoice_url: page },
    ...{ invoice_pdf: `${page}/pdf`, number: `${customer.invoice_prefix}-${String(numbered.own.invoices).padStart(4, '0')}` },
    status_transitions: { ...before.status_transitions, finalized_at: at },
    own: { ...before.own, due: null, intent: intent?.id ?? null },
  })
  if (intent) {
    store.put<InvoicePayment>({
      ...{
        id: makeId('inpay', 12),
        object: 'invoice_payment',
        amount_paid: null,
        amount_requested: amount,
        created: at,
        currency,
        invoice: id,
        is_default: true,
      },
      ...{ livemode, payment: { payment_intent: intent.id, type: 'payment_intent' }, status: 'open', status_transitions: { canceled_at: null, paid_at: null } },
    })
  }
  tell('invoice.finalized', invoice, before)
  return invoice
}

export const markPaid = (desk: Desk, { id }: Invoice): Invoice => {
  const { store, seconds, tell } = desk
  const before = store.get('invoice', id)
  if (!before) throw new Error(`Invoice ${id} is gone.`)
  const at = seconds(before.customer)
  const invoice = store.put<Invoice>({
    ...{ ...before, status: 'paid', amount_paid: before.amount_due, amount_remaining: 0, attempted: true, auto_advance: false, next_payment_attempt: null },
    ...{ status_transitions: { ...before.status_transitions, paid_at: at }, own: { ...before.own, due: null } },
  })
  for (const payment of store.linked('invoice_payment', id)) {
    const paid = store.put<InvoicePayment>({
      ...payment,
      amount_paid: payment.amount_requested,
      status: 'paid',
      status_transitions: { canceled_at: null, paid_at: at },
    })
    tell('invoice_payment.paid', paid)
  }
  tell('invoice.paid', invoice, before)
  tell('invoice.payment_succeeded', invoice, before)
  afterPayment(desk, invoice)
  return invoice
}

const markFailed = (desk: Desk, before: Invoice, { asks }: Outcome): Invoice => {
  const { store, tell, seconds, rules } = desk
  const [count, at] = [before.attempt_count + 1, seconds(before.customer)]
  const { retryDays } = rules()
  const isRetried = before.auto_advance && before.own.subscription !== null && before.billing_reason !== 'subscription_create'
  const days = isRetried ? retryDays[count - 1] : undefined
  const next = days === undefined ? null : at + days * DAY_SECONDS
  const isOver = isRetried && next === null
  const invoice = store.put<Invoice>({
    ...{ ...before, attempt_count: count, attempted: true, next_payment_attempt: next, auto_advance: isOver ? false : before.auto_advance },
    own: { ...before.own, due: next },
  })
  tell('invoice.updated', invoice, before)
  tell('invoice.payment_failed', invoice, before)
  if (asks) tell('invoice.payment_action_required', invoice)
  if (isOver) afterRetries(desk, invoice)
  else afterFailure(desk, invoice)
  return invoice
}

/** The card that is charged by itself: the subscription's, else the customer's. */
export const cardFor = ({ store }: Desk, { customer, own }: Invoice): PaymentMethod | undefined => {
  const subscription = store.get('subscription', own.subscription)
  const settings = store.get('customer', customer)?.invoice_settings
  return store.get('payment_method', subscription?.default_payment_method ?? settings?.default_payment_method)
}

export type Attempt = { invoice: Invoice; outcome: Outcome | undefined }
export type How = { isPresent: boolean; isAuthenticated: boolean; card?: PaymentMethod | undefined }

/** One try to have an open invoice paid. Nothing to pay is paid at once; a question to somebody who is there is no failure. */
export const attempt = (desk: Desk, { id }: Invoice, how: How): Attempt => {
  const { store } = desk
  const invoice = store.get('invoice', id)
  if (invoice?.status !== 'open')
    throw invalid(invoice?.status === 'paid' ? 'Invoice is already paid' : 'This invoice is not open.', undefined, 'invoice_not_open')
  const intent = store.get('payment_intent', invoice.own.intent)
  if (!intent) return { invoice: markPaid(desk, invoice), outcome: undefined }
  const card = how.card ?? cardFor(desk, invoice)
  const missing = { type: 'card_error' as const, code: 'missing', message: 'There is no card to charge.' }
  const outcome: Outcome = card ? charge(desk, intent, card, { ...how, address: invoice.customer_address }) : { intent, error: missing }
  if (outcome.asks && how.isPresent) return { invoice, outcome }
  if (outcome.asks || outcome.error) return { invoice: markFailed(desk, invoice, outcome), outcome }
  const counted = store.put<Invoice>({ ...invoice, attempt_count: invoice.attempt_count + 1 })
  return { invoice: markPaid(desk, counted), outcome }
}
