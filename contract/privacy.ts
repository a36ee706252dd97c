import * as z from 'zod/mini'
import { done, endpoint, id, nothing, when } from './base.ts'

/** So many days somebody may change their mind. */
export const ERASURE_WAITS_DAYS = 7
/** A copy is kept for so long, and a new one is made no sooner than a day after the last. */
export const EXPORT_KEPT_DAYS = 7

/** What whoever leaves wants left behind: the words they wrote in discussions, and the certificates that prove what they learned. */
export const Wishes = z.object({ posts: z.boolean(), certificates: z.boolean() })
export type Wishes = z.infer<typeof Wishes>

export const Erasure = z.object({ state: z.enum(['none', 'waiting', 'running']), dueAt: z.optional(when), keeps: z.optional(Wishes) })
export type Erasure = z.infer<typeof Erasure>

/** What keeps somebody from leaving by themselves. */
export const Hindrance = z.enum(['teaches', 'membership', 'staff'])
export type Hindrance = z.infer<typeof Hindrance>

export const DataCopy = z.object({
  state: z.enum(['none', 'making', 'ready', 'failed']),
  at: z.optional(when),
  sizeBytes: z.optional(z.int()),
  /** Until when it can be fetched. */
  until: z.optional(when),
  /** Files of theirs that are too large to be within it. */
  leftOut: z.optional(z.int()),
})
export type DataCopy = z.infer<typeof DataCopy>

export const MyPrivacy = z.object({ erasure: Erasure, hindrances: z.array(Hindrance), copy: DataCopy })
export type MyPrivacy = z.infer<typeof MyPrivacy>

const ErasureRow = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'done']),
  /** Absent once it is done: who it was is not kept. */
  person: z.optional(z.object({ id: z.string(), name: z.string(), email: z.string() })),
  alias: z.string(),
  by: z.enum(['themselves', 'staff', 'operator']),
  askedAt: when,
  dueAt: when,
  doneAt: z.optional(when),
  removed: z.int(),
  changed: z.int(),
})
export type ErasureRow = z.infer<typeof ErasureRow>

export const privacy = {
  mine: endpoint({
    method: 'GET',
    path: '/me/privacy',
    access: 'person',
    summary: 'Whether I am leaving, and the copy of my data',
    input: nothing,
    output: MyPrivacy,
  }),
  copy: endpoint({
    method: 'POST',
    path: '/me/export',
    access: 'person',
    summary: 'Gather everything the school knows of me; once a day',
    input: nothing,
    output: MyPrivacy,
  }),
  download: endpoint({
    method: 'GET',
    path: '/me/export',
    access: 'person',
    summary: 'Where to fetch the copy of my data',
    input: nothing,
    output: z.object({ url: z.string(), expiresAt: when }),
  }),
  leave: endpoint({
    method: 'POST',
    path: '/me/erasure',
    access: 'person',
    summary: 'Have my account and my data erased, a week from now',
    input: z.object({ email: z.string().check(z.maxLength(254)), keeps: Wishes }),
    output: MyPrivacy,
  }),
  stay: endpoint({ method: 'DELETE', path: '/me/erasure', access: 'person', summary: 'Stay after all', input: nothing, output: MyPrivacy }),
  erasures: endpoint({
    method: 'GET',
    path: '/privacy/erasures',
    access: 'admin',
    summary: 'Who is leaving, and how many have left',
    input: z.object({ page: z.optional(z.string().check(z.maxLength(2000))) }),
    output: z.object({ erasures: z.array(ErasureRow), next: z.optional(z.string()) }),
  }),
  erase: endpoint({
    method: 'POST',
    path: '/privacy/erasures',
    access: 'admin',
    summary: 'Erase somebody at once; their courses go to whoever is named',
    input: z.object({ email: z.string().check(z.maxLength(254)), keeps: Wishes, heir: z.optional(z.string().check(z.maxLength(254))) }),
    output: z.object({ id: id('ers') }),
  }),
  spare: endpoint({
    method: 'DELETE',
    path: '/privacy/erasures/{erasure}',
    access: 'admin',
    summary: 'Call off an erasure that has not begun',
    input: z.object({ erasure: id('ers') }),
    output: done,
  }),
}
