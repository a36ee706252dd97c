import { html, type Markup, NO_MARKUP } from '../markup.ts'
import type { Made } from './api.ts'
import type { Desk } from './desk.ts'
import { page } from './html.ts'
import type { Answer } from './routes.ts'
import type { Delivery } from './store.ts'

export const ROOT = '/sandbox/github'

export type Asked = { method: string; path: string; query: URLSearchParams; body: string }
export type Look = { desk: Desk; again(delivery: Delivery): void; made(): readonly Made[]; webhookUrl: string }

const POLICY = `default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; ${NO_MARKUP}`

export const shown = (body: string, status = 200): Answer => ({
  ...{ status, body },
  headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY, 'referrer-policy': 'same-origin' },
})

export const goTo = (location: string): Answer => ({ status: 303, body: '', headers: { location } })

const TABS = { pulls: ['pulls', 'Pull requests'], files: ['tree', 'Files'], commits: ['commits', 'Commits'], wires: ['wires', 'Webhooks'] } as const
export type Tab = keyof typeof TABS

/** Paths of files and branches in addresses: slashes stay. */
export const inPath = (text: string): string => text.split('/').map(encodeURIComponent).join('/')

/** Addresses below the repository’s, as GitHub has them. */
export const to = ({ owner, name }: Desk, rest = ''): string => `${ROOT}/${owner}/${name}${rest === '' ? '' : `/${rest}`}`

export const view = (desk: Desk, { tab, title, body, status }: { tab: Tab; title: string; body: Markup; status?: number }): Answer =>
  shown(
    page({
      home: desk.home,
      title: `${title} · ${desk.owner}/${desk.name}`,
      body: html`<header class="top"><a class="name" href="${to(desk)}"><span>${desk.owner}</span> / <strong>${desk.name}</strong></a>
<nav aria-label="Repository">${Object.entries(TABS).map(([key, [path, words]]) => html`<a href="${to(desk, path)}" ${key === tab && html`aria-current="page"`}>${words}${key === 'pulls' && html` <span class="count">${desk.store.openPulls().length}</span>`}</a>`)}</nav></header>
<main>${body}</main>`,
    }),
    status,
  )

export const problem = (desk: Desk, message: string, status: number): Answer =>
  view(desk, {
    ...{ tab: 'pulls', title: 'Not done', status },
    body: html`<h1>That cannot be done</h1><p class="warning" role="alert">${message}</p><p><a class="button" href="${to(desk, 'pulls')}">All pull requests</a></p>`,
  })

export const missing = (desk: Desk): Answer =>
  view(desk, {
    ...{ tab: 'pulls', title: 'Not there', status: 404 },
    body: html`<h1>There is nothing here</h1><p class="soft">What this address named may never have been, or lies in a commit of its own.</p><p><a class="button" href="${to(desk, 'pulls')}">All pull requests</a></p>`,
  })
