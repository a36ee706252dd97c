import type { Alerts } from './alerts.ts'
import type { Clock, Ids } from './clock.ts'
import type { Events } from './events.ts'
import type { Identity } from './identity.ts'
import type { Keys } from './keys.ts'
import type { Log } from './log.ts'
import type { Mail } from './mail.ts'
import type { Objects } from './objects.ts'
import type { Pages } from './pages.ts'
import type { Payments } from './payments.ts'
import type { Premises } from './premises.ts'
import type { Repository, RepositoryHooks } from './repository.ts'
import type { Tables } from './tables.ts'
import type { Tasks } from './tasks.ts'
import type { Transcoder } from './transcoder.ts'
import type { Transcription } from './transcription.ts'
import type { Webhooks } from './webhooks.ts'

/**
 * Where a teacher's page sends films by keys of its own, below its person's prefix alone: the identity pool that gives them, whose tokens it
 * takes, and the origin of the store.
 */
export type StraightPlace = { pool: string; provider: string; region: string; origin: string }

/** What the owner of the school has decided; one schema per home reads it, once. */
export type Settings = {
  /** Where the school lives, and so what its videos cost: the machine's time, or money. */
  home: 'machine' | 'aws'
  /** Pieces of videos made at once; what estimates of time count with. */
  encoders: number
  schoolName: string
  /** Origin learners see, no trailing slash: `http://localhost:4600`. */
  url: string
  /**
   * Origin that videos and files are read from: `url`, or a name below its host, `https://media.school.example`. Grants are
   * signed for it.
   */
  mediaUrl: string
  /** Other origins the school's pages talk to: an identity provider, a store that takes uploads. */
  connects: readonly string[]
  currency: string
  ownerEmail: string
  /** Where weaknesses are told: a `mailto:` or `https:` address. */
  securityContact: string
  /**
   * The largest video, and the largest file beside a lesson (5 GB at most: what S3 gives another name in one request). `quotaBytes`: what all
   * of them together may take; undefined where the owner has set no bound. `straight`: undefined where the school signs every part.
   */
  upload: { maxBytes: number; fileMaxBytes: number; partBytes: number; quotaBytes: number | undefined; straight: StraightPlace | undefined }
  playbackTtlSeconds: number
  /** Who writes, where somebody does: what the page and the budget have to know. Prices per million tokens in millionths of a dollar. */
  chatbot: { model: string; inputMicros: number; outputMicros: number; isStandIn: boolean } | undefined
  /** What all series together may cost in a month of UTC, in millionths of a US dollar. */
  chatbotMonthMicros: number
  /** How many drafts are proposed on a day of UTC; and whether the repository is a stand-in. */
  content: { proposalsADay: number; isStandIn: boolean }
}

/** What is on its way between the programs that write and propose: kept for some days, and for nobody else to see. */
export type DraftStore = Pick<Objects, 'put' | 'get' | 'list' | 'remove'>

/** Everything the school asks of the world around it. A home opens one. */
export type World = {
  tables: Tables
  objects: Objects
  events: Events
  transcoder: Transcoder
  identity: Identity
  keys: Keys
  alerts: Alerts
  mail: Mail
  payments: Payments
  webhooks: Webhooks
  /** Undefined where the owner has set up none. */
  transcription: Transcription | undefined
  /** Undefined where the web app has not been built. */
  pages: Pages | undefined
  tasks: Tasks
  drafts: DraftStore
  premises: Premises
  /** Undefined where the school keeps no courses in Git. */
  repository: (Repository & RepositoryHooks) | undefined
  clock: Clock
  ids: Ids
  log: Log
  settings: Settings
}
