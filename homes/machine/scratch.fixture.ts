import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '#ports/clock.ts'
import type { EventsHome } from '#ports/events.laws.ts'
import { openDatabase } from './database.ts'
import { events, OUTBOX_SCHEMA } from './events.ts'
import { silentLog } from './log.ts'
import { TABLES_SCHEMA, tables } from './tables.ts'

export const scratchFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'lectern-'))

/** A clock that stands still until it is moved. */
export const aClock = (start = '2026-11-22T10:00:00Z'): Clock & { pass(milliseconds: number): void } => {
  let now = Date.parse(start)
  return {
    now: () => new Date(now),
    pass: (milliseconds) => {
      now += milliseconds
    },
  }
}

/** Tables and their outbox in a folder of their own. */
export const aStore = async (): Promise<EventsHome & { database: DatabaseSync }> => {
  const folder = await scratchFolder()
  const clock = aClock()
  const open = (): EventsHome & { database: DatabaseSync } => {
    const database = openDatabase(join(folder, 'school.sqlite'), TABLES_SCHEMA + OUTBOX_SCHEMA)
    const outbox = events({ database, clock, log: silentLog })
    return {
      database,
      tables: tables({ database, outbox }),
      events: outbox,
      pass: clock.pass,
      // Nothing is flushed or finished first: the file is what a crash leaves.
      reopen: async () => open(),
      async close() {
        await outbox.stop()
        database.close()
        await rm(folder, { recursive: true, force: true })
      },
    }
  }
  return open()
}
