import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { hasCode } from '../error-code.ts'
import { type Cover, Sealed, UNCOVERED } from './cover.ts'
import { textThrough } from './files.ts'
import { BackupTrouble } from './trouble.ts'

/*
 * A folder of backups:
 *
 *   lectern-backup.json      what it is, and of which shape
 *   snapshots/<id>/          a school at one moment: manifest.json, written last, and files/
 *   blobs/<two>/<sha256>     bytes of objects, each once however many snapshots and objects have them
 *
 * Where it is encrypted all of these end with .age, but for the first and blobs.sqlite, and are called by what they were before.
 */

/** Of a manifest. */
export const FORMAT = 1

const what = z.literal('lectern-backup')
/** `recipients`: the public keys that everything is encrypted for, sorted. */
const Mark = z.discriminatedUnion('format', [
  z.object({ what, format: z.literal(1) }),
  z.object({ what, format: z.literal(2), recipients: z.array(z.string()).min(1) }),
])
export type Mark = z.infer<typeof Mark>

export const markOf = (recipients: string[] | undefined): Mark =>
  recipients ? { what: 'lectern-backup', format: 2, recipients } : { what: 'lectern-backup', format: 1 }

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** A file of the data folder, by its path there; sizes in bytes. */
export const KeptFile = z.object({ path: z.string().regex(/^(?!\/)(?!.*\.\.)[^\0\\]+$/), bytes: z.int().min(0), sha256 })
export type KeptFile = z.infer<typeof KeptFile>

export const Manifest = z.object({
  format: z.literal(FORMAT),
  at: z.iso.datetime(),
  files: z.array(KeptFile),
  objects: z.object({ count: z.int().min(0), bytes: z.int().min(0) }),
})
export type Manifest = z.infer<typeof Manifest>

/** Of a snapshot's own files the one that tells which bytes each blob of the store has. */
export const BLOBS_FILE = 'blobs.sqlite'
export const OBJECTS_FILE = 'objects/objects.sqlite'

const markPath = (backups: string): string => join(backups, 'lectern-backup.json')
export const writeMark = (backups: string, mark: Mark): Promise<void> => writeFile(markPath(backups), `${JSON.stringify(mark)}\n`)
export const snapshotPath = (backups: string, id: string): string => join(backups, 'snapshots', id)
type Ending = Pick<Cover, 'suffix'>
export const filePath = (snapshot: string, path: string, { suffix }: Ending = UNCOVERED): string => join(snapshot, 'files', `${path}${suffix}`)
export const bytesPath = (backups: string, digest: string, { suffix }: Ending = UNCOVERED): string =>
  join(backups, 'blobs', digest.slice(0, 2), `${digest}${suffix}`)

const UNFINISHED = '.unfinished'
export const unfinishedPath = (backups: string, id: string): string => `${snapshotPath(backups, id)}${UNFINISHED}`

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/** Ids of the snapshots that were finished, oldest first. */
export const snapshotsIn = async (backups: string): Promise<string[]> =>
  (await namesIn(join(backups, 'snapshots'))).filter((name) => !name.endsWith(UNFINISHED)).toSorted()

/** What backups left that were cut short. */
export const unfinishedIn = async (backups: string): Promise<string[]> =>
  (await namesIn(join(backups, 'snapshots'))).filter((name) => name.endsWith(UNFINISHED)).map((name) => join(backups, 'snapshots', name))

/** @throws BackupTrouble where the folder holds something else */
export const checkMark = async (backups: string): Promise<Mark | 'empty'> => {
  const text = await readFile(markPath(backups), 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
  if (text === undefined) {
    if ((await namesIn(backups)).length === 0) return 'empty'
    throw new BackupTrouble(`${backups} holds something that is no backup of a school. Name an empty folder.`)
  }
  const { data } = Mark.safeParse(jsonOf(text))
  if (!data) throw new BackupTrouble(`${markPath(backups)} is not of a shape that this version knows.`)
  return data
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const manifestPath = (snapshot: string, { suffix }: Ending): string => join(snapshot, `manifest.json${suffix}`)

/**
 * Undefined where it is not to be read.
 * @throws BackupTrouble where it is encrypted, and not for whoever reads
 */
export const readManifest = async (snapshot: string, cover: Cover): Promise<Manifest | undefined> => {
  const text = await textThrough(manifestPath(snapshot, cover), cover.take).catch((error: unknown) => {
    if (error instanceof Sealed && error.why === 'other-key')
      throw new BackupTrouble('These backups are encrypted for another key than yours.', { cause: error })
    if (error instanceof Sealed || hasCode(error, 'ENOENT')) return ''
    throw error
  })
  return Manifest.safeParse(jsonOf(text)).data
}
