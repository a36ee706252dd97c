import { mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isLocked } from '../database.ts'
import { BackupTrouble } from './trouble.ts'

/** Held until it is closed, and let go of by this process's death however it comes. */
export type Lease = { close(): void }

const WAIT_MS = 500

/** What a lease is called in the folder that it is about. */
export const LEASE_FILE = 'lease.sqlite'

/** Of a folder's names all but its lease, and what SQLite puts beside that. */
export const besideLease = (names: readonly string[]): string[] => names.filter((name) => !name.startsWith(LEASE_FILE))

/** Removes what lies in a folder beside its lease, which whoever does so holds. */
export const clearBesideLease = async (folder: string): Promise<void> => {
  for (const name of besideLease(await readdir(folder))) await rm(join(folder, name), { recursive: true, force: true })
}

/** @throws BackupTrouble with `words` while another process holds it, and goes on to for `waitMs`, in which this program stands still */
export const lease = async (path: string, words: string, waitMs = WAIT_MS): Promise<Lease> => {
  await mkdir(dirname(path), { recursive: true })
  const database = new DatabaseSync(path, { timeout: waitMs })
  try {
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (cause) {
    database.close()
    if (isLocked(cause)) throw new BackupTrouble(words, { cause })
    throw cause
  }
}
