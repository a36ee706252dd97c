import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '#ports/clock.ts'
import type { Events, Listener } from '#ports/events.ts'
import type { Log } from '#ports/log.ts'
import type { Event } from '#ports/tables.ts'
import { AT_ONCE, backoffMs, givenUp, MOST_ATTEMPTS, reasonOf } from '../retries.ts'
import { lightly, patiently, transaction } from './database.ts'
import { type Delivery, type OutboxRows, outboxRows, type Postponed, told } from './outbox.ts'

export const OUTBOX_SCHEMA = `
CREATE TABLE IF NOT EXISTS outbox (id TEXT PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL, payload TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
  event TEXT NOT NULL REFERENCES outbox(id), listener TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL, is_dead INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', PRIMARY KEY (event, listener)) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (is_dead, due);
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (is_dead, listener, due);
CREATE INDEX IF NOT EXISTS outbox_at ON outbox (at);
`

/** What `tables` needs of the outbox: to write into it, inside its own transaction. */
export type Outbox = { append(events: readonly Event[]): void; wake(): void }

/** The clock may be set: no timer waits longer than this before it looks again. */
const LONGEST_TIMER_MS = 60_000
const PRUNE_EVERY = 1000

/** How long a delivery that could not be written down is left alone: a full disk must not make listeners run in a circle. */
const UNRECORDED_PAUSE_MS = 1000

type Options = { database: DatabaseSync; clock: Clock; log: Log; random?: () => number }
type Attempt = (row: Delivery) => Promise<void>

/** For another program to let go of the database; a delivery that then is not written down is made again. */
const PATIENCE_MS = 5000

type Attempting = {
  clock: Clock
  log: Log
  random: () => number
  listenerOf(name: string): Listener | undefined
  postpone(row: Delivery, after: Postponed): void
  finish(row: Delivery): void
}

/** Tells one listener once, and writes down how that went. */
const attempting = ({ clock, log, random, listenerOf, postpone, finish }: Attempting): Attempt => {
  return async (row) => {
    try {
      const listener = listenerOf(row.listener)
      if (!listener) throw new Error(`No listener is called ${row.listener}.`)
      await listener.hear(told(row))
    } catch (error) {
      const attempts = row.attempts + 1
      const isDead = attempts >= MOST_ATTEMPTS
      const reason = reasonOf(error)
      await patiently(PATIENCE_MS, () => postpone(row, { attempts, due: Math.ceil(clock.now().getTime() + backoffMs(attempts, random)), isDead, reason }))
      log.error(isDead ? 'delivery given up' : 'delivery failed', error, { event: row.event, name: row.name, listener: row.listener, attempts })
      return
    }
    await patiently(PATIENCE_MS, () => finish(row))
  }
}

type Deliveries = {
  /** Starts all that is due and finds room; answers how many. */
  begin(): number
  running(): Promise<void>[]
}

type Delivering = { rows: OutboxRows; clock: Clock; log: Log; attempt: Attempt; atOnceOf(listener: string): number; ended(): void }

/** Who is being told what at this moment: of each listener a few at a time, and no delivery twice at once. */
const deliveries = ({ rows, clock, log, attempt, atOnceOf, ended }: Delivering): Deliveries => {
  /** By listener, then by event. */
  const underWay = new Map<string, Map<string, Promise<void>>>()
  const run = (row: Delivery): void => {
    const runs = underWay.get(row.listener) ?? new Map<string, Promise<void>>()
    underWay.set(row.listener, runs)
    const over = attempt(row)
      .catch(async (error: unknown) => {
        log.error('delivery not recorded', error, { event: row.event, listener: row.listener })
        await pause(UNRECORDED_PAUSE_MS)
      })
      .finally(() => {
        runs.delete(row.event)
        ended()
      })
    runs.set(row.event, over)
  }
  return {
    running: () => [...underWay.values()].flatMap((runs) => [...runs.values()]),
    begin() {
      const now = clock.now().getTime()
      let begun = 0
      for (const listener of rows.waiting()) {
        const active = underWay.get(listener)
        const room = atOnceOf(listener) - (active?.size ?? 0)
        if (room <= 0) continue
        const fresh = rows.dueFor(listener, now, atOnceOf(listener)).filter(({ event }) => !active?.has(event))
        const chosen = fresh.slice(0, room)
        for (const row of chosen) run(row)
        begun += chosen.length
      }
      return begun
    },
  }
}

/** Looks for what is due when it is due, or at once when woken; several calls are one look. */
const watch = ({ rows, clock, log, begin }: { rows: OutboxRows; clock: Clock; log: Log; begin(): unknown }): { wake(): void; start(): void; stop(): void } => {
  let isRunning = false
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    timer = undefined
    try {
      begin()
      const now = clock.now().getTime()
      timer ??= setTimeout(look, Math.min(LONGEST_TIMER_MS, (rows.nextDue(now) ?? Number.POSITIVE_INFINITY) - now))
    } catch (error) {
      log.error('outbox not read', error)
      timer ??= setTimeout(look, UNRECORDED_PAUSE_MS)
    }
  }
  const wake = (): void => {
    if (!isRunning) return
    clearTimeout(timer)
    timer = setTimeout(look, 0)
  }
  return {
    wake,
    start() {
      isRunning = true
      wake()
    },
    stop() {
      isRunning = false
      clearTimeout(timer)
    },
  }
}

/**
 * The outbox and its dispatcher, in the school's own database. A delivery is a row that is removed when its listener has
 * finished, so what a crash interrupts is delivered again.
 */
export const events = ({ database, clock, log, random = Math.random }: Options): Events & Outbox => {
  let audience: readonly Listener[] = []
  let appended = 0
  const rows = outboxRows(database)
  const append = (happened: readonly Event[]): void => {
    const now = clock.now().getTime()
    for (const event of happened) {
      if (!rows.remember(event)) continue
      for (const listener of audience) if (listener.hears.includes(event.name)) rows.owe(event.id, listener.name, now)
      appended += 1
      if (appended % PRUNE_EVERY === 0) rows.prune(now)
    }
  }
  const postpone = (row: Delivery, after: Postponed): void =>
    transaction(database, () => {
      rows.postpone(row, after)
      if (after.isDead) append(givenUp({ ...row, reason: after.reason }, clock.now().getTime()))
    })
  const listenerOf = (name: string): Listener | undefined => audience.find((listener) => listener.name === name)
  // Lost in a power cut, it is told once more, as every listener must bear.
  const finish = (row: Delivery): void => lightly(database, () => rows.finish(row))
  const attempt = attempting({ clock, log, random, listenerOf, postpone, finish })
  const atOnceOf = (name: string): number => listenerOf(name)?.atOnce ?? AT_ONCE
  const { begin, running } = deliveries({ rows, clock, log, attempt, atOnceOf, ended: () => watcher.wake() })
  const watcher = watch({ rows, clock, log, begin })

  return {
    append,
    wake: watcher.wake,
    listen(listeners) {
      audience = [...listeners]
    },
    start() {
      patiently(PATIENCE_MS, () => rows.prune(clock.now().getTime())).catch((error: unknown) => log.error('outbox not pruned', error))
      watcher.start()
    },
    async drain() {
      let tried = 0
      for (;;) {
        tried += begin()
        const runs = running()
        if (runs.length === 0) return tried
        await Promise.race(runs)
      }
    },
    async stop() {
      watcher.stop()
      await Promise.all(running())
    },
    deadLetters: async () => rows.dead(),
    async replay(eventId, listener) {
      const isThere = await patiently(PATIENCE_MS, () => rows.revive(eventId, listener, clock.now().getTime()))
      watcher.wake()
      return isThere ? 'done' : 'absent'
    },
  }
}
