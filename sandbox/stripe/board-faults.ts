import { html, type Markup } from '../markup.ts'
import { nav } from './board.ts'
import { API_WORDS, WEBHOOK_WORDS } from './fault-words.ts'
import { API_FAULTS, type Faults, WEBHOOK_FAULTS } from './faults.ts'
import { page } from './html.ts'
import { AFTER_RETRIES, type Rules } from './rules.ts'

const AFTER_WORDS: Record<Rules['afterRetries'], string> = {
  cancel: 'The subscription is cancelled',
  unpaid: 'It becomes unpaid: its invoices stay drafts',
  past_due: 'It stays past due',
}
const REFUND_WORDS: Record<Rules['refunds'], string> = { succeed: 'Arrive', fail: 'Look as if they had arrived, and fail a minute later' }

const choices = <T extends string>(name: string, all: readonly T[], chosen: T, words: Record<T, string>): Markup[] =>
  all.map(
    (value) =>
      html`<label class="choice"><input type="radio" name="${name}" value="${value}" ${value === chosen && html`checked`}><span>${words[value]}</span></label>`,
  )

export const faultsPage = ({ faults, rules, isSaved }: { faults: Faults; rules: Rules; isSaved: boolean }): string =>
  page({
    title: 'Faults',
    name: 'board',
    body: html`${nav('faults')}<main><h1>Faults</h1><p class="aside">What could go wrong with the real thing, at the flick of a switch. They stay until they are changed.</p>
${isSaved && html`<p class="saved" role="status">Saved.</p>`}
<form method="post" class="faults"><fieldset><legend>API</legend>${choices('api', API_FAULTS, faults.api, API_WORDS)}</fieldset>
<fieldset><legend>Webhooks</legend>${choices('webhooks', WEBHOOK_FAULTS, faults.webhooks, WEBHOOK_WORDS)}</fieldset>
<fieldset class="numbers"><legend>How much</legend><label>Copies of a duplicate <input type="number" name="times" min="1" max="100" value="${faults.times}"></label>
<label>Seconds <input type="number" name="seconds" min="0" max="86400" value="${faults.seconds}"></label></fieldset>
<fieldset class="numbers"><legend>By seed</legend><p class="aside">Where no switch is on, a seed chooses: the same seed and the same calls give the same faults.</p>
<label>Seed <input type="number" name="seed" placeholder="none" value="${faults.seed ?? ''}"></label><label>Calls and webhooks with a fault, in percent <input type="number" name="rate" min="0" max="100" value="${faults.rate}"></label></fieldset>
<h2 class="later">Rules</h2><p class="aside">What an account sets in Stripe’s dashboard.</p>
<fieldset class="numbers"><legend>Failed renewals</legend><label>Tried again after days <input name="retryDays" inputmode="numeric" value="${rules.retryDays.join(', ')}"></label>
<label>Renewals are told, days before <input type="number" name="upcomingDays" min="1" max="60" value="${rules.upcomingDays}"></label></fieldset>
<fieldset><legend>After the last try</legend>${choices('afterRetries', AFTER_RETRIES, rules.afterRetries, AFTER_WORDS)}</fieldset>
<fieldset><legend>Refunds</legend>${choices('refunds', ['succeed', 'fail'] as const, rules.refunds, REFUND_WORDS)}</fieldset>
<button class="primary">Save</button></form></main>`,
  })
