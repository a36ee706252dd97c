import * as z from 'zod/mini'
import { ALERT_KINDS, AlertKind } from '#contract/alerts.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { AlertKind as Kind } from '#ports/alerts.ts'
import type { Page } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'

/** The contract and the port name the same ones. */
export const KINDS: readonly Kind[] = ALERT_KINDS

/** A letter that is to go out: what it is made of is fixed before it is sent, so that a crash sends the very same once more. */
const Sending = z.object({ id: z.string(), what: z.enum(['digest', 'over']), from: z.int(), to: z.int(), since: z.string() })
export type Sending = z.infer<typeof Sending>

const AlertState = z.object({
  kind: AlertKind,
  /** Alerts are numbered as they come: how many there were, and up to which the owner has been told. */
  heard: z.int(),
  told: z.int(),
  /** From the first alert until it is over. */
  bout: z.optional(z.object({ since: z.string(), first: z.int(), lastAt: z.string(), hasLasted: z.boolean(), step: z.int(), nextAt: z.string() })),
  silentUntil: z.optional(z.string()),
  sending: z.optional(Sending),
})
export type AlertState = z.infer<typeof AlertState>

/** One item for each kind: whoever tells of it and whoever writes letters agree by its version. */
export const alertStateRecords = records({ schema: AlertState, key: ({ kind }: { kind: Kind }) => ({ pk: 'alerts', sk: kind }), people: ofNobody })

const Heard = z.object({
  ...{ kind: AlertKind, id: z.string(), number: z.int(), subject: z.string(), text: z.string(), at: z.string() },
  /** How the message is called that tells of it alone; left out once that is sent, or where a digest tells of it. */
  due: z.optional(z.string()),
})
export type Heard = z.infer<typeof Heard>

const heardOf = (kind: Kind): string => `alerts#${kind}`
/** Sorts as numbers do. */
const placeOf = (number: number): string => String(number).padStart(12, '0')

export const heardRecords = records({
  schema: Heard,
  key: ({ kind, id }: { kind: Kind; id: string }) => ({ pk: heardOf(kind), sk: id }),
  index: ({ kind, number }) => ({ ipk: heardOf(kind), isk: placeOf(number) }),
  people: { what: 'nobody', says: 'What the owner was told of', isTold: true },
})

type At = Pick<World, 'tables'>

/** The one that bears a number; undefined where it has been forgotten, or told anew under another. */
export const heardAs = async ({ tables }: At, kind: Kind, number: number): Promise<Heard | undefined> =>
  (await heardRecords.listIndex(tables, heardOf(kind), { prefix: placeOf(number), limit: 1 })).items[0]

/** The newest of a kind, newest first. */
export const newestHeard = async ({ tables }: At, kind: Kind, most: number): Promise<Heard[]> =>
  (await heardRecords.listIndex(tables, heardOf(kind), { descending: true, limit: most })).items

/** A page of a kind, oldest first. */
export const oldestHeard = ({ tables }: At, kind: Kind, options: { limit: number; page?: string }): Promise<Page<Heard>> =>
  heardRecords.listIndex(tables, heardOf(kind), options)
