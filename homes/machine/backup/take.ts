import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Clock, Ids } from '#ports/clock.ts'
import { hasCode } from '../error-code.ts'
import { isScratch } from '../scratch-names.ts'
import { type KeptRows, openKept, openWanted, type Totals, type Wanted, type WantedRows } from './blobs.ts'
import type { Cover } from './cover.ts'
import { copyDatabases } from './databases.ts'
import { copyFile, filesBelow, readThrough, ShortFile, writeThrough } from './files.ts'
import { holdBlobs } from './holding.ts'
import { checkCover, coverOf, type For } from './keys.ts'
import { clearBesideLease, LEASE_FILE, lease } from './lease.ts'
import {
  BLOBS_FILE,
  bytesPath,
  FORMAT,
  filePath,
  type KeptFile,
  type Manifest,
  manifestPath,
  OBJECTS_FILE,
  snapshotPath,
  snapshotsIn,
  unfinishedIn,
  unfinishedPath,
} from './manifest.ts'
import { BackupTrouble } from './trouble.ts'

/** What is wrong with something, in words. */
export type Damage = { what: string; says: string }
export type Told = { phase: 'holding' | 'copying'; done: number; total: number }

export type Taken = { id: string; at: string; objects: Totals; copied: Totals; damages: Damage[] }

/** `encrypt`: for whom, where it is to be. `copied`: waited for when the databases have been copied, before anything that they name is held. */
type Given = { data: string; to: string; clock: Clock; ids: Ids; encrypt?: For | undefined; tell?: (told: Told) => void; copied?: () => Promise<void> }

/** SQLite's own, what a program that runs keeps for itself, and what can be made anew. */
const LEFT = [
  /\.sqlite-(wal|shm|journal)$/,
  /(^|\/)lease\.sqlite$/,
  /^school\.(\d.*\.)?log$/,
  /\.new$/,
  /^moving-to-/,
  /^objects\/(?!objects\.sqlite$)/,
  /^transcoder\/(?!transcoder\.sqlite$)/,
  // Films of the demo, until they have been sent.
  /^demo\//,
  // The file system's own, where the folder is a disk.
  /^lost\+found$/,
]
const isKept = (path: string): boolean => !(isScratch(path) || LEFT.some((pattern) => pattern.test(path)))

const isDatabase = (path: string): boolean => path.endsWith('.sqlite')

const copySmall = async (data: string, paths: readonly string[], snapshot: string): Promise<void> => {
  for (const path of paths) {
    await copyFile(join(data, path), filePath(snapshot, path)).catch((error: unknown) => {
      // A stand-in's file may go at any time.
      if (!hasCode(error, 'ENOENT')) throw error
    })
  }
}

/** Encrypted, it has a head besides, and sixteen bytes for each piece of 64 KiB (age-encryption.org/v1). */
const PIECE_BYTES = 65_536
const TAG_BYTES = 16

const isThere = async (path: string, bytes: number, { suffix }: Cover): Promise<boolean> => {
  try {
    const { size } = await stat(path)
    return suffix === '' ? size === bytes : size > bytes + TAG_BYTES * Math.max(1, Math.ceil(bytes / PIECE_BYTES))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

type Copying = { to: string; cover: Cover; held: string; unfinished: string; before: KeptRows | undefined; told: (bytes: number) => void }

const PLAIN_ETAG = /^[0-9a-f]{32}$/

/** Puts a blob's bytes where they are kept; answers how many were new there, or what is wrong with them. */
const copyBlob = async ({ blob, bytes, etag }: Wanted, kept: KeptRows, { to, cover, held, unfinished, before, told }: Copying): Promise<number | string> => {
  const known = before?.find(blob)
  if (known?.bytes === bytes && (await isThere(bytesPath(to, known.sha256, cover), bytes, cover))) {
    kept.add(known)
    told(bytes)
    return 0
  }
  const scratch = join(unfinished, 'blob')
  try {
    const { sha256, md5 } = await copyFile(join(held, blob), scratch, { bytes, put: cover.put, heard: (chunk) => told(chunk.length) })
    if (etag !== null && PLAIN_ETAG.test(etag) && md5 !== etag) return 'Its bytes in the store are no longer those that were stored.'
    const place = bytesPath(to, sha256, cover)
    kept.add({ blob, bytes, sha256 })
    if (await isThere(place, bytes, cover)) return 0
    await mkdir(dirname(place), { recursive: true })
    await rename(scratch, place)
    return bytes
  } catch (error) {
    if (error instanceof ShortFile) return 'Its file in the store is shorter than it was.'
    if (hasCode(error, 'ENOENT')) return 'Its file is not in the store any more.'
    throw error
  } finally {
    await rm(scratch, { force: true })
  }
}

const copyBlobs = async (wanted: WantedRows, kept: KeptRows, copying: Copying): Promise<{ copied: Totals; damages: Damage[] }> => {
  const copied = { count: 0, bytes: 0 }
  const damages: Damage[] = []
  for (const each of wanted.all()) {
    const result = await copyBlob(each, kept, copying)
    if (typeof result === 'string') damages.push({ what: each.what, says: result })
    else if (result > 0) {
      copied.count += 1
      copied.bytes += result
    }
  }
  return { copied, damages }
}

/** What a snapshot has besides objects; encrypted, it is brought there only now, from where it was copied to. */
const listed = async (snapshot: string, copies: string, cover: Cover): Promise<KeptFile[]> => {
  const files: KeptFile[] = []
  const all = await Promise.all([copies, snapshot].map((folder) => filesBelow(join(folder, 'files'), () => true)))
  for (const path of new Set(all.flat())) {
    const isMoved = copies !== snapshot && path !== BLOBS_FILE
    const from = filePath(isMoved ? copies : snapshot, path)
    const { bytes, sha256 } = isMoved ? await copyFile(from, filePath(snapshot, path, cover), { put: cover.put }) : await readThrough(from)
    files.push({ path, bytes, sha256 })
  }
  const lacking = ['school.sqlite', 'identity.sqlite', OBJECTS_FILE, BLOBS_FILE].filter((path) => !files.some((file) => file.path === path))
  if (lacking.length > 0) throw new Error(`Somebody has taken away what was written: ${lacking.join(', ')}.`)
  return files
}

const lastKept = async (to: string): Promise<KeptRows | undefined> => {
  const last = (await snapshotsIn(to)).at(-1)
  return last === undefined ? undefined : openKept(filePath(snapshotPath(to, last), BLOBS_FILE), 'read')
}

const isInside = (folder: string, other: string): boolean => {
  const path = relative(resolve(folder), resolve(other))
  return path === '' || !(path === '..' || path.startsWith(`..${sep}`))
}

const checkPlaces = async ({ data, to }: Pick<Given, 'data' | 'to'>): Promise<void> => {
  await stat(join(data, 'school.sqlite')).catch((cause: unknown) => {
    if (!hasCode(cause, 'ENOENT')) throw cause
    throw new BackupTrouble(`There is no school in ${data}. Say where it is: LECTERN_DATA=/some/folder`, { cause })
  })
  if (isInside(data, to)) throw new BackupTrouble('A backup inside the data folder would be lost with it. Name a folder elsewhere, best on another disk.')
}

const prepared = async ({ data, to, encrypt }: Given): Promise<Cover> => {
  await checkPlaces({ data, to })
  await mkdir(to, { recursive: true })
  return coverOf(to, encrypt)
}

/**
 * Asked before what takes its time, and ends in a backup. Nothing is written.
 * @throws BackupTrouble where none could be taken
 */
export const checkBackupPlace = async ({ data, to, encrypt }: Pick<Given, 'data' | 'to' | 'encrypt'>): Promise<void> => {
  await checkPlaces({ data, to })
  await checkCover(to, encrypt)
}

/** What backups left behind that were ended in the middle, by those who hold both leases. */
const cleared = async (heldFolder: string, to: string): Promise<void> => {
  for (const left of await unfinishedIn(to)) await rm(left, { recursive: true })
  await clearBesideLease(heldFolder)
}

const filled = async (
  { data, to, clock, tell = () => undefined, copied = async () => undefined }: Given,
  { unfinished, copies, held, cover }: { unfinished: string; copies: string; held: string; cover: Cover },
) => {
  const at = clock.now().toISOString()
  const paths = await filesBelow(data, isKept)
  await copySmall(
    data,
    paths.filter((path) => !isDatabase(path)),
    copies,
  )
  await copyDatabases(data, paths.filter(isDatabase), { snapshot: copies, told: () => undefined })
  await copied()
  const wanted = openWanted(filePath(copies, OBJECTS_FILE), 'write')
  const [before, kept] = [await lastKept(to), openKept(filePath(unfinished, BLOBS_FILE), 'write')]
  try {
    const { count, bytes } = wanted.totals()
    await holdBlobs(wanted, { store: join(data, 'objects'), held, told: (done) => tell({ phase: 'holding', done, total: count }) })
    let done = 0
    const told = (more: number): void => {
      done += more
      tell({ phase: 'copying', done, total: bytes })
    }
    return { at, objects: wanted.objects(), ...(await copyBlobs(wanted, kept, { to, cover, held, unfinished, before, told })) }
  } finally {
    wanted.close()
    before?.close()
    kept.close()
  }
}

/** Sorts as the moments do. */
const idOf = ({ clock, ids }: Given): string =>
  `${clock
    .now()
    .toISOString()
    .replaceAll(':', '-')
    .replace(/\.\d+Z$/, 'Z')}-${ids.secret(3).toLowerCase()}`

/**
 * Takes a backup of the school in a data folder while it is open: its databases as they stand at one moment, and the bytes of every object
 * they name. Bytes that an earlier backup in the folder has are not copied again. Cut short, it leaves what the next one removes.
 * @throws BackupTrouble where there is no school, the folder is not for backups, or another backup is under way
 */
export const takeBackup = async (given: Given): Promise<Taken> => {
  const { data, to } = given
  const cover = await prepared(given)
  const [id, heldFolder] = [idOf(given), join(data, 'objects', 'held')]
  const unfinished = unfinishedPath(to, id)
  const own = await lease(join(heldFolder, LEASE_FILE), 'This school is being backed up already.')
  const held = join(heldFolder, id)
  // What is open lies on the school's own disk alone.
  const copies = cover.suffix === '' ? unfinished : `${held}-copies`
  try {
    const theirs = await lease(join(to, LEASE_FILE), `Another backup is being written to ${to}.`)
    try {
      await cleared(heldFolder, to)
      await mkdir(join(unfinished, 'files'), { recursive: true })
      const { at, objects, copied, damages } = await filled(given, { unfinished, copies, held, cover })
      const manifest: Manifest = { format: FORMAT, at, files: await listed(unfinished, copies, cover), objects }
      await writeThrough(manifestPath(unfinished, cover), JSON.stringify(manifest, null, 1), cover.put)
      await rename(unfinished, snapshotPath(to, id))
      return { id, at, objects, copied, damages }
    } finally {
      theirs.close()
    }
  } finally {
    for (const left of [held, ...(copies === unfinished ? [] : [copies])]) await rm(left, { recursive: true, force: true })
    own.close()
  }
}
