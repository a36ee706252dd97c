import * as z from 'zod/mini'
import { type Hearing, hearing } from '#core/events.ts'
import type { Timer } from '#core/handlers.ts'
import { after } from '#core/moments.ts'
import { askAboutEach } from '#core/payments/asking.ts'
import { followPayment } from '#core/payments/follow.ts'
import { orderRecords, type StoredDispute, type StoredOrder, WAITING_ORDERS, waitingRecords } from '#core/payments/records.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'

/** Orders that a bank has asked or warned about; whether one still needs somebody is for the order itself to say. */
const WORRIES = 'money-worries'
const worryRecords = records({
  schema: z.object({ order: z.string(), since: z.string() }),
  key: ({ order }: { order: string }) => ({ pk: WORRIES, sk: order }),
  people: ofNobody,
})

/** More are no list that anybody works off; each is closed at the provider. */
const MOST_WORRIES = 200
/** A dispute comes within weeks of its warning, or not at all. */
const WARNING_MS = 60 * 24 * 3600_000

export const openDisputes = ({ disputes = [] }: StoredOrder): StoredDispute[] => disputes.filter(({ outcome }) => outcome === 'open')
const isWarned = ({ fraudWarning, state, refundedMinor = 0, dispute }: StoredOrder): boolean =>
  fraudWarning !== undefined && state === 'paid' && refundedMinor === 0 && dispute === undefined

const noted = async (world: World, order: string): Promise<void> => {
  const { tables, clock } = world
  // Read before the order: what is written meanwhile was written by somebody who knows more.
  const before = await worryRecords.get(tables, { order })
  const stored = (await orderRecords.get(tables, { id: order }))?.value
  const worries = stored !== undefined && (openDisputes(stored).length > 0 || isWarned(stored))
  // Written even when it stands there already: a removal that has read less then fails.
  if (worries) await tables.commit([worryRecords.put({ order, since: before?.value.since ?? clock.now().toISOString() })])
  if (!worries && before) await tables.commit([worryRecords.remove({ order }, before)])
}

export const worryHearings: readonly Hearing[] = [
  hearing('money.note-dispute', 'order.disputed', (world, { order }) => noted(world, order)),
  hearing('money.note-warning', 'order.fraud-warning', (world, { order }) => noted(world, order)),
  hearing('money.note-refund', 'order.refunded', (world, { order }) => noted(world, order)),
]

export type Worries = { disputed: StoredOrder[]; warned: StoredOrder[] }

const firstAnswer = (order: StoredOrder): string =>
  openDisputes(order)
    .map(({ answerBy }) => answerBy ?? '~')
    .toSorted()[0] ?? '~'

/** Those to be answered soonest come first. */
export const worries = async (world: Pick<World, 'tables' | 'clock'>): Promise<Worries> => {
  const { items } = await worryRecords.list(world.tables, WORRIES, { limit: MOST_WORRIES })
  const found = await Promise.all(items.map(async ({ order, since }) => ({ since, order: (await orderRecords.get(world.tables, { id: order }))?.value })))
  const orders = found.flatMap(({ order, since }) => (order ? [{ order, since }] : []))
  const youngest = after(world, -WARNING_MS)
  return {
    disputed: orders
      .flatMap(({ order }) => (openDisputes(order).length > 0 ? [order] : []))
      .toSorted((one, other) => firstAnswer(one).localeCompare(firstAnswer(other))),
    warned: orders.flatMap(({ order, since }) => (isWarned(order) && since > youngest ? [order] : [])),
  }
}

/** Asks the provider how each open dispute stands: its list of news goes back thirty days, and a bank may take ninety. */
export const readDisputes: Timer = {
  name: 'money.read-disputes',
  everySeconds: 6 * 3600,
  run: async (world) => {
    const open = (await worries(world)).disputed.flatMap((order) => openDisputes(order).map(({ payment }) => ({ order: order.id, payment })))
    await askAboutEach(world, { what: 'disputes', done: 'read', items: open, ask: ({ order, payment }) => followPayment(world, order, payment) })
  },
}

const MOST_COUNTED = 100

/** Since when buyers of orders have been told that the provider could not be asked: not of those that are just being opened. */
export const toldUnreached = async (tables: Tables): Promise<string[]> => {
  const { items } = await waitingRecords.listIndex(tables, WAITING_ORDERS, { limit: MOST_COUNTED })
  return items.flatMap(({ toldAt }) => toldAt ?? [])
}

export const countUnreached = async (tables: Tables): Promise<number> => (await toldUnreached(tables)).length
