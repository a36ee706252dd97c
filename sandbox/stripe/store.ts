import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { togetherIn } from '../database.ts'
import { type Faults, NO_FAULTS } from './faults.ts'
import { type Kept, type KeptAs, type Kind, linksOf } from './kinds.ts'
import { FIRST_RULES, type Rules } from './rules.ts'

/** `kept` has everything that is somebody's; `links` finds it by the ids it names; `due` is when it must be worked on by itself. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS kept (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, created INTEGER NOT NULL, due INTEGER, clock TEXT, body TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS kept_kind ON kept (kind, seq);
CREATE INDEX IF NOT EXISTS kept_due ON kept (clock, due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS links (target TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (target, id)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, type TEXT NOT NULL, created INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS events_created ON events (created);
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL REFERENCES events(id), state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL, status INTEGER, answer TEXT NOT NULL DEFAULT '', at INTEGER, endpoint INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE INDEX IF NOT EXISTS deliveries_event ON deliveries (event);
CREATE TABLE IF NOT EXISTS replays (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS tallies (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT;
`

export type StripeEvent = {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> }
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
  endpoint: number
}

export type Replay = { fingerprint: string; status: number; body: string }

const bodyOf = <T>(row: unknown): T | undefined => {
  if (row === undefined) return undefined
  // Rows of these tables are only ever written below, from the types they are read as.
  return JSON.parse((row as { body: string }).body) as T
}
const bodies = <T>(rows: unknown[]): T[] => rows.flatMap((row) => bodyOf<T>(row) ?? [])

const DELIVERY = 'SELECT d.*, e.type FROM deliveries d JOIN events e ON e.id = d.event'

const prepared = (database: DatabaseSync) => ({
  get: database.prepare('SELECT body FROM kept WHERE id = ?'),
  all: database.prepare('SELECT body FROM kept WHERE kind = ? ORDER BY seq DESC LIMIT ?'),
  linked: database.prepare('SELECT k.body FROM links l JOIN kept k ON k.id = l.id WHERE l.target = ? AND k.kind = ? ORDER BY k.seq DESC'),
  put: database.prepare(
    'INSERT INTO kept (id, kind, created, due, clock, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body, due = excluded.due, clock = excluded.clock',
  ),
  link: database.prepare('INSERT OR IGNORE INTO links (target, id) VALUES (?, ?)'),
  remove: database.prepare('DELETE FROM kept WHERE id = ?'),
  firstDue: database.prepare('SELECT body, due FROM kept WHERE clock IS ? AND due <= ? ORDER BY due, seq LIMIT 1'),
  soonest: database.prepare('SELECT min(due) AS due FROM kept WHERE clock IS NULL AND due IS NOT NULL'),
  event: database.prepare('SELECT body FROM events WHERE id = ?'),
  events: database.prepare('SELECT id, type, created FROM events WHERE created BETWEEN ? AND ? ORDER BY rowid DESC'),
  pending: database.prepare("SELECT DISTINCT event FROM (SELECT event FROM deliveries GROUP BY event, endpoint HAVING sum(state = 'delivered') = 0)"),
  putEvent: database.prepare('INSERT INTO events (id, type, created, body) VALUES (?, ?, ?, ?)'),
  delivery: database.prepare('INSERT INTO deliveries (event, state, due, endpoint) VALUES (?, ?, ?, ?)'),
  deliveries: database.prepare(`${DELIVERY} ORDER BY d.id DESC LIMIT ?`),
  undelivered: database.prepare(
    "SELECT count(*) AS count FROM (SELECT endpoint FROM deliveries WHERE event = ? GROUP BY endpoint HAVING sum(state = 'delivered') = 0)",
  ),
  due: database.prepare(`${DELIVERY} WHERE d.state = 'waiting' AND d.due <= ? ORDER BY d.due, d.id`),
  nextDue: database.prepare("SELECT min(due) AS due FROM deliveries WHERE state = 'waiting' AND due > ?"),
  answered: database.prepare('UPDATE deliveries SET state = ?, attempts = attempts + 1, due = ?, status = ?, answer = ?, at = ? WHERE id = ?'),
  replay: database.prepare('SELECT fingerprint, status, body FROM replays WHERE key = ?'),
  putReplay: database.prepare('INSERT INTO replays (key, fingerprint, status, body) VALUES (?, ?, ?, ?)'),
  setting: database.prepare('SELECT body FROM settings WHERE name = ?'),
  putSetting: database.prepare('INSERT INTO settings (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body'),
  tally: database.prepare('INSERT INTO tallies (name, count) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET count = count + 1 RETURNING count'),
  forgetTallies: database.prepare('DELETE FROM tallies'),
})

type Statements = ReturnType<typeof prepared>

const things = (statement: Statements) => ({
  /** By kind and id, so that an id of another kind is not taken for one of this. */
  get<K extends Kind>(kind: K, id: string | null | undefined): KeptAs<K> | undefined {
    const found = id ? bodyOf<Kept>(statement.get.get(id)) : undefined
    // The kind is compared just here.
    return found?.object === kind ? (found as KeptAs<K>) : undefined
  },
  any: (id: string) => bodyOf<Kept>(statement.get.get(id)),
  /** Newest first. */
  all: <K extends Kind>(kind: K, limit = 100_000) => bodies<KeptAs<K>>(statement.all.all(kind, limit)),
  /** Those of a kind that name this id, newest first. */
  linked: <K extends Kind>(kind: K, target: string) => bodies<KeptAs<K>>(statement.linked.all(target, kind)),
  put<T extends Kept>(kept: T): T {
    const { due, clock } = 'own' in kept ? kept.own : { due: null, clock: null }
    statement.put.run(kept.id, kept.object, kept.created, due, clock, JSON.stringify(kept))
    for (const target of linksOf(kept)) statement.link.run(target, kept.id)
    return kept
  },
  remove: (id: string) => void statement.remove.run(id),
  /** What is first to be worked on, of a test clock's or (null) of all that lie on none. */
  firstDue: (clock: string | null, until: number) => bodyOf<Kept>(statement.firstDue.get(clock, until)),
  soonest: () => (statement.soonest.get() as { due: number | null }).due,
})

const settings = (statement: Statements) => ({
  faults: (): Faults => ({ ...NO_FAULTS, ...bodyOf<Partial<Faults>>(statement.setting.get('faults')) }),
  putFaults: (faults: Faults) => void statement.putSetting.run('faults', JSON.stringify(faults)),
  rules: (): Rules => ({ ...FIRST_RULES, ...bodyOf<Partial<Rules>>(statement.setting.get('rules')) }),
  putRules: (rules: Rules) => void statement.putSetting.run('rules', JSON.stringify(rules)),
  /** How far the stand-in's clock has been moved ahead, in seconds. */
  ahead: (): number => bodyOf<{ seconds: number }>(statement.setting.get('ahead'))?.seconds ?? 0,
  putAhead: (seconds: number) => void statement.putSetting.run('ahead', JSON.stringify({ seconds })),
  /** Counts one more of this name, and says the how-manieth it is. */
  tally: (name: string): number => Number((statement.tally.get(name) as { count: number }).count),
  forgetTallies: () => void statement.forgetTallies.run(),
})

const messages = (statement: Statements) => ({
  event: (id: string) => bodyOf<StripeEvent>(statement.event.get(id)),
  /** Newest first; made from one second to another. Their heads only: a list of thousands is cut to a page first. */
  events: (from: number, until: number) => statement.events.all(from, until) as Pick<StripeEvent, 'id' | 'type' | 'created'>[],
  /** Which of all events some endpoint has not taken. */
  pendingEvents: () => new Set(statement.pending.all().map((row) => String(row['event']))),
  putEvent: (event: StripeEvent) => void statement.putEvent.run(event.id, event.type, event.created, JSON.stringify(event)),
  addDelivery: (event: string, { state, due, endpoint }: Pick<Delivery, 'state' | 'due' | 'endpoint'>) =>
    void statement.delivery.run(event, state, due, endpoint),
  // The columns selected are the type's.
  deliveries: (limit: number) => statement.deliveries.all(limit) as Delivery[],
  /** At how many endpoints no delivery of it has been answered 2xx. */
  undelivered: (event: string) => Number((statement.undelivered.get(event) as { count: number }).count),
  dueDeliveries: (now: number) => statement.due.all(now) as Delivery[],
  nextDue: (now: number) => (statement.nextDue.get(now) as { due: number | null }).due,
  answered: (id: number, { state, due, status, answer, at }: Pick<Delivery, 'state' | 'due' | 'status' | 'answer' | 'at'>) =>
    void statement.answered.run(state, due, status, answer, at, id),
  replay: (key: string) => statement.replay.get(key) as Replay | undefined,
  putReplay: (key: string, { fingerprint, status, body }: Replay) => void statement.putReplay.run(key, fingerprint, status, body),
})

/** What the stand-in remembers, in its own SQLite file. */
export const openStore = (folder: string) => {
  mkdirSync(folder, { recursive: true })
  const database = new DatabaseSync(join(folder, 'stripe.sqlite'), { timeout: 10_000 })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  const isOld = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'deliveries'").get() !== undefined
  const hasEndpoint = database.prepare("SELECT 1 FROM pragma_table_info('deliveries') WHERE name = 'endpoint'").get() !== undefined
  if (isOld && !hasEndpoint) database.exec('ALTER TABLE deliveries ADD COLUMN endpoint INTEGER NOT NULL DEFAULT 0')
  database.exec(SCHEMA)
  const statement = prepared(database)

  return {
    ...things(statement),
    ...settings(statement),
    ...messages(statement),
    together: togetherIn(database),
    /** Does the work inside a transaction under way, and undoes it whatever comes of it. */
    rehearse<T>(work: () => T): T {
      database.exec('SAVEPOINT rehearsal')
      try {
        return work()
      } finally {
        database.exec('ROLLBACK TO rehearsal; RELEASE rehearsal')
      }
    },
    close: () => database.close(),
  }
}
export type Store = ReturnType<typeof openStore>
