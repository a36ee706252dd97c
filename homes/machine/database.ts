import { DatabaseSync } from 'node:sqlite'

/**
 * Opens (or makes) a SQLite file that survives a power cut: what a commit acknowledged is on the disk.
 * `:memory:` serves tests. `schema` must be idempotent (`CREATE TABLE IF NOT EXISTS …`).
 */
export const openDatabase = (path: string, schema: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: 10_000 })
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
