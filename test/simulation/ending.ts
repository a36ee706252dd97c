import { entryRecords, type StoredEntry } from '#core/payments/ledger.ts'
import { ORDERS, orderRecords, StoredHook, type StoredOrder, soldRecords } from '#core/payments/records.ts'
import { all } from '#core/records.ts'
import { type StoredSeats, seatsRecords } from '#core/seats/records.ts'
import type { Session } from './bank.ts'
import { memoryTables } from './memory-tables.ts'
import type { Scene } from './scene.ts'

/** What the school and the provider hold when all is quiet, side by side. */
export type Ending = {
  scene: Scene
  orders: StoredOrder[]
  entries: StoredEntry[]
  hooks: StoredHook[]
  /** Of gifts and teams, by order. */
  seats: Map<string, StoredSeats>
  acknowledged: ReadonlySet<string>
  /** Pages the provider was paid on, by order. */
  paidPages: Map<string, Session[]>
  hasAlert(id: string): boolean
}

export const endingOf = async (scene: Scene, acknowledged: ReadonlySet<string>): Promise<Ending> => {
  const { disk, bank } = scene
  const tables = memoryTables(disk.tables)
  const sold = await all((page) => soldRecords.listIndex(tables, ORDERS, page === undefined ? {} : { page }))
  const found = await Promise.all(sold.map(({ order }) => orderRecords.get(tables, { id: order })))
  const orders = found.flatMap((order) => (order ? [order.value] : []))
  const entries = await Promise.all(
    orders.map(({ id }) => all((page) => entryRecords.list(tables, `order#${id}`, { prefix: 'entry#', ...(page !== undefined && { page }) }))),
  )
  const hooks = disk.tables.bodies('hook#').map((body) => StoredHook.parse(body))
  const paidPages = new Map<string, Session[]>()
  for (const session of bank.sessions.values()) {
    if (session.status === 'complete') paidPages.set(session.request.order, [...(paidPages.get(session.request.order) ?? []), session])
  }
  const told = new Set(disk.alerts.map(({ id }) => id))
  const seats = await Promise.all(orders.map(({ id }) => seatsRecords.get(tables, { order: id })))
  const bySale = new Map(seats.flatMap((each) => (each ? [[each.value.order, each.value] as const] : [])))
  return { scene, orders, entries: entries.flat(), hooks, seats: bySale, acknowledged, paidPages, hasAlert: (id) => told.has(id) }
}

export type Invariant = { name: string; check(ending: Ending): string[] | Promise<string[]> }

/** Whether what was ordered has been given. */
export const hasDelivered = ({ state, heldBecause }: StoredOrder): boolean => (state === 'paid' || state === 'refunded') && heldBecause === undefined
