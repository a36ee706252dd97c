import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { unsoundness } from './backup/check.ts'
import { isScratch } from './scratch-names.ts'

/** What does not hold together any more, and how that shows. */
export type Unsound = { what: string; says: string }

const LOCKED = 'database is locked'

/** Every database of a data folder, and of what lies in it; but for copies that somebody makes at this moment, or was killed over. */
export const databasesBelow = async (folder: string): Promise<string[]> => {
  const found = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const below = found.map(async (entry) => {
    if (isScratch(entry.name)) return []
    if (entry.isDirectory()) return databasesBelow(join(folder, entry.name))
    return entry.name.endsWith('.sqlite') ? [join(folder, entry.name)] : []
  })
  return (await Promise.all(below)).flat()
}

/** Reads every page of every database of a data folder, of an open school too. */
export const unsoundDatabases = async (folder: string): Promise<Unsound[]> =>
  (await databasesBelow(folder)).flatMap((path) => {
    const says = unsoundness(path)
    // Whoever works with it has it to themselves, as encoders have their lease: held is not damaged.
    return says === undefined || says === LOCKED ? [] : [{ what: relative(folder, path), says }]
  })

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('md5')
  for await (const bytes of createReadStream(path)) hash.update(bytes)
  return hash.digest('hex')
}

/** Of an object put in one piece it is the digest of its bytes; of one that came in parts it is not. */
const DIGEST = /^[0-9a-f]{32}$/

/**
 * Reads every object that came in one piece, as all of a video that is watched did, against the digest it was stored with. One that is
 * replaced or removed meanwhile is not told of.
 */
export const unsoundObjects = async (folder: string): Promise<{ read: number; unsound: Unsound[] }> => {
  const store = join(folder, 'objects')
  const rows = new DatabaseSync(join(store, 'objects.sqlite'), { readOnly: true })
  try {
    const blobOf = rows.prepare('SELECT blob FROM objects WHERE key = ?')
    const all = rows.prepare('SELECT key, blob, etag FROM objects ORDER BY key').all()
    const unsound: Unsound[] = []
    let read = 0
    for (const { key, blob, etag } of all) {
      if (!DIGEST.test(String(etag))) continue
      const digest = await digestOf(join(store, 'blobs', String(blob))).catch(() => undefined)
      read += 1
      if (digest === etag || blobOf.get(String(key))?.['blob'] !== blob) continue
      unsound.push({ what: String(key), says: digest === undefined ? 'Its file cannot be read.' : 'Its bytes are not those that were stored.' })
    }
    return { read, unsound }
  } finally {
    rows.close()
  }
}

/** Whether there is a store yet. */
export const hasStore = (folder: string): Promise<boolean> =>
  access(join(folder, 'objects', 'objects.sqlite')).then(
    () => true,
    () => false,
  )
