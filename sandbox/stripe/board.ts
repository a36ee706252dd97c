import { html, type Markup } from '../markup.ts'
import { page } from './html.ts'

const PLACES = { activity: ['', 'Activity'], billing: ['/billing', 'Billing'], faults: ['/faults', 'Faults'] } as const
export type Place = keyof typeof PLACES

export const nav = (here: Place): Markup =>
  html`<nav><strong>Stripe stand-in</strong>${Object.entries(PLACES).map(([name, [path, words]]) => html`<a href="/sandbox/stripe${path}" ${name === here && html`aria-current="page"`}>${words}</a>`)}</nav>`

export const table = (heads: string[], rows: Markup[], empty: string): Markup =>
  rows.length === 0
    ? html`<p class="empty">${empty}</p>`
    : html`<table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`

/** A button was pressed that cannot do what it says. */
export const refusedPage = (message: string): string =>
  page({
    title: 'Not done',
    name: 'board',
    body: html`${nav('activity')}<main><h1>That cannot be done</h1><p class="warning" role="alert">${message}</p><p class="aside"><a href="/sandbox/stripe">Back to the activity</a></p></main>`,
  })
