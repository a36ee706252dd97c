import { html, type Markup } from '../markup.ts'
import { type CardForm, type CardProblem, cardFields, cardsNote } from './card-form.ts'
import { needsAddress, needsCard } from './checkout.ts'
import { page, price } from './html.ts'
import type { Session } from './session-types.ts'

type Shown = { session: Session; schoolName: string; form: CardForm; problem?: CardProblem | undefined }

export const asksOf = (session: Session) => ({
  ...{ card: needsCard(session), email: session.customer === null, address: needsAddress(session), taxId: session.tax_id_collection.enabled },
})

export const monogram = (schoolName: string): Markup =>
  html`<span class="monogram" aria-hidden="true">${schoolName.trim().charAt(0).toUpperCase() || 'S'}</span>`

const every = ({ own: { items } }: Session): string => {
  const [first] = items
  if (!first?.recurring) return ''
  const { interval, interval_count: count } = first.recurring
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`
}

const onTrial = ({ own: { trialDays } }: Session): string => `${trialDays} day${trialDays === 1 ? '' : 's'} free`

const full = ({ own: { items } }: Session): number => items.reduce((sum, { quantity, unit_amount: amount }) => sum + quantity * amount, 0)

const headline = (session: Session): Markup => {
  const { amount_total: total, currency, mode, own } = session
  const title = own.items[0]?.name ?? 'Your order'
  if (mode === 'payment') return html`<h1><span class="what">${title}</span><span class="amount">${price(total, currency)}</span></h1>`
  if (own.trialDays > 0)
    return html`<h1><span class="what">Try ${title}</span><span class="amount">${onTrial(session)}</span><small>Then ${price(full(session), currency)} ${every(session)}</small></h1>`
  return html`<h1><span class="what">Subscribe to ${title}</span><span class="amount">${price(total, currency)} <span class="every">${total < full(session) ? 'today' : every(session)}</span></span>${total < full(session) && html`<small>Then ${price(full(session), currency)} ${every(session)}</small>`}</h1>`
}

const sum = (name: string, amount: Markup | string, isTotal = false): Markup =>
  html`<div ${isTotal && html`class="total"`}><dt>${name}</dt><dd>${amount}</dd></div>`

const summary = ({ session, schoolName }: Pick<Shown, 'session' | 'schoolName'>): Markup => {
  const { amount_total, amount_subtotal, currency, own, cancel_url, total_details: details, automatic_tax: tax } = session
  const named =
    cancel_url === null
      ? html`<span class="school">${monogram(schoolName)}${schoolName}</span>`
      : html`<a class="school" href="${cancel_url}"><span class="back" aria-hidden="true">←</span>${monogram(schoolName)}<span>${schoolName}</span><span class="hidden">: cancel and go back</span></a>`
  return html`<section class="summary" aria-label="Order summary"><div class="inner">
<header>${named}<span class="tag">Test mode</span></header>
${headline(session)}
<ul class="items">${own.items.map(
    ({ name, quantity, unit_amount }) =>
      html`<li><span class="picture" aria-hidden="true"></span><span class="name">${name}<small>Qty ${quantity}${session.mode === 'subscription' && html`, billed ${every(session)}`}</small></span><span>${price(quantity * unit_amount, currency)}</span></li>`,
  )}</ul>
<dl>${sum('Subtotal', price(amount_subtotal, currency))}${details.amount_discount > 0 && sum(`Coupon ${session.discounts[0]?.coupon ?? ''}`, `−${price(details.amount_discount, currency)}`)}
${tax.enabled && sum('Tax (20 %, included)', price(details.amount_tax, currency))}${sum('Total due today', price(amount_total, currency), true)}</dl>
</div></section>`
}

const verb = (session: Session): string => {
  if (session.mode === 'payment') return `Pay ${price(session.amount_total, session.currency)}`
  return session.own.trialDays > 0 ? 'Start trial' : 'Subscribe'
}

const payForm = ({ session, form, problem }: Shown): Markup => {
  const { cancel_url, customer_details: person } = session
  const asks = asksOf(session)
  return html`<main class="pay"><div class="inner"><form method="post">
${!asks.email && html`<h2>Contact information</h2><p class="known">${person?.email ?? ''}</p>`}${cardFields(asks, form, problem)}
<button class="primary">${verb(session)}</button>
${session.mode === 'subscription' && html`<p class="terms">By confirming, you allow this card to be charged for future payments until you cancel.</p>`}
${cancel_url !== null && html`<a class="cancel" href="${cancel_url}">Cancel and go back</a>`}
${cardsNote()}
</form><footer>A stand-in for Stripe Checkout, part of this school’s own installation. <a href="/sandbox/stripe">What it has done</a></footer></div></main>`
}

export const checkoutPage = (shown: Shown): string =>
  page({ title: `${shown.schoolName}: checkout`, name: 'checkout', body: html`<div class="columns">${summary(shown)}${payForm(shown)}</div>` })

/** For a session that can no longer be paid. */
export const endedPage = ({ session, schoolName }: Pick<Shown, 'session' | 'schoolName'>): string => {
  const isPaid = session.status === 'complete'
  const onward = isPaid ? session.success_url : session.cancel_url
  return page({
    title: isPaid ? 'Paid' : 'Checkout has expired',
    name: 'checkout',
    body: html`<main class="message">${monogram(schoolName)}<h1>${isPaid ? 'You have paid already' : 'This checkout page has expired'}</h1>
<p>${isPaid ? 'This checkout is complete: it takes no second payment.' : 'Nothing was paid. Go back to the school to open a new one.'}</p>
${onward !== null && html`<a class="primary" href="${onward}">Back to ${schoolName}</a>`}</main>`,
  })
}

export const unknownPage = (what = 'checkout'): string =>
  page({
    title: `No such ${what}`,
    name: 'checkout',
    body: html`<main class="message"><h1>There is no such ${what} page</h1><p>The address may have been cut short.</p><a class="primary" href="/sandbox/stripe">All checkouts</a></main>`,
  })
