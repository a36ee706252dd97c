import { mkdtemp, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readEverything, type Unread, unreadEvent } from '#core/operations/readable.ts'
import { unsoundIn, unsoundness } from './backup/check.ts'
import { copyDatabases } from './backup/databases.ts'
import { withScratch } from './backup/scratch.ts'
import { openDatabase } from './database.ts'
import { account, type Row } from './identity/listing.ts'
import { type DatabaseVersion, databaseVersions, type Migrations, type MigrationsByFile, migrate } from './migrate.ts'
import { MIGRATIONS } from './migrations.ts'
import { heldDatabase } from './moving.ts'
import { SCRATCH } from './scratch-names.ts'
import { everyItem } from './tables.ts'

/** An upgrade that does not take place, in a sentence for its operator. */
export class UpgradeTrouble extends Error {
  readonly code = 'cannot-upgrade'
}

export type Plan = {
  files: DatabaseVersion[]
  /** Whether anything is to be done to them. */
  isBehind: boolean
  /** What a copy of the databases takes for as long as it is tried, and what the disk of the data folder has. */
  neededBytes: number
  freeBytes: number
}

/** SQLite writes what it changes into its log first, and there may be as much of it as of the file. */
const COPY_AND_LOG = 2

/**
 * What this version would do to a data folder. Nothing is written.
 * @throws NewerFolder where a later version has written it; UpgradeTrouble where there is no school
 */
export const upgradePlan = async (data: string, byFile: MigrationsByFile = MIGRATIONS): Promise<Plan> => {
  const files = await databaseVersions(data, byFile)
  if (!files.some(({ file }) => file === 'school.sqlite')) throw new UpgradeTrouble(`There is no school in ${data}. Say where it is: LECTERN_DATA=/some/folder`)
  const { bavail, bsize } = await statfs(data)
  const neededBytes = files.reduce((sum, { bytes }) => sum + bytes, 0) * COPY_AND_LOG
  return { files, isBehind: files.some(({ lacks }) => lacks.length > 0), neededBytes, freeBytes: bavail * bsize }
}

export type Outcome = { read: number; people: number; waiting: number; unread: Unread[] }

/** What was given up already is no worse for it. */
const unreadEvents = (database: DatabaseSync): { waiting: number; unread: Unread[] } => {
  const rows = database.prepare('SELECT id, name, payload FROM outbox WHERE id IN (SELECT event FROM deliveries WHERE is_dead = 0)').all()
  const unread = rows.flatMap(({ id, name, payload }) => unreadEvent({ id: String(id), name: String(name), payload: JSON.parse(String(payload)) }) ?? [])
  return { waiting: rows.length, unread }
}

/** Reads everybody in the directory, and answers how many they are. */
const peopleIn = (path: string): number => {
  const directory = new DatabaseSync(path, { readOnly: true })
  try {
    // A row of `accounts` has the columns its schema names.
    return (directory.prepare('SELECT * FROM accounts').all() as Row[]).map(account).length
  } finally {
    directory.close()
  }
}

const damagesIn = (folder: string, files: readonly string[]): Unread[] =>
  files.flatMap((file) => {
    const says = unsoundness(join(folder, file))
    return says === undefined ? [] : [{ what: file, says }]
  })

const wrongIn = (school: DatabaseSync): Unread[] => {
  const says = unsoundIn(school)
  return says === undefined ? [] : [{ what: 'school.sqlite', says }]
}

const migrationsOf = (byFile: MigrationsByFile, file: string): Migrations => byFile[file] ?? []

/** Brings the databases of a closed school up to this version, while nobody can open it, and reads all of it as the school does. */
const brought = async (folder: string, files: readonly DatabaseVersion[], byFile: MigrationsByFile): Promise<Outcome> => {
  const school = heldDatabase(folder)
  try {
    migrate(school, 'school.sqlite', migrationsOf(byFile, 'school.sqlite'))
    const others = files.map(({ file }) => file).filter((file) => file !== 'school.sqlite')
    for (const file of others) openDatabase(join(folder, file), migrationsOf(byFile, file)).close()
    const { waiting, unread: events } = unreadEvents(school)
    const { read, unread } = await readEverything({ every: everyItem(school) })
    const damaged = [...wrongIn(school), ...damagesIn(folder, others)]
    return { read, waiting, people: peopleIn(join(folder, 'identity.sqlite')), unread: [...damaged, ...events, ...unread] }
  } finally {
    school.close()
  }
}

/**
 * Does it to a copy of the databases, as they stand at one moment, and reads the copy through. The school may be open, and nothing of it is written.
 * @throws UpgradeTrouble where the disk has no room for a copy
 */
export const tryUpgrade = async (data: string, byFile: MigrationsByFile = MIGRATIONS): Promise<Outcome> => {
  const { files, neededBytes, freeBytes } = await upgradePlan(data, byFile)
  if (neededBytes > freeBytes)
    throw new UpgradeTrouble(`A copy of the databases takes ${neededBytes} bytes in the data folder, and its disk has ${freeBytes}. Make room first.`)
  const scratch = await mkdtemp(join(data, SCRATCH.upgrade))
  return withScratch(scratch, async () => {
    await copyDatabases(
      data,
      files.map(({ file }) => file),
      { snapshot: scratch, told: () => undefined },
    )
    return brought(join(scratch, 'files'), files, byFile)
  })
}

/**
 * Does it to the school itself, which has to be closed.
 * @throws MoveTrouble where it is open
 */
export const applyUpgrade = async (data: string, byFile: MigrationsByFile = MIGRATIONS): Promise<Outcome> => {
  const { files } = await upgradePlan(data, byFile)
  return brought(data, files, byFile)
}
