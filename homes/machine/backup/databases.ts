import { chmod, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { isLocked } from '../database.ts'
import { filePath, OBJECTS_FILE } from './manifest.ts'
import { BackupTrouble } from './trouble.ts'

/** Another program may hold a file for a moment. */
const PATIENCE_MS = 1000

/** Pages copied before others get a turn. */
const PAGES_A_STEP = 2000

type Opened = { path: string; database: DatabaseSync }

/** From its first read on, a transaction sees the file as it was then. */
const standing = (data: string, path: string): Opened => {
  const database = new DatabaseSync(join(data, path), { readOnly: true, timeout: PATIENCE_MS })
  try {
    database.exec('BEGIN')
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return { path, database }
  } catch (cause) {
    database.close()
    if (isLocked(cause)) throw new BackupTrouble(`${path} is held by another program: a move that is under way? Try again when it has ended.`, { cause })
    throw cause
  }
}

/** What has been made of open jobs lies in files that are not kept: a restored encoder begins them anew. */
const MENDED: Record<string, string> = { 'transcoder/transcoder.sqlite': "DELETE FROM pieces; UPDATE jobs SET percent = 0 WHERE state = 'open'" }

/** One file without the ones that SQLite keeps beside it, so that it has one digest. */
const alone = (path: string, mend: string): void => {
  const copy = new DatabaseSync(path)
  try {
    copy.exec(`PRAGMA journal_mode = DELETE; ${mend}`)
  } finally {
    copy.close()
  }
}

const copied = async ({ path, database }: Opened, snapshot: string, told: () => void): Promise<void> => {
  const to = filePath(snapshot, path)
  await mkdir(dirname(to), { recursive: true })
  await backup(database, to, { rate: PAGES_A_STEP, progress: told })
  await chmod(to, 0o600)
  alone(to, MENDED[path] ?? '')
}

/**
 * Databases of an open school as they stand at one moment, while it goes on writing. That of the objects is looked at last: whatever
 * the others name has been stored before.
 */
export const copyDatabases = async (data: string, paths: readonly string[], { snapshot, told }: { snapshot: string; told: () => void }): Promise<void> => {
  const order = [...paths.filter((path) => path !== OBJECTS_FILE), ...paths.filter((path) => path === OBJECTS_FILE)]
  const opened: Opened[] = []
  try {
    for (const path of order) opened.push(standing(data, path))
    for (const each of opened) await copied(each, snapshot, told)
  } finally {
    for (const { database } of opened) database.close()
  }
}
