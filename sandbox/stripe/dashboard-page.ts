import { html, type Markup, moment, page, plain, price } from './html.ts'
import { API_FAULTS, type Delivery, type Faults, type Session, WEBHOOK_FAULTS } from './store.ts'

const API_WORDS: Record<Faults['api'], string> = {
  none: 'Answers as it should',
  down: 'Down: connections break',
  slow: 'Slow: answers after the seconds below',
  '500': 'Failing: every call is answered 500',
  lost: 'Lost answers: does the work, then breaks the connection',
}
const WEBHOOK_WORDS: Record<Faults['webhooks'], string> = {
  none: 'Sent at once, in order',
  duplicate: 'Duplicate: each sent several times at once',
  reorder: 'Reordered: last things first',
  drop: 'Dropped: kept here, never sent',
  delay: 'Delayed by the seconds below',
}

const nav = (here: 'sessions' | 'faults'): Markup =>
  html`<nav><strong>Stripe stand-in</strong><a href="/sandbox/stripe" ${here === 'sessions' && html`aria-current="page"`}>Activity</a><a href="/sandbox/stripe/faults" ${here === 'faults' && html`aria-current="page"`}>Faults</a></nav>`

type Listed = { session: Session; refunded: number }

const stateWord = ({ session: { status, amount_total: total }, refunded }: Listed): string => {
  if (refunded > 0) return refunded < total ? 'partly refunded' : 'refunded'
  return status === 'complete' ? 'paid' : status
}

const refundForm = ({ session: { id, amount_total: total, currency, line_items: items }, refunded }: Listed): Markup =>
  html`<form method="post" action="/sandbox/stripe/sessions/${id}/refund" class="refund">
<label><span class="hidden">Amount to refund of ${items[0]?.name ?? 'this order'} in </span>${currency.toUpperCase()} <input name="amount" inputmode="decimal" size="7" autocomplete="off" required value="${plain(total - refunded, currency)}"></label><button>Refund</button></form>`

const sessionRow = (listed: Listed): Markup => {
  const { session, refunded } = listed
  const { id, status, payment_status: paid, amount_total: total, currency, customer_email, line_items, created, url } = session
  const isRefundable = paid === 'paid' && refunded < total
  return html`<tr><td data-label="Order"><strong>${line_items[0]?.name ?? ''}</strong><small>${id.slice(0, 20)}…</small></td>
<td data-label="Customer">${customer_email ?? ''}</td><td data-label="Amount" class="number"><span>${price(total, currency)}</span>${refunded > 0 && html`<small>${price(refunded, currency)} refunded</small>`}</td>
<td data-label="Created">${moment(created * 1000)}</td>
<td data-label="State"><span class="state ${refunded > 0 ? 'refunded' : status}">${stateWord(listed)}</span>${url !== null && html` <a href="/sandbox/stripe/checkout/${id}">Open page</a>`}</td>
<td>${isRefundable && refundForm(listed)}</td></tr>`
}

/** `checkout.session.completed` may break after its dots rather than anywhere. */
const breakable = (type: string): Markup[] => type.split('.').map((word, place) => html`${place > 0 && html`.<wbr>`}${word}`)

const deliveryRow = ({ event, type, state, attempts, status, answer, at, due }: Delivery): Markup =>
  html`<tr><td data-label="Event"><strong>${breakable(type)}</strong><small>${event}</small></td>
<td data-label="State"><span class="state ${state}">${state}</span><small>${attempts === 1 ? '1 attempt' : `${attempts} attempts`}</small></td>
<td data-label="Answer">${at === null ? '' : html`<span><code>${status ?? 'none'}</code> ${answer}</span>`}</td>
<td data-label="When">${at === null ? '' : moment(at)}${state === 'waiting' && html`<small>next ${moment(due)}</small>`}</td>
<td><form method="post" action="/sandbox/stripe/deliveries/${event}/again"><button>Send again</button></form></td></tr>`

const table = (heads: string[], rows: Markup[], empty: string): Markup =>
  rows.length === 0
    ? html`<p class="empty">${empty}</p>`
    : html`<table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`

const describe = ({ api, webhooks }: Faults): Markup | undefined =>
  api === 'none' && webhooks === 'none'
    ? undefined
    : html`<p class="warning" role="status">Faults are on. API: ${API_WORDS[api]}. Webhooks: ${WEBHOOK_WORDS[webhooks]}. <a href="/sandbox/stripe/faults">Change</a></p>`

export const dashboardPage = ({
  sessions,
  deliveries,
  faults,
  webhookUrl,
}: {
  sessions: Listed[]
  deliveries: Delivery[]
  faults: Faults
  webhookUrl: string
}): string =>
  page({
    title: 'Stripe stand-in',
    name: 'board',
    body: html`${nav('sessions')}<main><h1>Activity</h1>${describe(faults)}
<h2>Checkouts</h2>${table(['Order', 'Customer', 'Amount', 'Created (UTC)', 'State', ''], sessions.map(sessionRow), 'No checkout yet. Order a paid course, and its checkout page appears here.')}
<h2>Webhooks</h2><p class="aside">Sent to <code>${webhookUrl}</code> and repeated until the answer is 2xx.</p>
${table(['Event', 'State', 'Answer', 'When (UTC)', ''], deliveries.map(deliveryRow), 'No webhook yet. One is sent as soon as a checkout is paid.')}</main>`,
  })

/** A button was pressed that cannot do what it says. */
export const refusedPage = (message: string): string =>
  page({
    title: 'Not done',
    name: 'board',
    body: html`${nav('sessions')}<main><h1>That cannot be done</h1><p class="warning" role="alert">${message}</p><p class="aside"><a href="/sandbox/stripe">Back to the activity</a></p></main>`,
  })

const choices = <T extends string>(name: string, all: readonly T[], chosen: T, words: Record<T, string>): Markup[] =>
  all.map(
    (value) =>
      html`<label class="choice"><input type="radio" name="${name}" value="${value}" ${value === chosen && html`checked`}><span>${words[value]}</span></label>`,
  )

export const faultsPage = (faults: Faults, isSaved: boolean): string =>
  page({
    title: 'Faults',
    name: 'board',
    body: html`${nav('faults')}<main><h1>Faults</h1><p class="aside">What could go wrong with the real thing, at the flick of a switch. They stay until they are changed.</p>
${isSaved && html`<p class="saved" role="status">Saved.</p>`}
<form method="post" class="faults"><fieldset><legend>API</legend>${choices('api', API_FAULTS, faults.api, API_WORDS)}</fieldset>
<fieldset><legend>Webhooks</legend>${choices('webhooks', WEBHOOK_FAULTS, faults.webhooks, WEBHOOK_WORDS)}</fieldset>
<fieldset class="numbers"><legend>How much</legend><label>Copies of a duplicate <input type="number" name="times" min="1" max="100" value="${faults.times}"></label>
<label>Seconds <input type="number" name="seconds" min="0" max="86400" value="${faults.seconds}"></label></fieldset>
<button class="primary">Save</button></form></main>`,
  })
