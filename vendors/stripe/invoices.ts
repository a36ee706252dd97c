import type Stripe from 'stripe'
import type { Invoice } from '#ports/payments.ts'
import { idOf, isoOf, isoOrNone } from './client.ts'
import { fromStripe } from './currency.ts'

/** Of the newest invoices of a subscription, so many are told. */
const MOST_INVOICES = 12

const STATES: Record<string, Invoice['state']> = { draft: 'draft', open: 'open', paid: 'paid', void: 'void', uncollectible: 'uncollectible' }

const REASONS: Record<string, Invoice['why']> = { subscription_create: 'first', subscription_cycle: 'renewal', subscription_update: 'change' }

export const subscriptionOf = ({ parent }: Stripe.Invoice): string | undefined => idOf(parent?.subscription_details?.subscription)

/** The payment that paid it, or else the one by which it is to be paid. */
const paymentOf = ({ payments }: Stripe.Invoice): string | undefined => {
  const all = payments?.data ?? []
  const one = all.find(({ status }) => status === 'paid') ?? all.find((payment) => payment.is_default) ?? all[0]
  return idOf(one?.payment.payment_intent)
}

/** What credit has covered was taxed when the credit came to be: of the rest, its share. */
const taxOf = ({ total, amount_due: due, total_taxes: taxes }: Stripe.Invoice): number => {
  const tax = (taxes ?? []).reduce((sum, { amount }) => sum + amount, 0)
  return due === total || total <= 0 ? tax : Math.round((tax * due) / total)
}

const toInvoice = (invoice: Stripe.Invoice, needsAction: boolean): Invoice => {
  const { id, number, status, billing_reason: reason, currency, created, amount_due: due, livemode } = invoice
  const state = STATES[status ?? '']
  if (!state) throw new Error(`Stripe tells of invoice ${id} that it is ${status}.`)
  return {
    ...{ id, number: number ?? undefined, subscription: subscriptionOf(invoice), state, why: REASONS[reason ?? ''] ?? 'other' },
    total: fromStripe(due, currency),
    taxMinor: fromStripe(due <= 0 ? 0 : taxOf(invoice), currency).amountMinor,
    createdAt: isoOf(created),
    paidAt: isoOrNone(invoice.status_transitions.paid_at),
    attempts: invoice.attempt_count,
    retryAt: state === 'open' ? isoOrNone(invoice.next_payment_attempt) : undefined,
    ...{ needsAction, payment: paymentOf(invoice), url: invoice.hosted_invoice_url ?? undefined, isLive: livemode },
  }
}

/** Only of what is owed and was tried is it asked whether the bank waits for the learner: by itself, an invoice does not tell. */
const whole = async (stripe: Stripe, invoice: Stripe.Invoice): Promise<Invoice> => {
  const payment = paymentOf(invoice)
  if (invoice.status !== 'open' || invoice.attempt_count === 0 || payment === undefined) return toInvoice(invoice, false)
  const { status, last_payment_error: error } = await stripe.paymentIntents.retrieve(payment)
  return toInvoice(invoice, status === 'requires_action' || error?.code === 'authentication_required')
}

export const readInvoice = async (stripe: Stripe, id: string): Promise<Invoice> => whole(stripe, await stripe.invoices.retrieve(id, { expand: ['payments'] }))

export const newestInvoices = async (stripe: Stripe, subscription: string): Promise<Invoice[]> => {
  const { data } = await stripe.invoices.list({ subscription, limit: MOST_INVOICES, expand: ['data.payments'] })
  return Promise.all(data.map((invoice) => whole(stripe, invoice)))
}
