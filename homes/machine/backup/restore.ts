import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../error-code.ts'
import { whyUnkept } from '../unkept.ts'
import { openKept, openWanted, type Totals } from './blobs.ts'
import { type Chosen, chosenSnapshot } from './check.ts'
import { type Cover, Sealed } from './cover.ts'
import { copyFile } from './files.ts'
import { clearBesideLease, LEASE_FILE, type Lease, lease } from './lease.ts'
import { checkEmpty, makingFolder, named, schoolIn, takeBack } from './making.ts'
import { BLOBS_FILE, bytesPath, filePath, OBJECTS_FILE } from './manifest.ts'
import { withScratch } from './scratch.ts'
import { BackupTrouble } from './trouble.ts'

export type Restored = { id: string; at: string; files: number; objects: Totals }

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

type Filling = { from: string; folder: string; cover: Cover; school: string; tell: (done: number, total: number) => void }

/** As the store makes its files: for its group too where the umask says so, which a server in front may read them by. */
const BLOB_MODE = 0o666

/** Each blob once, under the name that the store's database has for it. */
const fillStore = async ({ from, folder, cover, school, tell }: Filling): Promise<Totals> => {
  const [wanted, kept] = [openWanted(join(school, OBJECTS_FILE), 'read'), openKept(filePath(folder, BLOBS_FILE), 'read')]
  const blobs = join(school, 'objects', 'blobs')
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

/** Begins it anew, whatever was left there by one that was killed. */
const begun = async (to: string, making: string): Promise<Lease> => {
  const own = await lease(join(making, LEASE_FILE), `Another restore is making a school in ${making}.`)
  takeBack(to)
  await clearBesideLease(making)
  return own
}

/** What the system does not let be done, in a sentence; anything else is thrown as it came. */
const inWords = (to: string, cause: unknown): BackupTrouble => {
  const why = whyUnkept(cause)
  if (!(cause instanceof Error) || (why === undefined && !('syscall' in cause))) throw cause
  if (why === 'full') return new BackupTrouble(`The disk of ${to} is full: it takes as much room as the whole school. Nothing of it was left there.`, { cause })
  const advice = 'docs/operations/backup.md says by whom and where a school is restored.'
  return new BackupTrouble(`The school could not be put into ${to}: ${cause.message}. ${advice}`, { cause })
}

/**
 * Makes a data folder of a backup, whole or not at all: it gets its name when everything in it has been compared with its digest. A folder that is there, and
 * empty, is filled then, and no school opens in it before.
 * @throws BackupTrouble where the folder is not empty, another restore makes it, the system does not let it be made, or something in the backup is not as it was written
 */
export const restoreBackup = async ({
  to,
  tell = () => undefined,
  ...chosen
}: Chosen & { to: string; tell?: (done: number, total: number) => void }): Promise<Restored> => {
  try {
    checkEmpty(to)
    const { id, folder, manifest, cover } = await chosenSnapshot(chosen)
    const making = makingFolder(to)
    const school = schoolIn(making)
    const own = await begun(to, making)
    return await withScratch(making, async () => {
      for (const { path, sha256 } of manifest.files)
        if (path !== BLOBS_FILE) await copyExactly(filePath(folder, path, cover), join(school, path), { what: path, sha256, take: cover.take })
      const objects = await fillStore({ from: chosen.from, folder, cover, school, tell })
      await named(making, to)
      return { id, at: manifest.at, files: manifest.files.length - 1, objects }
    }).finally(() => own.close())
  } catch (error) {
    throw inWords(to, error)
  }
}
