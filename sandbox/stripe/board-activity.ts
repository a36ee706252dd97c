import { html, type Markup } from '../markup.ts'
import { nav } from './board.ts'
import { API_WORDS, WEBHOOK_WORDS } from './fault-words.ts'
import type { Faults } from './faults.ts'
import { moment, page, plain, price } from './html.ts'
import type { Session } from './session-types.ts'
import type { Delivery } from './store.ts'

type Listed = { session: Session; refunded: number }

const stateWord = ({ session: { status, payment_status: paid, amount_total: total }, refunded }: Listed): string => {
  if (refunded > 0) return refunded < total ? 'partly refunded' : 'refunded'
  return status === 'complete' && paid === 'paid' ? 'paid' : status
}

const refundForm = ({
  session: {
    id,
    amount_total: total,
    currency,
    own: { items },
  },
  refunded,
}: Listed): Markup =>
  html`<form method="post" action="/sandbox/stripe/sessions/${id}/refund" class="refund">
<label><span class="hidden">Amount to refund of ${items[0]?.name ?? 'this order'} in </span>${currency.toUpperCase()} <input name="amount" inputmode="decimal" size="7" autocomplete="off" required value="${plain(total - refunded, currency)}"></label><button>Refund</button></form>`

const sessionRow = (listed: Listed): Markup => {
  const { session, refunded } = listed
  const {
    id,
    status,
    payment_status: paid,
    amount_total: total,
    currency,
    customer_email,
    customer_details: person,
    own: { items },
    created,
    url,
  } = session
  const isRefundable = paid === 'paid' && refunded < total
  return html`<tr><td data-label="Order"><strong>${items[0]?.name ?? ''}</strong><small>${id.slice(0, 20)}…</small></td>
<td data-label="Customer">${person?.email ?? customer_email ?? ''}</td><td data-label="Amount" class="number"><span>${price(total, currency)}</span>${refunded > 0 && html`<small>${price(refunded, currency)} refunded</small>`}</td>
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

const seedWords = ({ seed, rate }: Faults): string =>
  seed === null ? '' : ` Seed ${seed} chooses faults where no switch is on, for ${rate} % of calls and webhooks.`

const describe = (faults: Faults): Markup | undefined =>
  faults.api === 'none' && faults.webhooks === 'none' && faults.seed === null
    ? undefined
    : html`<p class="warning" role="status">Faults are on. API: ${API_WORDS[faults.api]}. Webhooks: ${WEBHOOK_WORDS[faults.webhooks]}.${seedWords(faults)} <a href="/sandbox/stripe/faults">Change</a></p>`

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
    body: html`${nav('activity')}<main><h1>Activity</h1>${describe(faults)}
<h2>Checkouts</h2>${table(['Order', 'Customer', 'Amount', 'Created (UTC)', 'State', ''], sessions.map(sessionRow), 'No checkout yet. Order a paid course, and its checkout page appears here.')}
<h2>Webhooks</h2><p class="aside">Sent to <code>${webhookUrl}</code> and repeated until the answer is 2xx.</p>
${table(['Event', 'State', 'Answer', 'When (UTC)', ''], deliveries.map(deliveryRow), 'No webhook yet. One is sent as soon as a checkout is paid.')}</main>`,
  })
