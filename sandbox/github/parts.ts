import { html, type Markup } from '../markup.ts'
import type { Desk } from './desk.ts'
import { when } from './html.ts'
import { rendered } from './markdown.ts'
import { combined, currentStatuses } from './routes-pulls.ts'
import type { Comment, Person, Pull, Status, StatusState } from './store.ts'

export const stateOf = (pull: Pull): 'open' | 'merged' | 'closed' => (pull.mergedAt === null ? pull.state : 'merged')
const STATE_WORDS = { open: 'Open', merged: 'Merged', closed: 'Closed' } as const

export const badge = (pull: Pull): Markup => html`<span class="badge ${stateOf(pull)}">${STATE_WORDS[stateOf(pull)]}</span>`

const CHECK_WORDS: Record<StatusState, string> = { success: 'passed', failure: 'failed', error: 'failed', pending: 'under way' }

/** Of a commit, in a word; nothing where nobody said anything. */
export const mark = (desk: Desk, sha: string): Markup | undefined => {
  const statuses = currentStatuses(desk, sha)
  if (statuses.length === 0) return undefined
  const state = combined(statuses)
  return html`<span class="check ${state}">Checks ${CHECK_WORDS[state]}</span>`
}

const isWeb = (url: string | null): url is string => url !== null && /^https?:\/\//.test(url)

const statusRow = ({ context, state, description, url }: Status): Markup =>
  html`<li class="${state}"><span class="dot" role="img" aria-label="${CHECK_WORDS[state]}"></span><span><strong>${context}</strong>${description !== null && html` <span class="soft">${description}</span>`}</span>${isWeb(url) && html`<a href="${url}">Details</a>`}</li>`

export const statusList = (desk: Desk, sha: string): Markup | undefined => {
  const statuses = currentStatuses(desk, sha)
  return statuses.length === 0 ? undefined : html`<ul class="statuses" aria-label="Checks">${statuses.map(statusRow)}</ul>`
}

const initials = ({ login }: Person): string => login.slice(0, 1).toUpperCase()

export const who = (person: Person): Markup =>
  html`<strong>${person.login.replace('[bot]', '')}</strong>${person.type === 'Bot' && html` <span class="tag">bot</span>`}`

/** Something somebody said, with who and when. */
export const said = ({ by, at, edited, body, id }: { by: Person; at: number; edited?: boolean; body: string; id?: string }): Markup =>
  html`<article class="said" ${id !== undefined && html`id="${id}"`}><span class="face ${by.type === 'Bot' && 'bot'}" aria-hidden="true">${initials(by)}</span><div class="card"><header>${who(by)} <span class="soft">${when(at)}${edited && ', edited'}</span></header><div class="prose">${body.trim() === '' ? html`<p class="soft">No description.</p>` : rendered(body)}</div></div></article>`

export const remark = ({ by, createdAt, updatedAt, body, id }: Comment): Markup =>
  said({ by, at: createdAt, edited: updatedAt !== createdAt, body, id: `comment-${id}` })

export const commentForm = (action: string): Markup =>
  html`<form class="write" method="post" action="${action}"><label for="comment">Add a comment</label><textarea id="comment" name="body" rows="4" required maxlength="65536" placeholder="Markdown is understood"></textarea><div class="acts"><button>Comment</button></div></form>`
