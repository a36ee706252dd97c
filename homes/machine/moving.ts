import { mkdirSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock, Ids } from '#ports/clock.ts'
import type { Side } from '../move/side.ts'
import { MoveTrouble } from '../move/trouble.ts'
import { takingFile } from './carrying.ts'
import { isLocked } from './database.ts'
import { events } from './events.ts'
import { identity } from './identity.ts'
import { silentLog } from './log.ts'
import { migrate } from './migrate.ts'
import { refuseOther } from './migrations.ts'
import { objects } from './objects.ts'
import { SCHOOL_MIGRATIONS, writing } from './school-deeds.ts'
import type { SchoolFile } from './school-file.ts'
import { everyItem, tables } from './tables.ts'

/** A backup may be reading. */
const PATIENCE_MS = 3000

/**
 * The school's file for ourselves alone: with an exclusive lock of SQLite's, which nobody is given while another program has the file
 * open, and which keeps a school from opening until we have gone (sqlite.org/pragma.html#pragma_locking_mode).
 * @throws MoveTrouble where the school is open
 */
export const heldDatabase = (folder: string): DatabaseSync => {
  const database = new DatabaseSync(join(folder, 'school.sqlite'), { timeout: PATIENCE_MS })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    database.exec('BEGIN EXCLUSIVE; COMMIT')
    return database
  } catch (error) {
    database.close()
    if (isLocked(error)) throw new MoveTrouble(`The school in ${folder} is open. Stop it (Ctrl+C where npm start runs), and any backup of it, then try again.`)
    throw error
  }
}

const heldFile = (folder: string): SchoolFile => {
  const database = heldDatabase(folder)
  migrate(database, 'school.sqlite', SCHOOL_MIGRATIONS)
  return { reader: database, write: writing(database, PATIENCE_MS), close: async () => database.close() }
}

const counting = (database: DatabaseSync, sql: string): number => {
  // Each of our statements selects one number.
  const { count } = database.prepare(sql).get() as { count: number }
  return count
}

const unfinishedUploads = (folder: string): number => {
  const database = new DatabaseSync(join(folder, 'objects', 'objects.sqlite'), { readOnly: true })
  try {
    return counting(database, 'SELECT count(*) AS count FROM uploads')
  } finally {
    database.close()
  }
}

export type MachineSide = Side & { close(): Promise<void> }

type Options = { folder: string; clock: Clock; ids: Ids; url: string; schoolName: string; role: 'from' | 'to' }

/**
 * The school in a data folder, closed and held closed as long as this is open.
 * @throws MoveTrouble where it is open, or where there is none to move; OlderFolder or NewerFolder where another version has written it
 */
export const machineSide = async ({ folder, clock, ids, url, schoolName, role }: Options): Promise<MachineSide> => {
  if (role === 'to') mkdirSync(folder, { recursive: true })
  else
    await access(join(folder, 'school.sqlite')).catch((cause: unknown) => {
      throw new MoveTrouble(`There is no school in ${folder}. Say where it is: LECTERN_DATA=/some/folder`, { cause })
    })
  await refuseOther(folder)
  const file = heldFile(folder)
  const outbox = events({ file, clock, log: silentLog })
  const store = join(folder, 'objects')
  const kept = await objects({ folder: store, url, clock })
  const mail = { send: () => Promise.reject(new Error('Nobody is written to while a school is moved.')) }
  const people = await identity({ folder, url, schoolName, clock, ids, mail, log: silentLog })
  return {
    tables: tables({ file, outbox }),
    every: everyItem(file.reader),
    objects: kept,
    take: takingFile({ objects: kept, folder: store }),
    identity: people,
    onTheWay: async () => ({
      uploads: unfinishedUploads(folder),
      events: counting(file.reader, 'SELECT count(*) AS count FROM deliveries WHERE is_dead = 0'),
      shelved: counting(file.reader, 'SELECT count(*) AS count FROM deliveries WHERE is_dead = 1'),
    }),
    async close() {
      people.close()
      await kept.close()
      await file.close()
    },
  }
}
