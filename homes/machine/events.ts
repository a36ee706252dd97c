import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '#ports/clock.ts'
import type { DeadLetter, Events, Listener } from '#ports/events.ts'
import type { Log } from '#ports/log.ts'
import type { Event } from '#ports/tables.ts'
import { transaction } from './database.ts'

export const OUTBOX_SCHEMA = `
CREATE TABLE IF NOT EXISTS outbox (id TEXT PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL, payload TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
  event TEXT NOT NULL REFERENCES outbox(id), listener TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL, is_dead INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', PRIMARY KEY (event, listener)) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (is_dead, due);
`

/** What `tables` needs of the outbox: to write into it, inside its own transaction. */
export type Outbox = { append(events: readonly Event[]): void; wake(): void }

type Delivery = { event: string; listener: string; attempts: number; name: string; at: string; payload: string; reason: string }

const CONCURRENT = 8
const BACKOFF_MS = { first: 500, most: 6 * 3600_000 }
/** With the back-off above the last attempt comes after about three days. */
const MOST_ATTEMPTS = 28

const wait = (attempts: number, random: () => number): number => {
  const full = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** (attempts - 1))
  return full / 2 + (full / 2) * random()
}

type Options = { database: DatabaseSync; clock: Clock; log: Log; random?: () => number }

/**
 * The outbox and its dispatcher, in the school's own database. A delivery is a row that is removed when its listener has
 * finished, so what a crash interrupts is delivered again.
 */
export const events = ({ database, clock, log, random = Math.random }: Options): Events & Outbox => {
  let audience: readonly Listener[] = []
  let isRunning = false
  let timer: NodeJS.Timeout | undefined
  const underWay = new Map<string, Promise<void>>()

  const insertEvent = database.prepare('INSERT OR IGNORE INTO outbox (id, name, at, payload) VALUES (?, ?, ?, ?)')
  const insertDelivery = database.prepare('INSERT OR IGNORE INTO deliveries (event, listener, due) VALUES (?, ?, ?)')
  const dueNow = database.prepare(
    'SELECT d.event, d.listener, d.attempts, d.reason, o.name, o.at, o.payload FROM deliveries d JOIN outbox o ON o.id = d.event WHERE d.is_dead = 0 AND d.due <= ? ORDER BY d.due, o.id LIMIT 64',
  )
  const nextDue = database.prepare('SELECT min(due) AS due FROM deliveries WHERE is_dead = 0')
  const finished = database.prepare('DELETE FROM deliveries WHERE event = ? AND listener = ?')
  const postponed = database.prepare('UPDATE deliveries SET attempts = ?, due = ?, is_dead = ?, reason = ? WHERE event = ? AND listener = ?')
  const dead = database.prepare(
    'SELECT d.event, d.listener, d.attempts, d.reason, o.name, o.at, o.payload FROM deliveries d JOIN outbox o ON o.id = d.event WHERE d.is_dead = 1 ORDER BY o.at, o.id LIMIT 100',
  )
  const revived = database.prepare("UPDATE deliveries SET is_dead = 0, attempts = 0, due = ?, reason = '' WHERE event = ? AND listener = ? AND is_dead = 1")

  const told = (row: Delivery): Event => ({ id: row.event, name: row.name, at: row.at, payload: JSON.parse(row.payload) })

  const attempt = async (row: Delivery): Promise<void> => {
    const listener = audience.find(({ name }) => name === row.listener)
    try {
      if (!listener) throw new Error(`No listener is called ${row.listener}.`)
      await listener.hear(told(row))
      finished.run(row.event, row.listener)
    } catch (error) {
      const attempts = row.attempts + 1
      const isDead = attempts >= MOST_ATTEMPTS
      const reason = error instanceof Error ? error.message : String(error)
      postponed.run(attempts, Math.ceil(clock.now().getTime() + wait(attempts, random)), isDead ? 1 : 0, reason.slice(0, 2000), row.event, row.listener)
      log.error(isDead ? 'delivery given up' : 'delivery failed', error, { event: row.event, name: row.name, listener: row.listener, attempts })
    }
  }

  /** Starts what is due and not under way; answers when all it started has ended. */
  const deliver = async (): Promise<number> => {
    // A row of the join has the columns it selects.
    const due = (dueNow.all(clock.now().getTime()) as Delivery[]).filter((row) => !underWay.has(`${row.event} ${row.listener}`))
    const batch = due.slice(0, Math.max(0, CONCURRENT - underWay.size))
    const runs = batch.map((row) => {
      const id = `${row.event} ${row.listener}`
      const run = attempt(row).finally(() => {
        underWay.delete(id)
        if (isRunning) wake()
      })
      underWay.set(id, run)
      return run
    })
    await Promise.all(runs)
    return batch.length
  }

  const wake = (): void => {
    if (!isRunning) return
    clearTimeout(timer)
    const { due } = nextDue.get() as { due: number | null }
    if (due === null) return
    // An overdue row that is under way must not make the timer spin.
    const delay = underWay.size >= CONCURRENT ? 1000 : Math.min(60_000, Math.max(underWay.size > 0 ? 20 : 0, due - clock.now().getTime()))
    timer = setTimeout(() => void deliver(), delay)
  }

  return {
    append(happened) {
      const now = clock.now().getTime()
      for (const { id, name, at, payload } of happened) {
        const isNew = insertEvent.run(id, name, at, JSON.stringify(payload)).changes > 0
        if (isNew) for (const listener of audience) if (listener.hears.includes(name)) insertDelivery.run(id, listener.name, now)
      }
    },
    wake,
    listen(listeners) {
      audience = [...listeners]
    },
    start() {
      isRunning = true
      wake()
    },
    async drain() {
      let tried = 0
      for (let some = await deliver(); some > 0 || underWay.size > 0; some = await deliver()) {
        tried += some
        await Promise.all(underWay.values())
      }
      return tried
    },
    async stop() {
      isRunning = false
      clearTimeout(timer)
      await Promise.allSettled(underWay.values())
    },
    async deadLetters() {
      return (dead.all() as Delivery[]).map(
        (row): DeadLetter => ({ event: told(row), listener: row.listener, attempts: row.attempts, reason: row.reason, since: row.at }),
      )
    },
    async replay(eventId, listener) {
      const { changes } = transaction(database, () => revived.run(clock.now().getTime(), eventId, listener))
      wake()
      return changes > 0 ? 'done' : 'absent'
    },
  }
}
