import type { DatabaseSync } from 'node:sqlite'
import type { DeadLetter, Remembered } from '#ports/events.ts'
import type { Event, Page } from '#ports/tables.ts'

export type Delivery = { event: string; listener: string; attempts: number; name: string; at: string; payload: string; request: string | null }

export const told = (row: Omit<Delivery, 'listener' | 'attempts'>): Event => ({
  id: row.event,
  name: row.name,
  at: row.at,
  payload: JSON.parse(row.payload),
  ...(row.request !== null && { request: row.request }),
})

export type OutboxRows = {
  /** Names of those who have a delivery waiting, due or not. */
  waiting(): string[]
  dueFor(listener: string, now: number, most: number): Delivery[]
  /** When the next one that is not due yet will be. */
  nextDue(now: number): number | undefined
  dead(): DeadLetter[]
  remembered(page?: string): Page<Remembered>
}

const COLUMNS = 'd.event, d.listener, d.attempts, d.reason, o.name, o.at, o.payload, o.request FROM deliveries d JOIN outbox o ON o.id = d.event'

const PAGE_EVENTS = 500

/** Each event there is, by its id, which is the page's token too. */
const rememberedIn = (database: DatabaseSync): OutboxRows['remembered'] => {
  const after = database.prepare('SELECT id AS event, name, at, payload, request FROM outbox WHERE id > ? ORDER BY id LIMIT ?')
  const failed = database.prepare("SELECT listener, reason FROM deliveries WHERE event = ? AND reason <> ''")
  return (page = '') => {
    // Here and below, a row has the columns its statement selects.
    const rows = after.all(page, PAGE_EVENTS + 1) as Omit<Delivery, 'listener' | 'attempts'>[]
    const items = rows.slice(0, PAGE_EVENTS).map((row) => ({ event: told(row), failures: failed.all(row.event) as Remembered['failures'] }))
    const last = items.at(-1)
    return rows.length > PAGE_EVENTS && last ? { items, next: last.event.id } : { items }
  }
}

/** What the outbox's two tables tell: what happened, and who is still to hear of it. */
export const outboxRows = (database: DatabaseSync): OutboxRows => {
  // From one listener to the next by the index: DISTINCT would read every row of a long backlog.
  const waiting = database.prepare(`
    WITH RECURSIVE next (listener) AS (
      SELECT min(listener) FROM deliveries WHERE is_dead = 0
      UNION ALL SELECT (SELECT min(d.listener) FROM deliveries d WHERE d.is_dead = 0 AND d.listener > next.listener) FROM next WHERE next.listener IS NOT NULL)
    SELECT listener FROM next WHERE listener IS NOT NULL`)
  const dueFor = database.prepare(`SELECT ${COLUMNS} WHERE d.is_dead = 0 AND d.listener = ? AND d.due <= ? ORDER BY d.due, d.event LIMIT ?`)
  const nextDue = database.prepare('SELECT min(due) AS due FROM deliveries WHERE is_dead = 0 AND due > ?')
  const dead = database.prepare(`SELECT ${COLUMNS} WHERE d.is_dead = 1 ORDER BY o.at, o.id LIMIT 100`)
  // Below, a row has the columns its statement selects.
  return {
    waiting: () => (waiting.all() as { listener: string }[]).map(({ listener }) => listener),
    dueFor: (listener, now, most) => dueFor.all(listener, now, most) as Delivery[],
    nextDue: (now) => (nextDue.get(now) as { due: number | null }).due ?? undefined,
    dead: () =>
      (dead.all() as (Delivery & { reason: string })[]).map((row) => ({
        event: told(row),
        listener: row.listener,
        attempts: row.attempts,
        reason: row.reason,
        since: row.at,
      })),
    remembered: rememberedIn(database),
  }
}
