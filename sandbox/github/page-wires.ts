import { html, type Markup } from '../markup.ts'
import type { Made } from './api.ts'
import type { Desk } from './desk.ts'
import { API_FAULTS, API_WORDS, readFaults, WEBHOOK_FAULTS, WEBHOOK_WORDS } from './faults.ts'
import { when } from './html.ts'
import type { Answer } from './routes.ts'
import type { Delivery } from './store.ts'
import { type Asked, goTo, type Look, missing, to, view } from './view.ts'

const STATE_WORDS: Record<Delivery['state'], string> = { waiting: 'On its way', delivered: 'Delivered', failed: 'Failed', kept: 'Not sent' }
const MOST_SHOWN = 50
const SHOWN_AT_ONCE = 6

const choices = <T extends string>(name: string, all: readonly T[], chosen: T, words: Record<T, string>): Markup[] =>
  all.map(
    (value) =>
      html`<label class="choice"><input type="radio" name="${name}" value="${value}" ${value === chosen && html`checked`}><span>${words[value]}</span></label>`,
  )

const answerWords = ({ status, answer }: Delivery): string => {
  if (status !== null) return `, answered ${status}`
  return answer === null ? '' : `, no answer: ${answer}`
}

const deliveryRow = (desk: Desk, delivery: Delivery): Markup =>
  html`<li class="plain"><span class="badge ${delivery.state}">${STATE_WORDS[delivery.state]}</span><span class="what"><strong>${delivery.event}${delivery.action !== null && html` <span class="soft">${delivery.action}</span>`}</strong><span class="soft">${when(delivery.at ?? delivery.due)}${answerWords(delivery)}</span></span><form method="post" action="${to(desk, `wires/${delivery.id}/again`)}"><button class="small">Send again</button></form></li>`

const deliveryList = (desk: Desk, deliveries: readonly Delivery[]): Markup => {
  if (deliveries.length === 0) return html`<div class="empty"><strong>None yet</strong>Push something, or open a pull request.</div>`
  const rows = deliveries.map((delivery) => deliveryRow(desk, delivery))
  const older = rows.slice(SHOWN_AT_ONCE)
  return html`<ul class="rows">${rows.slice(0, SHOWN_AT_ONCE)}</ul>${older.length > 0 && html`<details class="older"><summary>${older.length} older</summary><ul class="rows">${older}</ul></details>`}`
}

const callRow = ({ method, path, status, at }: Made): Markup =>
  html`<li class="plain"><code class="verb">${method}</code><span class="what"><code>${path}</code><span class="soft">${when(at)}</span></span><span class="badge ${status < 400 ? 'delivered' : 'failed'}">${status}</span></li>`

const wiresPage = ({ desk, made, webhookUrl }: Look, isSaved: boolean): Answer => {
  const faults = desk.store.faults()
  const deliveries = desk.store.deliveries(MOST_SHOWN)
  const calls = made().slice(-MOST_SHOWN).toReversed()
  const isWrong = faults.api !== 'none' || faults.webhooks !== 'none'
  return view(desk, {
    ...{ tab: 'wires', title: 'Webhooks and faults' },
    body: html`<h1>Webhooks and faults</h1>${isSaved && html`<p class="saved" role="status">Saved.</p>`}${isWrong && html`<p class="warning">A fault is switched on: ${[faults.api !== 'none' && API_WORDS[faults.api], faults.webhooks !== 'none' && WEBHOOK_WORDS[faults.webhooks]].filter((each) => each !== false).join('; ')}.</p>`}
<section aria-labelledby="sent"><h2 id="sent">Webhooks</h2><p class="soft">Sent to <code>${webhookUrl || 'nobody'}</code>, once each, as GitHub does.</p>${deliveryList(desk, deliveries)}</section>
<section aria-labelledby="calls"><h2 id="calls">Calls of the API</h2><p class="soft">Since this stand-in began, newest first.</p>${calls.length === 0 ? html`<div class="empty"><strong>None yet</strong>Nobody has asked anything.</div>` : html`<details><summary>${calls.length === MOST_SHOWN ? `The last ${MOST_SHOWN}` : calls.length} calls</summary><ul class="rows">${calls.map(callRow)}</ul></details>`}</section>
<section aria-labelledby="faults"><h2 id="faults">Faults</h2><p class="soft">What could go wrong with the real thing, at the flick of a switch.</p>
<form method="post" action="${to(desk, 'wires')}" class="faults"><fieldset><legend>API</legend>${choices('api', API_FAULTS, faults.api, API_WORDS)}</fieldset>
<fieldset><legend>Webhooks</legend>${choices('webhooks', WEBHOOK_FAULTS, faults.webhooks, WEBHOOK_WORDS)}</fieldset>
<fieldset class="numbers"><legend>How much</legend><label>The API’s, for so many calls <input type="number" name="count" min="1" max="10000" value="${faults.count ?? ''}" placeholder="until changed"></label>
<label>Seconds <input type="number" name="seconds" min="0" max="86400" value="${faults.seconds}"></label><label>Copies of a duplicate <input type="number" name="times" min="1" max="20" value="${faults.times}"></label></fieldset>
<div class="acts"><button class="primary">Save</button></div></form></section>`,
  })
}

export const wires = (look: Look, { method, body, query }: Asked, [id = '', verb]: string[]): Answer => {
  const { desk, again } = look
  if (method !== 'POST') return id === '' ? wiresPage(look, query.has('saved')) : missing(desk)
  if (id === '') {
    desk.store.putFaults(readFaults(Object.fromEntries(new URLSearchParams(body)), desk.store.faults()))
    desk.wake()
    return goTo(to(desk, 'wires?saved'))
  }
  const delivery = desk.store.delivery(Number(id))
  if (verb !== 'again' || !delivery) return missing(desk)
  again(delivery)
  return goTo(to(desk, 'wires'))
}
