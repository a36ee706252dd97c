import { html, type Markup } from '../markup.ts'
import type { Invoice, Line } from './billing-types.ts'
import { type CardForm, type CardProblem, cardFields, cardsNote } from './card-form.ts'
import { monogram } from './checkout-page.ts'
import { day, page, price } from './html.ts'

type Shown = { invoice: Invoice; schoolName: string; form: CardForm; problem?: CardProblem | undefined }

export const INVOICE_ASKS = { card: true, email: false, address: false, taxId: false }

const row = (name: string, amount: number, { currency, isTotal = false }: { currency: string; isTotal?: boolean }): Markup =>
  html`<div ${isTotal && html`class="total"`}><dt>${name}</dt><dd>${price(amount, currency)}</dd></div>`

const lineRow = ({ description, period, amount, currency }: Line): Markup =>
  html`<li><span class="name">${description}<small>${day(period.start)}${period.end > period.start && html` – ${day(period.end)}`}</small></span><span>${price(amount, currency)}</span></li>`

const sums = (invoice: Invoice): Markup => {
  const { currency, subtotal, total, total_discount_amounts: cuts, total_taxes: taxes, starting_balance: start, ending_balance: end, amount_due: due } = invoice
  const [off, used] = [cuts.reduce((sum, { amount }) => sum + amount, 0), (end ?? start) - start]
  return html`<dl class="plain">${row('Subtotal', subtotal, { currency })}${off > 0 && row('Discount', -off, { currency })}${taxes.map(({ amount }) => row('Tax (20 %, included)', amount, { currency }))}
${used !== 0 && row('Total', total, { currency })}${used !== 0 && row(used > 0 ? 'Credit used' : 'Kept as credit', -used, { currency })}${row('Amount due', due, { currency, isTotal: true })}</dl>`
}

const WORDS: Record<Invoice['status'], string> = { draft: 'Draft', open: 'To be paid', paid: 'Paid', void: 'Void', uncollectible: 'Given up' }

const facts = ({
  number,
  customer_name: name,
  customer_email: email,
  customer_tax_ids: ids,
  effective_at: at,
  status_transitions: { paid_at: paid },
}: Invoice): Markup =>
  html`<dl class="facts"><div><dt>Invoice</dt><dd>${number ?? 'not numbered yet'}</dd></div><div><dt>Date</dt><dd>${at === null ? '' : day(at)}</dd></div>${paid !== null && html`<div><dt>Paid</dt><dd>${day(paid)}</dd></div>`}
<div><dt>Billed to</dt><dd>${name ?? ''} ${email ?? ''}${ids.map(({ value }) => html`<small>Tax ID ${value}</small>`)}</dd></div></dl>`

const summary = ({ invoice, schoolName }: Pick<Shown, 'invoice' | 'schoolName'>): Markup =>
  html`<section class="summary" aria-label="Invoice"><div class="inner"><header><span class="school">${monogram(schoolName)}${schoolName}</span><span class="tag">Test mode</span></header>
<h1><span class="what">${WORDS[invoice.status]}</span><span class="amount">${price(invoice.amount_due, invoice.currency)}</span></h1>
<ul class="items">${invoice.lines.data.map(lineRow)}</ul>${sums(invoice)}${facts(invoice)}</div></section>`

/** The page an open invoice is paid on, and a paid one is shown by. */
export const invoicePage = ({ invoice, schoolName, form, problem }: Shown): string => {
  const isOpen = invoice.status === 'open' && invoice.amount_remaining > 0
  const paying = html`<form method="post">${cardFields(INVOICE_ASKS, form, problem)}<button class="primary">Pay ${price(invoice.amount_remaining, invoice.currency)}</button>${cardsNote()}</form>`
  const done = html`<h2>${invoice.status === 'paid' ? 'This invoice is paid' : 'There is nothing to pay here'}</h2><p class="known">${invoice.status === 'paid' ? 'Thank you. Nothing else is to be done.' : 'Go back to the school to see what it is about.'}</p>`
  return page({
    title: `${schoolName}: invoice ${invoice.number ?? ''}`,
    name: 'checkout',
    also: 'billing',
    body: html`<div class="columns">${summary({ invoice, schoolName })}<main class="pay"><div class="inner">${isOpen ? paying : done}<p class="links">${invoice.invoice_pdf !== null && html`<a href="/sandbox/stripe/invoices/${invoice.id}/pdf">To print</a>`}</p><footer>A stand-in for Stripe’s invoice page, part of this school’s own installation. <a href="/sandbox/stripe/billing">All invoices</a></footer></div></main></div>`,
  })
}

/** What Stripe makes a PDF of. */
export const invoicePrint = ({ invoice, schoolName }: Pick<Shown, 'invoice' | 'schoolName'>): string =>
  page({
    title: `Invoice ${invoice.number ?? ''}`,
    name: 'checkout',
    also: 'billing',
    body: html`<main class="print">${summary({ invoice, schoolName })}</main>`,
  })
