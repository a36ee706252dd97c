import * as z from 'zod/mini'
import { Wishes } from '#contract/privacy.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'

const Name = z.object({ id: z.string(), name: z.string(), email: z.string() })

/** Whom an erasure is about: what has to be looked for, and gone itself when nothing of it is found any more. */
const Subject = z.object({
  ...{ person: z.string(), email: z.string(), name: z.string() },
  /** Learned on the way: what they were called before, and addresses they had. */
  former: z.optional(z.object({ names: z.array(z.string()), emails: z.array(z.string()) })),
})

/** Somebody is being forgotten, or will be. One that is done says nothing of whom. */
export const StoredErasure = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'done']),
  subject: z.optional(Subject),
  alias: Name,
  heir: z.optional(Name),
  keeps: Wishes,
  by: z.enum(['themselves', 'staff', 'operator']),
  askedAt: z.string(),
  dueAt: z.string(),
  /** Which step is next, which walk through everything it belongs to, and where that goes on. */
  step: z.int(),
  walk: z.int(),
  page: z.optional(z.string()),
  /** Past all items, at what is remembered of events; `page` is one of theirs then. */
  isAtEvents: z.optional(z.boolean()),
  /** What this walk has found so far; nothing in the last. */
  found: z.int(),
  removed: z.int(),
  changed: z.int(),
  doneAt: z.optional(z.string()),
})
export type StoredErasure = z.infer<typeof StoredErasure>

export const ERASURES = 'erasures'
export const DUE_ERASURES = 'erasures-due'

export const erasureRecords = records({
  schema: StoredErasure,
  key: ({ id }: { id: string }) => ({ pk: ERASURES, sk: id }),
  index: ({ id, state, dueAt }) => (state === 'done' ? undefined : { ipk: DUE_ERASURES, isk: `${dueAt}#${id}` }),
  // Whoever erases leaves it alone until it is done, and then writes it without its subject.
  people: ofNobody,
})

/** Which erasure somebody has under way: nobody has two. */
export const erasureOfRecords = records({
  schema: z.object({ person: z.string(), erasure: z.string() }),
  key: ({ person }: { person: string }) => ({ pk: `erasure-of#${person}`, sk: 'erasure' }),
  people: { what: 'goes', says: 'That you want to leave', whose: ({ person }) => person },
})

/** What was gathered for somebody who wants to see what is kept of them. */
export const StoredExport = z.object({
  person: z.string(),
  id: z.string(),
  state: z.enum(['making', 'ready']),
  at: z.string(),
  step: z.int(),
  page: z.optional(z.string()),
  items: z.int(),
  sizeBytes: z.optional(z.int()),
  readyAt: z.optional(z.string()),
  /** Files that are too large to be within. */
  leftOut: z.optional(z.int()),
})
export type StoredExport = z.infer<typeof StoredExport>

export const EXPORTS = 'exports'

export const exportRecords = records({
  schema: StoredExport,
  key: ({ person }: { person: string }) => ({ pk: `learner#${person}`, sk: 'export' }),
  index: ({ id, at }) => ({ ipk: EXPORTS, isk: `${at}#${id}` }),
  people: { what: 'goes', says: 'Copies of your data you have asked for', whose: ({ person }) => person },
})
