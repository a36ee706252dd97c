import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { togetherIn } from '../database.ts'
import { type Faults, NO_FAULTS } from './faults.ts'

export type Person = { login: string; id: number; type: 'User' | 'Bot'; association: 'OWNER' | 'CONTRIBUTOR' }

export type Pull = {
  number: number
  title: string
  body: string
  /** Names of branches, without `refs/heads/`. */
  branch: string
  base: string
  /** The newest commit of its branch, and what the base was at when it was opened. */
  head: string
  start: string
  state: 'open' | 'closed'
  createdAt: number
  updatedAt: number
  closedAt: number | null
  mergedAt: number | null
  mergeCommit: string | null
  by: Person
  mergedBy: Person | null
}

/** `on`: `pull/7`, or `commit/` and its hash. */
export type Comment = { id: number; on: string; body: string; by: Person; createdAt: number; updatedAt: number }
export type StatusState = 'error' | 'failure' | 'pending' | 'success'
export type Status = {
  id: number
  sha: string
  context: string
  state: StatusState
  description: string | null
  url: string | null
  by: Person
  createdAt: number
}

export type Delivery = {
  id: number
  guid: string
  event: string
  action: string | null
  body: string
  state: 'waiting' | 'delivered' | 'failed' | 'kept'
  due: number
  at: number | null
  status: number | null
  answer: string | null
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS pulls (number INTEGER PRIMARY KEY, branch TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS comments (id INTEGER PRIMARY KEY AUTOINCREMENT, place TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS comments_place ON comments (place, id);
CREATE TABLE IF NOT EXISTS statuses (id INTEGER PRIMARY KEY AUTOINCREMENT, sha TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS statuses_sha ON statuses (sha, id);
CREATE TABLE IF NOT EXISTS deliveries (id INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL, event TEXT NOT NULL, action TEXT, body TEXT NOT NULL,
  state TEXT NOT NULL, due INTEGER NOT NULL, at INTEGER, status INTEGER, answer TEXT);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (state, due);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
`
/** The newest so many webhooks are kept to be looked at. */
const MOST_DELIVERIES = 2000

// Rows were written here, by the type they are read as.
const bodyOf = <T>(row: unknown): T | undefined => (row === undefined ? undefined : (JSON.parse((row as { body: string }).body) as T))
const bodies = <T>(rows: unknown[]): T[] => rows.flatMap((row) => bodyOf<T>(row) ?? [])

const pulls = (database: DatabaseSync) => {
  const statement = {
    get: database.prepare('SELECT body FROM pulls WHERE number = ?'),
    all: database.prepare('SELECT body FROM pulls ORDER BY number DESC'),
    last: database.prepare('SELECT coalesce(max(number), 0) AS number FROM pulls'),
    open: database.prepare("SELECT body FROM pulls WHERE state = 'open' ORDER BY number"),
    put: database.prepare(
      'INSERT INTO pulls (number, branch, state, body) VALUES (?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET state = excluded.state, body = excluded.body',
    ),
  }
  return {
    pull: (number: number) => bodyOf<Pull>(statement.get.get(number)),
    /** Newest first. */
    pulls: () => bodies<Pull>(statement.all.all()),
    openPulls: () => bodies<Pull>(statement.open.all()),
    nextNumber: () => Number(statement.last.get()?.['number']) + 1,
    putPull(pull: Pull): Pull {
      statement.put.run(pull.number, pull.branch, pull.state, JSON.stringify(pull))
      return pull
    },
  }
}

const remarks = (database: DatabaseSync) => {
  const statement = {
    comment: database.prepare('SELECT body FROM comments WHERE id = ?'),
    comments: database.prepare('SELECT body FROM comments WHERE place = ? ORDER BY id'),
    addComment: database.prepare("INSERT INTO comments (place, body) VALUES (?, '{}')"),
    putComment: database.prepare('UPDATE comments SET body = ? WHERE id = ?'),
    statuses: database.prepare('SELECT body FROM statuses WHERE sha = ? ORDER BY id DESC'),
    addStatus: database.prepare("INSERT INTO statuses (sha, body) VALUES (?, '{}')"),
    putStatus: database.prepare('UPDATE statuses SET body = ? WHERE id = ?'),
  }
  const putComment = (comment: Comment): Comment => {
    statement.putComment.run(JSON.stringify(comment), comment.id)
    return comment
  }
  return {
    comment: (id: number) => bodyOf<Comment>(statement.comment.get(id)),
    comments: (on: string) => bodies<Comment>(statement.comments.all(on)),
    addComment: (made: Omit<Comment, 'id'>) => putComment({ ...made, id: Number(statement.addComment.run(made.on).lastInsertRowid) }),
    putComment,
    /** Newest first. */
    statuses: (sha: string) => bodies<Status>(statement.statuses.all(sha)),
    addStatus(made: Omit<Status, 'id'>): Status {
      const status = { ...made, id: Number(statement.addStatus.run(made.sha).lastInsertRowid) }
      statement.putStatus.run(JSON.stringify(status), status.id)
      return status
    },
  }
}

const outbox = (database: DatabaseSync) => {
  const statement = {
    add: database.prepare('INSERT INTO deliveries (guid, event, action, body, state, due) VALUES (?, ?, ?, ?, ?, ?)'),
    due: database.prepare("SELECT * FROM deliveries WHERE state = 'waiting' AND due <= ? ORDER BY due, id"),
    next: database.prepare("SELECT min(due) AS due FROM deliveries WHERE state = 'waiting' AND due > ?"),
    newest: database.prepare('SELECT * FROM deliveries ORDER BY id DESC LIMIT ?'),
    one: database.prepare('SELECT * FROM deliveries WHERE id = ?'),
    answered: database.prepare('UPDATE deliveries SET state = ?, at = ?, status = ?, answer = ? WHERE id = ?'),
    forget: database.prepare("DELETE FROM deliveries WHERE state <> 'waiting' AND id <= (SELECT max(id) FROM deliveries) - ?"),
  }
  return {
    addDelivery({ guid, event, action, body, state, due }: Pick<Delivery, 'guid' | 'event' | 'action' | 'body' | 'state' | 'due'>): void {
      statement.add.run(guid, event, action, body, state, due)
      statement.forget.run(MOST_DELIVERIES)
    },
    // The columns are the type's.
    dueDeliveries: (now: number) => statement.due.all(now) as Delivery[],
    nextDue: (now: number) => (statement.next.get(now) as { due: number | null }).due,
    deliveries: (limit: number) => statement.newest.all(limit) as Delivery[],
    delivery: (id: number) => statement.one.get(id) as Delivery | undefined,
    answered: (id: number, { state, at, status, answer }: Pick<Delivery, 'state' | 'at' | 'status' | 'answer'>) =>
      void statement.answered.run(state, at, status, answer, id),
  }
}

/** What the stand-in remembers besides the repository, in its own SQLite file. */
export const openStore = (folder: string) => {
  mkdirSync(folder, { recursive: true })
  const database = new DatabaseSync(join(folder, 'github.sqlite'), { timeout: 10_000 })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  database.exec(SCHEMA)
  const get = database.prepare('SELECT body FROM settings WHERE name = ?')
  const put = database.prepare('INSERT INTO settings (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body')
  const setting = <T>(name: string): T | undefined => bodyOf<T>(get.get(name))
  const putSetting = (name: string, value: unknown): void => void put.run(name, JSON.stringify(value))
  return {
    ...pulls(database),
    ...remarks(database),
    ...outbox(database),
    faults: (): Faults => ({ ...NO_FAULTS, ...setting<Partial<Faults>>('faults') }),
    putFaults: (faults: Faults) => putSetting('faults', faults),
    tally(name: string): number {
      const count = (setting<number>(`tally ${name}`) ?? 0) + 1
      putSetting(`tally ${name}`, count)
      return count
    },
    /** Where branches were when they were last looked at; undefined before the first time. */
    knownBranches: () => setting<[string, string][]>('branches'),
    putBranches: (branches: [string, string][]) => putSetting('branches', branches),
    token: () => setting<string>('token'),
    putToken: (token: string) => putSetting('token', token),
    together: togetherIn(database),
    close: () => database.close(),
  }
}
export type Store = ReturnType<typeof openStore>
