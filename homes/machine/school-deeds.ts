import type { DatabaseSync } from 'node:sqlite'
import type { Expectation, Key } from '#ports/tables.ts'
import { gathered } from './database.ts'
import { addColumn, type Migrations } from './migrate.ts'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS items (pk TEXT NOT NULL, sk TEXT NOT NULL, body TEXT NOT NULL, version INTEGER NOT NULL, ipk TEXT, isk TEXT, PRIMARY KEY (pk, sk)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS items_index ON items (ipk, isk, pk, sk) WHERE ipk IS NOT NULL;
CREATE TABLE IF NOT EXISTS outbox (id TEXT PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL, payload TEXT NOT NULL, request TEXT) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
  event TEXT NOT NULL REFERENCES outbox(id), listener TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL, is_dead INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', PRIMARY KEY (event, listener)) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (is_dead, due);
DROP INDEX IF EXISTS deliveries_waiting;
CREATE INDEX IF NOT EXISTS deliveries_next ON deliveries (is_dead, listener, due, event);
CREATE INDEX IF NOT EXISTS outbox_at ON outbox (at);
CREATE TABLE IF NOT EXISTS alerts (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS alerts_at ON alerts (at);
`

export const SCHOOL_MIGRATIONS: Migrations = [
  {
    says: 'items, events and deliveries as of 0.1, and the number that tells so',
    apply(database) {
      database.exec(SCHEMA)
      addColumn(database, 'outbox', 'request')
    },
  },
]

/** A change of an item; `body` is its JSON, and a key that is only held to what is expected has no `write`. */
export type ItemChange = { key: Key; expect: Expectation | undefined; write?: 'remove' | { body: string; index: { ipk: string; isk: string } | undefined } }
/** An event with its payload's JSON, and whom it is owed to, due at once. */
export type Telling = { id: string; name: string; at: string; payload: string; request: string | undefined; listeners: string[]; due: number }
export type DeliveryKey = { event: string; listener: string }
/** What an event says from now on, and why some of its deliveries failed. */
export type Rewritten = { event: string; payload: string; failures: { listener: string; reason: string }[] }
export type Postponed = { attempts: number; due: number; isDead: boolean; reason: string }

const holds = (expected: Expectation | undefined, version: number | undefined): boolean => {
  if (expected === undefined) return true
  if (expected === 'absent') return version === undefined
  if (expected === 'present') return version !== undefined
  return version === expected.version
}

const itemDeeds = (database: DatabaseSync) => {
  const versionOf = database.prepare('SELECT version FROM items WHERE pk = ? AND sk = ?')
  const put = database.prepare(
    'INSERT INTO items (pk, sk, body, version, ipk, isk) VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT (pk, sk) DO UPDATE SET body = excluded.body, version = version + 1, ipk = excluded.ipk, isk = excluded.isk',
  )
  const removed = database.prepare('DELETE FROM items WHERE pk = ? AND sk = ?')
  // A row has the column its statement selects.
  const find = ({ pk, sk }: Key): number | undefined => (versionOf.get(pk, sk) as { version: number } | undefined)?.version
  return {
    holdsNow: ({ key, expect }: ItemChange): boolean => expect === undefined || holds(expect, find(key)),
    change({ key: { pk, sk }, write }: ItemChange): void {
      if (write === 'remove') removed.run(pk, sk)
      else if (write) put.run(pk, sk, write.body, write.index?.ipk ?? null, write.index?.isk ?? null)
    },
  }
}

const tellingOf = (database: DatabaseSync): ((tellings: readonly Telling[]) => void) => {
  const remember = database.prepare('INSERT OR IGNORE INTO outbox (id, name, at, payload, request) VALUES (?, ?, ?, ?, ?)')
  const owe = database.prepare('INSERT OR IGNORE INTO deliveries (event, listener, due) VALUES (?, ?, ?)')
  return (tellings) => {
    for (const { id, name, at, payload, request, listeners, due } of tellings) {
      if (remember.run(id, name, at, payload, request ?? null).changes === 0) continue
      for (const listener of listeners) owe.run(id, listener, due)
    }
  }
}

/**
 * All that is ever written into the school's own database. What a deed is given and answers is plain data, for it comes from
 * another thread; each is called inside a transaction, which it may share with others.
 */
export const schoolDeeds = (database: DatabaseSync) => {
  const items = itemDeeds(database)
  const tell = tellingOf(database)
  const finished = database.prepare('DELETE FROM deliveries WHERE event = ? AND listener = ?')
  const postponed = database.prepare('UPDATE deliveries SET attempts = ?, due = ?, is_dead = ?, reason = ? WHERE event = ? AND listener = ?')
  const revived = database.prepare("UPDATE deliveries SET is_dead = 0, attempts = 0, due = ?, reason = '' WHERE event = ? AND listener = ? AND is_dead = 1")
  const discarded = database.prepare('DELETE FROM deliveries WHERE event = ? AND listener = ? AND is_dead = 1')
  const rewritten = database.prepare('UPDATE outbox SET payload = ? WHERE id = ?')
  const explained = database.prepare('UPDATE deliveries SET reason = ? WHERE event = ? AND listener = ?')
  const forgotten = database.prepare('DELETE FROM outbox WHERE at < ? AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event = outbox.id)')
  const unmarked = database.prepare('DELETE FROM alerts WHERE at <= ?')
  const marked = database.prepare('INSERT OR REPLACE INTO alerts (id, at) VALUES (?, ?)')
  return {
    /** All of the changes and the events, or nothing when one of the changes is not as expected. */
    commit({ changes, tellings }: { changes: readonly ItemChange[]; tellings: readonly Telling[] }): 'done' | 'conflict' {
      if (!changes.every(items.holdsNow)) return 'conflict'
      for (const change of changes) items.change(change)
      tell(tellings)
      return 'done'
    },
    finish: ({ event, listener }: DeliveryKey): void => void finished.run(event, listener),
    postpone({ event, listener, attempts, due, isDead, reason, tellings }: DeliveryKey & Postponed & { tellings: readonly Telling[] }): void {
      postponed.run(attempts, due, isDead ? 1 : 0, reason, event, listener)
      tell(tellings)
    },
    /** False when there is no such dead delivery. */
    revive: ({ event, listener, due }: DeliveryKey & { due: number }): boolean => revived.run(due, event, listener).changes > 0,
    /** False when there is no such dead delivery. */
    discard: ({ event, listener }: DeliveryKey): boolean => discarded.run(event, listener).changes > 0,
    rewrite({ event, payload, failures }: Rewritten): void {
      rewritten.run(payload, event)
      for (const { listener, reason } of failures) explained.run(reason, event, listener)
    },
    /** Forgets events of before that which everyone has heard. */
    forget: ({ before }: { before: string }): void => void forgotten.run(before),
    /** That an alert has been told; marks up to `forgetUntil` go. */
    markAlert({ id, at, forgetUntil }: { id: string; at: number; forgetUntil: number }): void {
      unmarked.run(forgetUntil)
      marked.run(id, at)
    },
  }
}

export type Deeds = ReturnType<typeof schoolDeeds>
export type Deed = keyof Deeds
/** Writes, and answers when what was written is on the disk. */
export type Write = <D extends Deed>(deed: D, given: Parameters<Deeds[D]>[0]) => Promise<ReturnType<Deeds[D]>>

/** Lost in a power cut, a delivery is made once more, as every listener must bear. */
const LIGHT: ReadonlySet<Deed> = new Set<Deed>(['finish'])

/** Over a connection that writes. A lock of another program's is waited for as long as `patienceMs`, while others go on. */
export const writing = (database: DatabaseSync, patienceMs: number): Write => {
  database.exec('PRAGMA busy_timeout = 0')
  const deeds = schoolDeeds(database)
  const inTurn = gathered(database, patienceMs)
  return <D extends Deed>(deed: D, given: Parameters<Deeds[D]>[0]) => {
    // That what is given is the deed's own follows from the signature, which TypeScript does not carry into the table.
    const work = deeds[deed] as (given: Parameters<Deeds[D]>[0]) => ReturnType<Deeds[D]>
    return inTurn(() => work(given), LIGHT.has(deed) ? 'light' : 'durable')
  }
}
