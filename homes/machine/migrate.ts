import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { hasCode } from './error-code.ts'

/** One change of a database from a version of Lectern to a later one, and what it does in words for an operator. */
export type Migration = { says: string; apply(database: DatabaseSync): void }

/**
 * All that a database has become, from an empty file on. Migrations are only ever added at the end: what a released one does is done already where it
 * counts. A file bears how many of them it has had (`user_version`). A release whose records an older one would spoil adds one too, if one that
 * leaves the tables as they are.
 */
export type Migrations = readonly Migration[]

/** A data folder that a later version of Lectern has written, in a sentence for its operator. */
export class NewerFolder extends Error {
  readonly code = 'newer-folder'
  constructor(file: string, { found, known }: { found: number; known: number }) {
    super(
      `${file} has had ${found} migrations, and this version of Lectern knows ${known}: a later one has written it. ` +
        'Nothing was changed. Open it with that version, or restore the backup that was taken before it.',
    )
  }
}

/** A data folder that an earlier version has written and this one has not brought further, in a sentence for its operator. */
export class OlderFolder extends Error {
  readonly code = 'older-folder'
  constructor(files: readonly string[]) {
    super(
      `An earlier version of Lectern has written this data folder (${files.join(', ')}). Nothing was changed. ` +
        'Bring it to this version first: npm run lectern -- upgrade --help, or npm start, which does it by itself.',
    )
  }
}

const numberOf = (database: DatabaseSync): number => {
  // The pragma answers one row of that name.
  const { user_version: number } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  return number
}

/**
 * Brings an open database to this version, each migration whole or not at all. Two that open it at once wait for each other.
 * @throws NewerFolder, before anything is written
 */
export const migrate = (database: DatabaseSync, file: string, migrations: Migrations): void => {
  const found = numberOf(database)
  if (found > migrations.length) throw new NewerFolder(file, { found, known: migrations.length })
  for (let at = found; at < migrations.length; at += 1) {
    database.exec('BEGIN IMMEDIATE')
    try {
      // Another may have been quicker.
      if (numberOf(database) === at) {
        migrations[at]?.apply(database)
        database.exec(`PRAGMA user_version = ${at + 1}`)
      }
      database.exec('COMMIT')
    } catch (cause) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw cause
    }
  }
}

/** A column that files of an early version lack; SQLite has no ADD COLUMN IF NOT EXISTS. */
export const addColumn = (database: DatabaseSync, table: string, column: string): void => {
  const has = database.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, column)
  if (!has) database.exec(`ALTER TABLE ${table} ADD COLUMN ${column} TEXT`)
}

/** Where a database's file says its number, in the hundred bytes it begins with (sqlite.org/fileformat.html#the_database_header). */
const NUMBER_AT = 60

const isWaiting = async (path: string): Promise<boolean> => {
  try {
    return (await stat(`${path}-wal`)).size > 0
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

const headNumber = async (path: string): Promise<number> => {
  const file = await open(path)
  try {
    const head = Buffer.alloc(4)
    const { bytesRead } = await file.read(head, 0, 4, NUMBER_AT)
    return bytesRead === 4 ? head.readUInt32BE() : 0
  } finally {
    await file.close()
  }
}

/** How many migrations a database has had; undefined where there is none. Nothing is written, not even what SQLite puts beside a file that it only reads. */
export const versionOf = async (path: string): Promise<number | undefined> => {
  try {
    if (!(await isWaiting(path))) return await headNumber(path)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
  // Its first page may be of before: what was written last is in the log beside it, as after a crash, or while it is open.
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return numberOf(database)
  } finally {
    database.close()
  }
}

/** Every database of a data folder that grows with versions, by its path there. */
export type MigrationsByFile = Readonly<Record<string, Migrations>>

export type DatabaseVersion = { file: string; found: number; bytes: number; lacks: readonly string[] }

/**
 * How far the databases of a data folder are behind this version.
 * @throws NewerFolder where one is ahead of it
 */
export const databaseVersions = async (folder: string, byFile: MigrationsByFile): Promise<DatabaseVersion[]> => {
  const all: DatabaseVersion[] = []
  for (const [file, migrations] of Object.entries(byFile)) {
    const path = join(folder, file)
    const found = await versionOf(path)
    if (found === undefined) continue
    if (found > migrations.length) throw new NewerFolder(file, { found, known: migrations.length })
    all.push({ file, found, bytes: (await stat(path)).size, lacks: migrations.slice(found).map(({ says }) => says) })
  }
  return all
}
