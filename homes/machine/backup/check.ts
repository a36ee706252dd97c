import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { hasCode } from '../error-code.ts'
import { openKept, openWanted, type Totals } from './blobs.ts'
import { type Cover, Sealed, UNCOVERED } from './cover.ts'
import { copyFile, readThrough } from './files.ts'
import { type By, coverFrom } from './keys.ts'
import { BLOBS_FILE, bytesPath, filePath, type KeptFile, type Manifest, OBJECTS_FILE, readManifest, snapshotPath, snapshotsIn } from './manifest.ts'
import { withScratch } from './scratch.ts'
import type { Damage } from './take.ts'
import { BackupTrouble } from './trouble.ts'

export type Checked = { id: string; manifest: Manifest; objects: Totals; damages: Damage[] }

export type Chosen = { from: string; snapshot?: string | undefined; by?: By | undefined }
export type Snapshot = { id: string; folder: string; manifest: Manifest; cover: Cover }

/** The newest, or the one that is asked for. */
export const chosenSnapshot = async ({ from, snapshot, by }: Chosen): Promise<Snapshot> => {
  const all = await snapshotsIn(from)
  const id = snapshot ?? all.at(-1)
  if (id === undefined || !all.includes(id))
    throw new BackupTrouble(
      id === undefined ? `There is no backup in ${from}.` : `There is no backup ${id} in ${from}. There are: ${all.join(', ') || 'none'}.`,
    )
  const folder = snapshotPath(from, id)
  const cover = await coverFrom(from, by)
  const manifest = await readManifest(folder, cover)
  if (!manifest) throw new BackupTrouble(`The manifest of ${id} is damaged: nothing in it can be trusted. Choose another with --snapshot.`)
  return { id, folder, manifest, cover }
}

const CHANGED = 'Its bytes are not those that were backed up.'
const GONE = 'It is not there.'

type Kept = { bytes: number; sha256: string }

/** What is wrong with a file of the backup; `heard` of each piece that is read. */
const damageOf = async (path: string, { bytes, sha256 }: Kept, { suffix, take }: Cover, heard: (bytes: number) => void): Promise<string | undefined> => {
  try {
    if (suffix === '' && (await stat(path)).size !== bytes) return CHANGED
    const read = await readThrough(path, { take, heard: (chunk) => heard(chunk.length) })
    return read.sha256 === sha256 ? undefined : CHANGED
  } catch (error) {
    if (error instanceof Sealed) return CHANGED
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

/** Databases are looked into where they lie open: where a backup is encrypted, in a folder of ours, for as long as that takes. */
type Checking = Snapshot & { from: string; clear: string }

const openFile = async ({ folder, cover, clear }: Checking, path: string): Promise<string> => {
  if (cover.suffix === '') return filePath(folder, path)
  await copyFile(filePath(folder, path, cover), join(clear, path), { take: cover.take })
  return join(clear, path)
}

const checkFile = async (checking: Checking, file: KeptFile): Promise<Damage[]> => {
  const { folder, cover } = checking
  const damage =
    file.path === BLOBS_FILE
      ? await damageOf(filePath(folder, file.path), file, UNCOVERED, () => undefined)
      : await damageOf(filePath(folder, file.path, cover), file, cover, () => undefined)
  const isDatabase = file.path.endsWith('.sqlite')
  const says = damage ?? (isDatabase ? unsoundness(file.path === BLOBS_FILE ? filePath(folder, file.path) : await openFile(checking, file.path)) : undefined)
  return says === undefined ? [] : [{ what: file.path, says }]
}

/** Bytes that several objects share are read once, and named by all of them. */
const checkObjects = async ({ from, folder, cover, clear }: Checking, tell: (done: number) => void): Promise<{ objects: Totals; damages: Damage[] }> => {
  const store = cover.suffix === '' ? filePath(folder, OBJECTS_FILE) : join(clear, OBJECTS_FILE)
  const [wanted, kept] = [openWanted(store, 'read'), openKept(filePath(folder, BLOBS_FILE), 'read')]
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
      if (own && !found.has(own.sha256)) found.set(own.sha256, await damageOf(bytesPath(from, own.sha256, cover), own, cover, heard))
      const says = own?.bytes === bytes ? found.get(own.sha256) : 'Its bytes could not be backed up.'
      if (says !== undefined) damages.push({ what, says })
    }
    return { objects: wanted.objects(), damages }
  } finally {
    wanted.close()
    kept.close()
  }
}

const checked = async (checking: Checking, tell: (done: number, total: number) => void): Promise<Checked> => {
  const { id, manifest } = checking
  const damages: Damage[] = []
  for (const file of manifest.files) damages.push(...(await checkFile(checking, file)))
  const isReadable = ![OBJECTS_FILE, BLOBS_FILE].some((path) => damages.some(({ what }) => what === path))
  if (!isReadable) return { id, manifest, objects: { count: 0, bytes: 0 }, damages }
  const found = await checkObjects(checking, (done) => tell(done, manifest.objects.bytes))
  return { id, manifest, objects: found.objects, damages: [...damages, ...found.damages] }
}

/**
 * Reads a whole backup and tells of everything in it that is not as it was written, by the names the school has for it. Nothing of it is changed.
 * @throws BackupTrouble where there is none, its manifest is of no use, or it is encrypted and not for whoever reads
 */
export const checkBackup = async (chosen: Chosen, tell: (done: number, total: number) => void = () => undefined): Promise<Checked> => {
  const snapshot = await chosenSnapshot(chosen)
  const clear = await mkdtemp(join(tmpdir(), 'lectern-check-'))
  return withScratch(clear, () => checked({ ...snapshot, from: chosen.from, clear }, tell))
}
