import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'

/** How long another program may hold a file before we give up on it. SQLite waits that long itself, and all of us with it. */
const LOCKED_MS = 10_000

/**
 * Opens (or makes) a SQLite file that survives a power cut: what a commit acknowledged is on the disk.
 * `:memory:` serves tests. `schema` must be idempotent (`CREATE TABLE IF NOT EXISTS …`).
 */
export const openDatabase = (path: string, schema: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: LOCKED_MS })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  database.exec(schema)
  return database
}

/** Runs `work` in one immediate transaction; an exception rolls all of it back. */
export const transaction = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (cause) {
    // A full disk rolls back by itself; a second rollback would hide what went wrong.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw cause
  }
}

/** SQLITE_BUSY, in the low byte of whatever extends it (sqlite.org/rescode.html). */
const isLocked = (error: unknown): boolean => error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5

const LOOK_AGAIN_MS = 25

/**
 * Does what writes to a database that may be locked for a while by another program: a backup, an operator's tool. SQLite's own
 * waiting would stand still with everybody in the school; this tries, lets others go on, and tries again until it is over
 * `patienceMs`.
 */
export const patiently = async <T>(patienceMs: number, work: () => T): Promise<T> => {
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isLocked(error) || performance.now() >= until) throw error
      await pause(LOOK_AGAIN_MS)
    }
  }
}
