import * as z from 'zod/mini'
import { done, endpoint, nothing, when } from './base.ts'

export const ALERT_KINDS = ['payments', 'disputes', 'agreement', 'films', 'viewers', 'series', 'content', 'webhooks', 'deliveries'] as const
export const AlertKind = z.enum(ALERT_KINDS)

/** Something is not looked at for ever because it was loud once. */
export const MOST_SILENT_DAYS = 90

/** How it stands with one kind of alert. */
export const KindOfAlert = z.object({
  kind: AlertKind,
  /** When the first of those came that are not over yet; left out while it is quiet. */
  since: z.optional(z.string()),
  /** How many have come since then, and how many of them stand in no letter yet. */
  count: z.int(),
  waiting: z.int(),
  /** When the next letter about it goes out at the earliest. */
  nextAt: z.optional(z.string()),
  silentUntil: z.optional(z.string()),
})
export type KindOfAlert = z.infer<typeof KindOfAlert>

export const HeardAlert = z.object({ kind: AlertKind, number: z.int(), subject: z.string(), text: z.string(), at: z.string(), isWaiting: z.boolean() })
export type HeardAlert = z.infer<typeof HeardAlert>

export const alerts = {
  list: endpoint({
    method: 'GET',
    path: '/school/alerts',
    access: 'admin',
    summary: 'What wants the owner’s attention: each kind, and the latest of them',
    input: nothing,
    output: z.object({ kinds: z.array(KindOfAlert), latest: z.array(HeardAlert) }),
  }),
  silence: endpoint({
    method: 'PUT',
    path: '/school/alerts/{kind}/silence',
    access: 'owner',
    summary: 'Write no letter about one kind of alert until then; they are kept, and told afterwards',
    input: z.object({ kind: AlertKind, until: when }),
    output: done,
  }),
  unsilence: endpoint({
    method: 'DELETE',
    path: '/school/alerts/{kind}/silence',
    access: 'owner',
    summary: 'Write letters about this kind of alert again',
    input: z.object({ kind: AlertKind }),
    output: done,
  }),
}
