import { html, type Markup } from '../markup.ts'
import type { Invoice, Subscription } from './billing-types.ts'
import { nav, table } from './board.ts'
import { day, moment, page, plain, price } from './html.ts'
import type { Charge, Dispute } from './types.ts'

export type BillingShown = {
  seconds: number
  ahead: number
  subscriptions: { subscription: Subscription; who: string; name: string }[]
  invoices: Invoice[]
  charges: { charge: Charge; dispute: Dispute | undefined }[]
}

const button = (words: string, action: string, { about = '', fields = {} }: { about?: string; fields?: Record<string, string> } = {}): Markup =>
  html`<form method="post" action="/sandbox/stripe/do/${action}">${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button>${words}${about && html`<span class="hidden"> ${about}</span>`}</button></form>`

const buttons = (all: (Markup | false)[]): Markup => html`<div class="buttons">${all}</div>`

const LATER: [words: string, seconds: number][] = [
  ['An hour later', 3600],
  ['A day later', 86_400],
  ['A month later', 31 * 86_400],
]

const clock = ({ seconds, ahead }: BillingShown): Markup =>
  html`<section class="clock" aria-label="Clock"><p><strong>${moment(seconds * 1000)}</strong> <small>${ahead === 0 ? 'The stand-in’s clock, in step with the wall’s (UTC).' : `The stand-in’s clock (UTC), ${Math.round(Math.abs(ahead) / 8640) / 10} days ${ahead < 0 ? 'behind' : 'ahead of'} the wall’s.`} What comes due on the way happens, in order. The school’s own clock stays where it is: trials, grace and letters there go by the day it really is.</small></p>
${buttons(LATER.map(([words, more]) => button(words, 'clock', { fields: { advanceSeconds: String(more) } })))}</section>`

const subscriptionRow = ({ subscription, who, name }: BillingShown['subscriptions'][number]): Markup => {
  const { id, status, items, currency, cancel_at: leaves, ended_at: ended, customer } = subscription
  const [item] = items.data
  const amount = items.data.reduce((sum, { price: each, quantity }) => sum + each.unit_amount * quantity, 0)
  const renews = `${status === 'trialing' ? 'free until' : 'renews'} ${day(item?.current_period_end ?? 0)}`
  const until = ended === null ? (leaves === null ? renews : `ends ${day(leaves)}`) : `ended ${day(ended)}`
  const about = `: ${name}, ${who}`
  const verbs = [
    leaves === null ? button('Cancel at the end', `subscriptions/${id}/cancel`, { about }) : button('Resume', `subscriptions/${id}/resume`, { about }),
    button('End now', `subscriptions/${id}/end`, { about }),
    button('Card fails', 'cards', { about, fields: { customer, number: '4000000000000341' } }),
    button('Card pays', 'cards', { about, fields: { customer, number: '4242424242424242' } }),
  ]
  return html`<tr><td data-label="Plan"><strong>${name}</strong><small>${id}</small></td><td data-label="Customer">${who}</td>
<td data-label="Amount">${price(amount, currency)}<small>per ${item?.price.recurring?.interval ?? 'month'}</small></td>
<td data-label="State"><span class="state ${status}">${status.replace('_', ' ')}</span><small>${until}</small></td><td>${ended === null && buttons(verbs)}</td></tr>`
}

const invoiceRow = (invoice: Invoice): Markup => {
  const {
    id,
    number,
    billing_reason: reason,
    amount_due: due,
    currency,
    status,
    customer_email: who,
    attempt_count: tries,
    next_payment_attempt: next,
    created,
  } = invoice
  return html`<tr><td data-label="Invoice"><strong>${number ?? 'Draft'}</strong><small>${reason.replace('_', ' ')}</small></td><td data-label="Customer">${who ?? ''}</td>
<td data-label="Amount">${price(due, currency)}</td><td data-label="Created">${moment(created * 1000)}</td>
<td data-label="State"><span class="state ${status}">${status}</span><small>${tries} ${tries === 1 ? 'try' : 'tries'}${next !== null && html`, next ${moment(next * 1000)}`}</small></td>
<td>${status !== 'draft' && buttons([html`<a href="/sandbox/stripe/invoices/${id}">Page<span class="hidden"> of invoice ${number ?? ''}</span></a>`, status === 'open' && button('Charge the card', `invoices/${id}/pay`, { about: `for invoice ${number ?? ''}` })])}</td></tr>`
}

const chargeRow = ({ charge, dispute }: BillingShown['charges'][number]): Markup => {
  const { id, amount, amount_refunded: back, currency, created, description, billing_details: who } = charge
  const about = `of ${plain(amount, currency)} from ${who.email ?? 'somebody'}`
  const isOpen = dispute?.status === 'needs_response'
  const verbs = [
    !charge.disputed && button('Dispute', `payments/${id}/dispute`, { about: `the payment ${about}` }),
    isOpen && button('School wins', `disputes/${dispute.id}/close`, { about: `the dispute ${about}`, fields: { outcome: 'won' } }),
    isOpen && button('School loses', `disputes/${dispute.id}/close`, { about: `the dispute ${about}`, fields: { outcome: 'lost' } }),
    !charge.disputed && button('Warn of fraud', `payments/${id}/warn`, { about: `for the payment ${about}` }),
  ]
  const state = dispute ? `dispute ${dispute.status.replace('_', ' ')}` : back > 0 ? (charge.refunded ? 'refunded' : 'partly refunded') : 'paid'
  return html`<tr><td data-label="Payment"><strong>${description ?? 'Payment'}</strong><small>${charge.payment_intent.slice(0, 20)}…</small></td><td data-label="Customer">${who.email ?? ''}</td>
<td data-label="Amount">${price(amount, currency)}${back > 0 && html`<small>${price(back, currency)} refunded</small>`}</td><td data-label="Created">${moment(created * 1000)}</td>
<td data-label="State"><span class="state ${dispute ? dispute.status : 'complete'}">${state}</span></td><td>${buttons(verbs)}</td></tr>`
}

export const billingPage = (shown: BillingShown): string => {
  const { subscriptions, invoices, charges } = shown
  const money = ['Customer', 'Amount', 'Created (UTC)', 'State', 'What happens']
  return page({
    title: 'Billing',
    name: 'board',
    body: html`${nav('billing')}<main><h1>Billing</h1>${clock(shown)}
<h2>Subscriptions</h2>${table(['Plan', 'Customer', 'Amount', 'State', 'What happens'], subscriptions.map(subscriptionRow), 'No subscription yet. One begins when a membership or a plan is paid for on its page.')}
<h2>Invoices</h2>${table(['Invoice', ...money], invoices.map(invoiceRow), 'No invoice yet.')}
<h2>Payments and disputes</h2>${table(['Payment', ...money], charges.map(chargeRow), 'No payment yet.')}</main>`,
  })
}
