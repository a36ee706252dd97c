import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { hasCode } from '../error-code.ts'
import { openKept, openWanted, type Totals } from './blobs.ts'
import { type Chosen, chosenSnapshot } from './check.ts'
import { type Cover, Sealed } from './cover.ts'
import { copyFile } from './files.ts'
import { clearBesideLease, LEASE_FILE, type Lease, lease } from './lease.ts'
import { BLOBS_FILE, bytesPath, filePath, OBJECTS_FILE } from './manifest.ts'
import { withScratch } from './scratch.ts'
import { BackupTrouble } from './trouble.ts'

export type Restored = { id: string; at: string; files: number; objects: Totals }

const checkEmpty = async (to: string): Promise<void> => {
  const there = await readdir(to).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  })
  if (there.length > 0) throw new BackupTrouble(`${to} is not empty. A school is restored into a folder of its own: move away what is there first.`)
}

const changed = (what: string, cause?: unknown): BackupTrouble =>
  new BackupTrouble(`${what} is not as it was backed up. See all that is wrong with it with --verify, or take an older one.`, { cause })

type Exactly = { what: string; sha256: string; take: Cover['take']; mode?: number }

const copyExactly = async (from: string, to: string, { what, sha256, ...how }: Exactly): Promise<number> => {
  const copied = await copyFile(from, to, how).catch((cause: unknown) => {
    if (hasCode(cause, 'ENOENT')) throw new BackupTrouble(`${what} is not in the backup. See all that is wrong with it with --verify.`, { cause })
    throw cause instanceof Sealed ? changed(what, cause) : cause
  })
  if (copied.sha256 !== sha256) throw changed(what)
  return copied.bytes
}

type Filling = { from: string; folder: string; cover: Cover; making: string; tell: (done: number, total: number) => void }

/** As the store makes its files: for its group too where the umask says so, which a server in front may read them by. */
const BLOB_MODE = 0o666

/** Each blob once, under the name that the store's database has for it. */
const fillStore = async ({ from, folder, cover, making, tell }: Filling): Promise<Totals> => {
  const [wanted, kept] = [openWanted(join(making, OBJECTS_FILE), 'read'), openKept(filePath(folder, BLOBS_FILE), 'read')]
  const blobs = join(making, 'objects', 'blobs')
  const { bytes: total } = wanted.totals()
  const written = new Set<string>()
  let done = 0
  try {
    await mkdir(blobs, { recursive: true })
    for (const { blob, what } of wanted.all()) {
      if (written.has(blob)) continue
      written.add(blob)
      const own = kept.find(blob)
      if (!own) throw new BackupTrouble(`${what} could not be backed up then. Take an older backup with --snapshot.`)
      done += await copyExactly(bytesPath(from, own.sha256, cover), join(blobs, blob), { what, sha256: own.sha256, take: cover.take, mode: BLOB_MODE })
      tell(done, total)
    }
    return wanted.objects()
  } finally {
    wanted.close()
    kept.close()
  }
}

/** Where a school is put together before it gets its name, and what whoever does so holds meanwhile. */
export const makingFolder = (to: string): string => `${resolve(to)}.restoring`
export const makingLease = (to: string): string => join(makingFolder(to), LEASE_FILE)

/** Begins it anew, whatever was left there by one that was killed. */
const begun = async (to: string): Promise<Lease> => {
  const own = await lease(makingLease(to), `Another restore is making a school in ${makingFolder(to)}.`)
  await clearBesideLease(makingFolder(to))
  return own
}

/** Gives it its name, held until it has it. A restore takes hours: what somebody has put there meanwhile stays. */
const named = async (to: string): Promise<void> => {
  await checkEmpty(to)
  await rmdir(to).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error
  })
  await rename(makingFolder(to), to)
  await rm(join(to, LEASE_FILE), { force: true })
}

/**
 * Makes a data folder of a backup, whole or not at all: it gets its name when everything in it has been compared with its digest.
 * @throws BackupTrouble where the folder is not empty, another restore makes it, or something in the backup is not as it was written
 */
export const restoreBackup = async ({
  to,
  tell = () => undefined,
  ...chosen
}: Chosen & { to: string; tell?: (done: number, total: number) => void }): Promise<Restored> => {
  await checkEmpty(to)
  const { id, folder, manifest, cover } = await chosenSnapshot(chosen)
  const making = makingFolder(to)
  const own = await begun(to)
  return withScratch(making, async () => {
    for (const { path, sha256 } of manifest.files)
      if (path !== BLOBS_FILE) await copyExactly(filePath(folder, path, cover), join(making, path), { what: path, sha256, take: cover.take })
    const objects = await fillStore({ from: chosen.from, folder, cover, making, tell })
    await named(to)
    return { id, at: manifest.at, files: manifest.files.length - 1, objects }
  }).finally(() => own.close())
}
