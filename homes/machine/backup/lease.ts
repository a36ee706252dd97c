import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isLocked } from '../database.ts'
import { BackupTrouble } from './trouble.ts'

/** Held until it is closed, and let go of by this process's death however it comes. */
export type Lease = { close(): void }

const WAIT_MS = 500

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
