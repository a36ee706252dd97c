import { html, type Markup } from '../markup.ts'
import type { Invoice, Subscription } from './billing-types.ts'
import { type CardForm, type CardProblem, cardFields, cardsNote } from './card-form.ts'
import { monogram } from './checkout-page.ts'
import { day, page, price } from './html.ts'
import { INVOICE_ASKS } from './invoice-page.ts'
import type { Customer, PaymentMethod, PortalSession } from './types.ts'

export type PortalShown = {
  portal: PortalSession
  schoolName: string
  customer: Customer
  subscriptions: { subscription: Subscription; name: string }[]
  invoices: Invoice[]
  card: PaymentMethod | undefined
  form: CardForm
  problem?: CardProblem | undefined
  saved?: string | undefined
}

const STATUS: Record<Subscription['status'], string> = {
  ...{ trialing: 'On trial', active: 'Active', past_due: 'Payment overdue', unpaid: 'Unpaid', canceled: 'Ended' },
  ...{ incomplete: 'Waiting for its first payment', incomplete_expired: 'Never begun' },
}

const when = ({ status, cancel_at: leaves, ended_at: ended, trial_end: trial, items }: Subscription): string => {
  if (ended !== null) return `Ended on ${day(ended)}`
  if (leaves !== null) return `Ends on ${day(leaves)}, and is not charged again`
  if (status === 'trialing' && trial !== null) return `Free until ${day(trial)}, then charged`
  return `Renews on ${day(items.data[0]?.current_period_end ?? 0)}`
}

const plan = ({ subscription, name }: PortalShown['subscriptions'][number], { id: portal }: PortalSession): Markup => {
  const { id, status, items, currency, cancel_at: leaves, ended_at: ended } = subscription
  const [item] = items.data
  const amount = items.data.reduce((sum, { price: each, quantity }) => sum + each.unit_amount * quantity, 0)
  const verb =
    leaves === null
      ? html`<button class="secondary" name="do" value="cancel">Cancel plan</button>`
      : html`<button class="primary" name="do" value="resume">Don’t cancel plan</button>`
  return html`<article class="plan"><header><h3>${name}</h3><span class="state ${status}">${STATUS[status]}</span></header>
<p class="amount">${price(amount, currency)} <small>per ${item?.price.recurring?.interval ?? 'month'}</small></p><p class="known">${when(subscription)}</p>
${ended === null && html`<form method="post" action="/sandbox/stripe/portal/${portal}"><input type="hidden" name="subscription" value="${id}">${verb}</form>`}</article>`
}

const invoiceRow = ({ id, created, amount_due: due, currency, status, lines }: Invoice): Markup =>
  html`<tr><td data-label="Date">${day(created)}</td><td data-label="Amount">${price(due, currency)}</td><td data-label="State"><span class="state ${status}">${status}</span></td><td data-label="For">${lines.data[0]?.description ?? ''}</td>
<td data-label="Page"><a href="/sandbox/stripe/invoices/${id}">${status === 'open' ? 'Pay' : 'See'}<span class="hidden"> the invoice of ${day(created)}</span></a></td></tr>`

const section = (title: string, body: Markup): Markup => html`<section><h2>${title}</h2>${body}</section>`

/** What a customer may do by themselves: another card, cancel, take it back, see invoices. */
export const portalPage = ({ portal, schoolName, customer, subscriptions, invoices, card, form, problem, saved }: PortalShown): string => {
  const onward =
    portal.return_url !== null &&
    html`<a class="school" href="${portal.return_url}"><span class="back" aria-hidden="true">←</span>${monogram(schoolName)}<span>Back to ${schoolName}</span></a>`
  const kept = card
    ? html`<p class="kept"><strong>${card.card.brand} •••• ${card.card.last4}</strong> <small>until ${card.card.exp_month} / ${card.card.exp_year}</small></p>`
    : html`<p class="empty">No card is kept.</p>`
  const change = html`<details class="change" ${problem && html`open`}><summary>Use another card</summary><form method="post">${cardFields(INVOICE_ASKS, form, problem)}<button class="primary" name="do" value="card">Save card</button>${cardsNote()}</form></details>`
  const rows = invoices.filter(({ status }) => status !== 'draft').map(invoiceRow)
  const history =
    rows.length === 0
      ? html`<p class="empty">No invoice yet.</p>`
      : html`<table><thead><tr>${['Date', 'Amount', 'State', 'For', 'Page'].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`
  const plans =
    subscriptions.length === 0 ? html`<p class="empty">Nothing is paid for regularly.</p>` : html`${subscriptions.map((each) => plan(each, portal))}`
  return page({
    title: `${schoolName}: billing`,
    name: 'checkout',
    also: 'billing',
    body: html`<main class="portal"><header class="top">${onward}<span class="tag">Test mode</span></header><h1>Your billing</h1><p class="known">${customer.email ?? ''}</p>
${saved !== undefined && html`<p class="saved" role="status">${saved}</p>`}
${section('Plans', plans)}${section('Payment method', html`${kept}${change}`)}${section('Invoices', history)}
<footer>A stand-in for Stripe’s billing portal, part of this school’s own installation.</footer></main>`,
  })
}
