import type { DatabaseSync } from 'node:sqlite'
import type { DeadLetter } from '#ports/events.ts'
import type { Event } from '#ports/tables.ts'
import { REMEMBERED_MS } from '../retries.ts'

export type Delivery = { event: string; listener: string; attempts: number; name: string; at: string; payload: string }

export const told = (row: Delivery): Event => ({ id: row.event, name: row.name, at: row.at, payload: JSON.parse(row.payload) })

export type Postponed = { attempts: number; due: number; isDead: boolean; reason: string }

export type OutboxRows = {
  /** False when the event is known already. */
  remember(event: Event): boolean
  owe(event: string, listener: string, due: number): void
  /** Names of those who have a delivery waiting, due or not. */
  waiting(): string[]
  dueFor(listener: string, now: number, most: number): Delivery[]
  /** When the next one that is not due yet will be. */
  nextDue(now: number): number | undefined
  finish(delivery: Delivery): void
  postpone(delivery: Delivery, after: Postponed): void
  dead(): DeadLetter[]
  revive(event: string, listener: string, now: number): boolean
  /** Forgets events that everyone has heard long ago. */
  prune(now: number): void
}

const COLUMNS = 'd.event, d.listener, d.attempts, d.reason, o.name, o.at, o.payload FROM deliveries d JOIN outbox o ON o.id = d.event'

/** The outbox's two tables: what happened, and who is still to hear of it. */
export const outboxRows = (database: DatabaseSync): OutboxRows => {
  const insertEvent = database.prepare('INSERT OR IGNORE INTO outbox (id, name, at, payload) VALUES (?, ?, ?, ?)')
  const insertDelivery = database.prepare('INSERT OR IGNORE INTO deliveries (event, listener, due) VALUES (?, ?, ?)')
  // From one listener to the next by the index: DISTINCT would read every row of a long backlog.
  const waiting = database.prepare(`
    WITH RECURSIVE next (listener) AS (
      SELECT min(listener) FROM deliveries WHERE is_dead = 0
      UNION ALL SELECT (SELECT min(d.listener) FROM deliveries d WHERE d.is_dead = 0 AND d.listener > next.listener) FROM next WHERE next.listener IS NOT NULL)
    SELECT listener FROM next WHERE listener IS NOT NULL`)
  const dueFor = database.prepare(`SELECT ${COLUMNS} WHERE d.is_dead = 0 AND d.listener = ? AND d.due <= ? ORDER BY d.due, d.event LIMIT ?`)
  const nextDue = database.prepare('SELECT min(due) AS due FROM deliveries WHERE is_dead = 0 AND due > ?')
  const finished = database.prepare('DELETE FROM deliveries WHERE event = ? AND listener = ?')
  const postponed = database.prepare('UPDATE deliveries SET attempts = ?, due = ?, is_dead = ?, reason = ? WHERE event = ? AND listener = ?')
  const dead = database.prepare(`SELECT ${COLUMNS} WHERE d.is_dead = 1 ORDER BY o.at, o.id LIMIT 100`)
  const revived = database.prepare("UPDATE deliveries SET is_dead = 0, attempts = 0, due = ?, reason = '' WHERE event = ? AND listener = ? AND is_dead = 1")
  const pruned = database.prepare('DELETE FROM outbox WHERE at < ? AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event = outbox.id)')
  // Below, a row has the columns its statement selects.
  return {
    remember: ({ id, name, at, payload }) => insertEvent.run(id, name, at, JSON.stringify(payload)).changes > 0,
    owe: (event, listener, due) => void insertDelivery.run(event, listener, due),
    waiting: () => (waiting.all() as { listener: string }[]).map(({ listener }) => listener),
    dueFor: (listener, now, most) => dueFor.all(listener, now, most) as Delivery[],
    nextDue: (now) => (nextDue.get(now) as { due: number | null }).due ?? undefined,
    finish: ({ event, listener }) => void finished.run(event, listener),
    postpone: ({ event, listener }, { attempts, due, isDead, reason }) => void postponed.run(attempts, due, isDead ? 1 : 0, reason, event, listener),
    dead: () =>
      (dead.all() as (Delivery & { reason: string })[]).map((row) => ({
        event: told(row),
        listener: row.listener,
        attempts: row.attempts,
        reason: row.reason,
        since: row.at,
      })),
    revive: (event, listener, now) => revived.run(now, event, listener).changes > 0,
    prune: (now) => void pruned.run(new Date(now - REMEMBERED_MS).toISOString()),
  }
}
