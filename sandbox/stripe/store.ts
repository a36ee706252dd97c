import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, created INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, type TEXT NOT NULL, created INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL REFERENCES events(id), state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL, status INTEGER, answer TEXT NOT NULL DEFAULT '', at INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE TABLE IF NOT EXISTS refunds (id TEXT PRIMARY KEY, payment TEXT NOT NULL, created INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS refunds_payment ON refunds (payment);
CREATE TABLE IF NOT EXISTS replays (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS faults (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL) STRICT;
`

/** The part of Stripe's Checkout Session that a one-off payment by card has. */
export type Session = {
  id: string
  object: 'checkout.session'
  amount_subtotal: number
  amount_total: number
  cancel_url: string | null
  client_reference_id: string | null
  created: number
  currency: string
  customer_details: { email: string | null; name: string | null } | null
  customer_email: string | null
  expires_at: number
  livemode: boolean
  metadata: Record<string, string>
  mode: 'payment'
  payment_intent: string | null
  payment_method_types: string[]
  payment_status: 'paid' | 'unpaid'
  status: 'open' | 'complete' | 'expired'
  success_url: string
  url: string | null
  line_items: { name: string; quantity: number; unit_amount: number }[]
  payment_intent_metadata: Record<string, string>
}

/** The part of Stripe's Refund that one to a card has. */
export type Refund = {
  id: string
  object: 'refund'
  amount: number
  charge: string
  created: number
  currency: string
  metadata: Record<string, string>
  payment_intent: string
  reason: string | null
  status: 'succeeded'
}

export type StripeEvent = {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: Record<string, unknown> }
  livemode: boolean
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: string
}

export type Delivery = {
  id: number
  event: string
  type: string
  state: 'waiting' | 'delivered' | 'dropped' | 'failed'
  attempts: number
  due: number
  status: number | null
  answer: string
  at: number | null
}

/** `lost`: the work is done, and the connection cut before the answer. */
export const API_FAULTS = ['none', 'down', 'slow', '500', 'lost'] as const
export const WEBHOOK_FAULTS = ['none', 'duplicate', 'reorder', 'drop', 'delay'] as const
export type Faults = {
  api: (typeof API_FAULTS)[number]
  webhooks: (typeof WEBHOOK_FAULTS)[number]
  /** How often `duplicate` sends each event. */
  times: number
  /** How long `slow` and `delay` wait. */
  seconds: number
}
const NO_FAULTS: Faults = { api: 'none', webhooks: 'none', times: 3, seconds: 30 }

export type Replay = { fingerprint: string; status: number; body: string }

const bodyOf = <T>(row: unknown): T | undefined => {
  if (row === undefined) return undefined
  // Rows of these tables are only ever written below, from the types they are read as.
  return JSON.parse((row as { body: string }).body) as T
}

const prepared = (database: DatabaseSync) => ({
  session: database.prepare('SELECT body FROM sessions WHERE id = ?'),
  sessions: database.prepare('SELECT body FROM sessions ORDER BY created DESC, rowid DESC LIMIT ?'),
  putSession: database.prepare('INSERT INTO sessions (id, created, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body'),
  sessionOf: database.prepare("SELECT body FROM sessions WHERE json_extract(body, '$.payment_intent') = ?"),
  refund: database.prepare('SELECT body FROM refunds WHERE id = ?'),
  refunds: database.prepare('SELECT body FROM refunds WHERE (?1 IS NULL OR payment = ?1) ORDER BY created DESC, rowid DESC'),
  putRefund: database.prepare('INSERT INTO refunds (id, payment, created, body) VALUES (?, ?, ?, ?)'),
  event: database.prepare('SELECT body FROM events WHERE id = ?'),
  events: database.prepare('SELECT body FROM events ORDER BY created DESC, rowid DESC LIMIT ?'),
  putEvent: database.prepare('INSERT INTO events (id, type, created, body) VALUES (?, ?, ?, ?)'),
  delivery: database.prepare('INSERT INTO deliveries (event, state, due) VALUES (?, ?, ?)'),
  deliveries: database.prepare('SELECT d.*, e.type FROM deliveries d JOIN events e ON e.id = d.event ORDER BY d.id DESC LIMIT ?'),
  due: database.prepare("SELECT d.*, e.type FROM deliveries d JOIN events e ON e.id = d.event WHERE d.state = 'waiting' AND d.due <= ? ORDER BY d.due, d.id"),
  nextDue: database.prepare("SELECT min(due) AS due FROM deliveries WHERE state = 'waiting' AND due > ?"),
  answered: database.prepare('UPDATE deliveries SET state = ?, attempts = attempts + 1, due = ?, status = ?, answer = ?, at = ? WHERE id = ?'),
  replay: database.prepare('SELECT fingerprint, status, body FROM replays WHERE key = ?'),
  putReplay: database.prepare('INSERT INTO replays (key, fingerprint, status, body) VALUES (?, ?, ?, ?)'),
  faults: database.prepare('SELECT body FROM faults'),
  putFaults: database.prepare('INSERT INTO faults (one, body) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET body = excluded.body'),
})

/** What the stand-in remembers, in its own SQLite file. */
export const openStore = (folder: string) => {
  mkdirSync(folder, { recursive: true })
  const database = new DatabaseSync(join(folder, 'stripe.sqlite'), { timeout: 10_000 })
  database.exec('PRAGMA journal_mode = WAL')
  database.exec(SCHEMA)
  const statement = prepared(database)

  return {
    session: (id: string) => bodyOf<Session>(statement.session.get(id)),
    sessions: (limit: number) => statement.sessions.all(limit).flatMap((row) => bodyOf<Session>(row) ?? []),
    putSession: (session: Session) => void statement.putSession.run(session.id, session.created, JSON.stringify(session)),
    sessionOf: (payment: string) => bodyOf<Session>(statement.sessionOf.get(payment)),
    refund: (id: string) => bodyOf<Refund>(statement.refund.get(id)),
    /** Newest first; of one payment, or all. */
    refunds: (payment: string | null) => statement.refunds.all(payment).flatMap((row) => bodyOf<Refund>(row) ?? []),
    putRefund: (refund: Refund) => void statement.putRefund.run(refund.id, refund.payment_intent, refund.created, JSON.stringify(refund)),
    event: (id: string) => bodyOf<StripeEvent>(statement.event.get(id)),
    events: (limit: number) => statement.events.all(limit).flatMap((row) => bodyOf<StripeEvent>(row) ?? []),
    putEvent: (event: StripeEvent) => void statement.putEvent.run(event.id, event.type, event.created, JSON.stringify(event)),
    addDelivery: (event: string, state: Delivery['state'], due: number) => void statement.delivery.run(event, state, due),
    // The columns selected are the type's.
    deliveries: (limit: number) => statement.deliveries.all(limit) as Delivery[],
    dueDeliveries: (now: number) => statement.due.all(now) as Delivery[],
    nextDue: (now: number) => (statement.nextDue.get(now) as { due: number | null }).due,
    answered: (id: number, { state, due, status, answer, at }: Pick<Delivery, 'state' | 'due' | 'status' | 'answer' | 'at'>) =>
      void statement.answered.run(state, due, status, answer, at, id),
    replay: (key: string) => statement.replay.get(key) as Replay | undefined,
    putReplay: (key: string, { fingerprint, status, body }: Replay) => void statement.putReplay.run(key, fingerprint, status, body),
    faults: (): Faults => bodyOf<Faults>(statement.faults.get()) ?? NO_FAULTS,
    putFaults: (faults: Faults) => void statement.putFaults.run(JSON.stringify(faults)),
    together<T>(work: () => T): T {
      database.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        database.exec('COMMIT')
        return result
      } catch (cause) {
        database.exec('ROLLBACK')
        throw cause
      }
    },
    close: () => database.close(),
  }
}
export type Store = ReturnType<typeof openStore>
