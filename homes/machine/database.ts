import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { Unkept } from '#ports/unkept.ts'
import { type Migrations, migrate } from './migrate.ts'

/** How long another program may hold a file before we give up on it. SQLite waits that long itself, and all of us with it. */
const LOCKED_MS = 10_000

/**
 * Opens (or makes) a SQLite file that survives a power cut: what a commit acknowledged is on the disk.
 * `:memory:` serves tests. A file of an earlier version is migrated; without migrations it is taken as it is, for whoever opened it first
 * has migrated it.
 * @throws NewerFolder where a later version has written the file
 */
export const openDatabase = (path: string, migrations: Migrations = []): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: LOCKED_MS })
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    if (migrations.length > 0) migrate(database, path, migrations)
    return database
  } catch (error) {
    database.close()
    throw error
  }
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

/** Runs a piece of work in a transaction, here and now; answers what it has come to, once that is on the disk. */
export type Writing = <T>(work: () => T) => Promise<T>
/** The part of a database that takes what is written (`-wal`), as the system opens it. */
type WriteAheadLog = { datasync(): Promise<void> }

type Synchronous = 'FULL' | 'NORMAL'

/** Does something with another `synchronous` than is usual for the connection. */
const meanwhile = <T>(database: DatabaseSync, level: Synchronous, usual: Synchronous, work: () => T): T => {
  database.exec(`PRAGMA synchronous = ${level}`)
  try {
    return work()
  } finally {
    database.exec(`PRAGMA synchronous = ${usual}`)
  }
}

/**
 * Copies the log into the file and has the disk keep that: after a sync that failed, a page of the log may be missing on the disk though
 * the next sync succeeds (a system tells of it once), and all commits behind it would go with it.
 * @throws Unkept where somebody reads of the log
 */
const checkpoint = (database: DatabaseSync): void => {
  const row = meanwhile(database, 'FULL', 'NORMAL', () => database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get())
  if (row?.['busy'] !== 0) throw new Unkept('busy', new Error('The log could not be copied into its file.'))
}

/** One sync at a time: whoever comes while one runs waits for the next, and shares it with all who have come meanwhile. */
const syncing = (database: DatabaseSync, log: WriteAheadLog): (() => Promise<void>) => {
  let isLogSound = true
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const sync = async (): Promise<void> => {
    try {
      if (isLogSound) await log.datasync()
      else checkpoint(database)
      isLogSound = true
    } catch (error) {
      isLogSound = false
      throw error
    }
  }
  const synced = (): Promise<void> => {
    if (!running) {
      running = sync().finally(() => {
        running = undefined
      })
      return running
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return synced()
      })
    return next
  }
  return synced
}

/**
 * Writes while others are served: a commit goes into the write-ahead log without waiting for the disk (`synchronous = NORMAL`,
 * sqlite.org/wal.html#performance_considerations), which is then asked by a thread of the system's pool to keep it. Readers
 * of this program see a commit before the disk has it; whoever wrote it does not go on before.
 */
export const writingAhead = (database: DatabaseSync, log: WriteAheadLog): Writing => {
  database.exec('PRAGMA synchronous = NORMAL')
  const synced = syncing(database, log)
  return async (work) => {
    const result = transaction(database, work)
    await synced()
    return result
  }
}

/** SQLITE_BUSY, in the low byte of whatever extends it (sqlite.org/rescode.html). */
export const isLocked = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5

const LOOK_AGAIN_MS = 25

/**
 * Does what writes to a database that may be locked for a while by another program: a backup, an operator's tool. SQLite's own
 * waiting would stand still with everybody in the school; this tries, lets others go on, and tries again until it is over
 * `patienceMs`.
 */
const patiently = async <T>(patienceMs: number, work: () => T): Promise<T> => {
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

/** `isLight`: may be lost in a power cut. */
type Piece = { work(): unknown; isLight: boolean; done(result: unknown): void; failed(error: unknown): void }

/** One of several pieces: what breaks in it is undone, and the others stand. */
const apart = (database: DatabaseSync, { work, done, failed }: Piece): (() => void) => {
  database.exec('SAVEPOINT piece')
  try {
    const result = work()
    database.exec('RELEASE piece')
    return () => done(result)
  } catch (error) {
    // A full disk takes the whole transaction with it.
    if (!database.isTransaction) throw error
    database.exec('ROLLBACK TO piece; RELEASE piece')
    return () => failed(error)
  }
}

/**
 * Writes without waiting for the disk: a crash of the program loses nothing, and the next durable commit makes this durable
 * too (sqlite.org/pragma.html#pragma_synchronous, WAL).
 */
const lightly = <T>(database: DatabaseSync, work: () => T): T => meanwhile(database, 'NORMAL', 'FULL', work)

/**
 * Runs what is asked for in one turn of the loop in one transaction, in the order in which it was asked for; while that waits for a
 * lock, what later turns ask for may be written before it. What costs is the disk's word that all of it is written, and it is
 * the same for one as for twenty: a burst waits for one such word, not for twenty in a row. Where every piece is light,
 * the disk is not asked.
 */
export const gathered = (database: DatabaseSync, patienceMs: number): (<T>(work: () => T, weight?: 'light' | 'durable') => Promise<T>) => {
  let waiting: Piece[] = []
  const writeAll = (pieces: readonly Piece[]): (() => void)[] => {
    const together = () => transaction(database, () => pieces.map((piece) => apart(database, piece)))
    return pieces.every(({ isLight }) => isLight) ? lightly(database, together) : together()
  }
  const write = async (): Promise<void> => {
    const pieces = waiting
    waiting = []
    try {
      for (const answer of await patiently(patienceMs, () => writeAll(pieces))) answer()
    } catch (error) {
      for (const { failed } of pieces) failed(error)
    }
  }
  return <T>(work: () => T, weight: 'light' | 'durable' = 'durable') =>
    new Promise<T>((resolve, failed) => {
      // Its own work's result is what a piece is done with.
      waiting.push({ work, isLight: weight === 'light', done: (result) => resolve(result as T), failed })
      if (waiting.length === 1) setImmediate(() => void write())
    })
}
