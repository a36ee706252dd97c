import type { Git, Signature } from './git.ts'
import type { Webhook } from './hooks.ts'
import type { Person, Store } from './store.ts'

/** Whoever holds the token, whoever sits before the review pages, and whoever pushes with a `git` of their own. */
export const BOT: Person = { login: 'course-bot[bot]', id: 41_898_282, type: 'Bot', association: 'CONTRIBUTOR' }
export const REVIEWER: Person = { login: 'reviewer', id: 1001, type: 'User', association: 'OWNER' }
export const PUSHER: Person = { login: 'git', id: 1002, type: 'User', association: 'OWNER' }

/** What everything here works with. */
export type Desk = {
  git: Git
  store: Store
  owner: string
  name: string
  /** The main one, without `refs/heads/`. */
  branch: string
  /** Where the repository's pages are for a browser, and the API for a program. */
  webUrl: string
  apiUrl: string
  /** Where people come from to these pages. */
  home: { url: string; words: string } | undefined
  now(): number
  /** Lays webhooks aside to be sent; call inside the transaction that tells of what they tell. */
  tell(webhooks: readonly Webhook[]): void
  wake(): void
  /** One change at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
}

export const refOf = (branch: string): string => `refs/heads/${branch}`
export const branchOf = (ref: string): string => ref.replace(/^refs\/heads\//, '')

export const signatureOf = ({ login }: Person, milliseconds: number): Signature => ({
  name: login,
  email: `${login.replace('[bot]', '')}@users.noreply.github.invalid`,
  timestamp: Math.floor(milliseconds / 1000),
  timezoneOffset: 0,
})

export const isoOf = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
