import { stat } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { hasCode } from '../error-code.ts'
import { openKept, openWanted, type Totals } from './blobs.ts'
import { readThrough } from './files.ts'
import { BLOBS_FILE, bytesPath, filePath, type KeptFile, type Manifest, OBJECTS_FILE, readManifest, snapshotPath, snapshotsIn } from './manifest.ts'
import type { Damage } from './take.ts'
import { BackupTrouble } from './trouble.ts'

export type Checked = { id: string; manifest: Manifest; objects: Totals; damages: Damage[] }

export type Chosen = { from: string; snapshot?: string | undefined }

/** The newest, or the one that is asked for. */
export const chosenSnapshot = async ({ from, snapshot }: Chosen): Promise<{ id: string; folder: string; manifest: Manifest }> => {
  const all = await snapshotsIn(from)
  const id = snapshot ?? all.at(-1)
  if (id === undefined || !all.includes(id))
    throw new BackupTrouble(
      id === undefined ? `There is no backup in ${from}.` : `There is no backup ${id} in ${from}. There are: ${all.join(', ') || 'none'}.`,
    )
  const folder = snapshotPath(from, id)
  const manifest = await readManifest(folder)
  if (!manifest) throw new BackupTrouble(`The manifest of ${id} is damaged: nothing in it can be trusted. Choose another with --snapshot.`)
  return { id, folder, manifest }
}

const CHANGED = 'Its bytes are not those that were backed up.'
const GONE = 'It is not there.'

/** What is wrong with a file of the backup; `heard` of each piece that is read. */
const damageOf = async (path: string, { bytes, sha256 }: { bytes: number; sha256: string }, heard: (bytes: number) => void): Promise<string | undefined> => {
  try {
    if ((await stat(path)).size !== bytes) return CHANGED
    const read = await readThrough(path, (chunk) => heard(chunk.length))
    return read.sha256 === sha256 ? undefined : CHANGED
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return GONE
    throw error
  }
}

/** What keeps a database from holding together. */
export const unsoundIn = (database: DatabaseSync): string | undefined => {
  // The pragma answers rows of one text.
  const [first] = database.prepare('PRAGMA integrity_check(1)').all() as { integrity_check: string }[]
  return first?.integrity_check === 'ok' ? undefined : first?.integrity_check
}

/** Whether a database holds together; its digest tells only that it is what was written then. */
export const unsoundness = (path: string): string | undefined => {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return unsoundIn(database)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    database.close()
  }
}

const checkFile = async (folder: string, file: KeptFile): Promise<Damage[]> => {
  const path = filePath(folder, file.path)
  const says = (await damageOf(path, file, () => undefined)) ?? (file.path.endsWith('.sqlite') ? unsoundness(path) : undefined)
  return says === undefined ? [] : [{ what: file.path, says }]
}

/** Bytes that several objects share are read once, and named by all of them. */
const checkObjects = async (from: string, folder: string, tell: (done: number) => void): Promise<{ objects: Totals; damages: Damage[] }> => {
  const [wanted, kept] = [openWanted(filePath(folder, OBJECTS_FILE), 'read'), openKept(filePath(folder, BLOBS_FILE), 'read')]
  const found = new Map<string, string | undefined>()
  const damages: Damage[] = []
  let done = 0
  const heard = (bytes: number): void => {
    done += bytes
    tell(done)
  }
  try {
    for (const { blob, bytes, what } of wanted.all()) {
      const own = kept.find(blob)
      if (own && !found.has(own.sha256)) found.set(own.sha256, await damageOf(bytesPath(from, own.sha256), own, heard))
      const says = own?.bytes === bytes ? found.get(own.sha256) : 'Its bytes could not be backed up.'
      if (says !== undefined) damages.push({ what, says })
    }
    return { objects: wanted.objects(), damages }
  } finally {
    wanted.close()
    kept.close()
  }
}

/**
 * Reads a whole backup and tells of everything in it that is not as it was written, by the names the school has for it. Nothing is changed.
 * @throws BackupTrouble where there is none, or its manifest is of no use
 */
export const checkBackup = async (chosen: Chosen, tell: (done: number, total: number) => void = () => undefined): Promise<Checked> => {
  const { id, folder, manifest } = await chosenSnapshot(chosen)
  const damages: Damage[] = []
  for (const file of manifest.files) damages.push(...(await checkFile(folder, file)))
  const isReadable = ![OBJECTS_FILE, BLOBS_FILE].some((path) => damages.some(({ what }) => what === path))
  if (!isReadable) return { id, manifest, objects: { count: 0, bytes: 0 }, damages }
  const found = await checkObjects(chosen.from, folder, (done) => tell(done, manifest.objects.bytes))
  return { id, manifest, objects: found.objects, damages: [...damages, ...found.damages] }
}
