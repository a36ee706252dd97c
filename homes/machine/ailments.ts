import { chmod, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { doubtful, type Finding, type ill, listed, well } from '#core/operations/findings.ts'
import type { Clock } from '#ports/clock.ts'
import { besideLease, clearBesideLease, LEASE_FILE, lease } from './backup/lease.ts'
import { makingBeside, makingInside, takeBack } from './backup/making.ts'
import { BackupTrouble } from './backup/trouble.ts'
import { openBlobs } from './blobs.ts'
import { hasCode } from './error-code.ts'
import { IDENTITY_FILES } from './identity/store.ts'
import { SCRATCH } from './scratch-names.ts'

/**
 * Something in a data folder that is not as it should be. `mend` does what needs nobody's decision, and answers what it did; what has none is for
 * a person, by `advice`. Nothing that anything refers to is ever removed.
 */
export type Ailment = { says: string; names: readonly string[]; mend?(): Promise<string>; advice?: string }

/** `mend`: what puts it right without anybody's decision, and answers what it did. */
export type Mendable = Finding & { mend?: (() => Promise<string>) | undefined }

export const ailing = (found: Ailment | undefined, sound: string, state: typeof doubtful | typeof ill = doubtful): Mendable => {
  if (!found) return well(sound)
  const { says, names, mend, advice = mend && 'npm run lectern -- doctor --fix mends it' } = found
  return { ...state(`${names.length} ${says}: ${listed(names)}`), advice, mend }
}

type Folder = { data: string; clock: Clock }

const DAY_MS = 24 * 3600_000
const MINUTE_MS = 60_000

const entriesOf = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder)
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return []
    throw error
  }
}

const looked = async (path: string): Promise<{ mode: number; changed: number } | undefined> => {
  try {
    const { mode, mtimeMs, ctimeMs } = await stat(path)
    return { mode, changed: Math.max(mtimeMs, ctimeMs) }
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
}

const SECRET = ['secrets.json', ...IDENTITY_FILES]

/** Files with keys and passwords in them are for their owner alone. */
export const openSecretFiles = async ({ data }: Folder): Promise<Ailment | undefined> => {
  const names: string[] = []
  for (const name of SECRET) if (((await looked(join(data, name)))?.mode ?? 0) & 0o077) names.push(name)
  if (names.length === 0) return undefined
  const mend = async (): Promise<string> => {
    for (const name of names) await chmod(join(data, name), 0o600)
    return 'are for their owner alone now'
  }
  return { says: 'can be read by others on this machine', names, mend }
}

type Left = { path: string; afterMs: number }

/** What programs leave that were killed: half an exchange of secrets, a probe, a file on its way into the store, a copy that an upgrade was tried on. */
const leftIn = async (data: string): Promise<Left[]> => {
  const named = async (folder: string, start: string, afterMs: number): Promise<Left[]> =>
    (await entriesOf(folder)).filter((name) => name.startsWith(start)).map((name) => ({ path: join(folder, name), afterMs }))
  return [
    ...(await named(data, 'secrets.json.new', MINUTE_MS)),
    ...(await named(data, SCRATCH.probe, MINUTE_MS)),
    ...(await named(join(data, 'objects'), 'carried-', DAY_MS)),
    ...(await named(data, SCRATCH.upgrade, DAY_MS)),
  ]
}

/** Whether another process is at work where it holds a lease. */
const isHeld = async (path: string): Promise<boolean> => {
  try {
    const own = await lease(path, '', 0)
    own.close()
    return false
  } catch (error) {
    if (error instanceof BackupTrouble) return true
    throw error
  }
}

/** What a restore that was killed has made in the data folder or beside it: a whole school, or most of it. */
const halfRestored = async (path: string): Promise<Left[]> => {
  const held = join(path, LEASE_FILE)
  if (!(await looked(path))) return []
  // Without a lease it is an earlier version's, which may be at it for as long as a store takes.
  if (!(await looked(held))) return [{ path, afterMs: DAY_MS }]
  return (await isHeld(held)) ? [] : [{ path, afterMs: MINUTE_MS }]
}

/** Folders of a backup that was killed hold links to what the school has removed since; while one is under way they are its own. */
const heldByNobody = async (data: string): Promise<string[]> => {
  const held = join(data, 'objects', 'held')
  const left = besideLease(await entriesOf(held))
  if (left.length === 0 || (await isHeld(join(held, LEASE_FILE)))) return []
  return left.map((name) => join(held, name))
}

const allLeft = async ({ data, clock }: Folder): Promise<string[]> => {
  const paths = await heldByNobody(data)
  const restored = [makingInside(data), makingBeside(data)].map(halfRestored)
  for (const { path, afterMs } of [...(await leftIn(data)), ...(await Promise.all(restored)).flat()]) {
    const found = await looked(path)
    if (found && clock.now().getTime() - found.changed > afterMs) paths.push(path)
  }
  return paths
}

/** Held while it goes, where whoever makes such a thing holds it: nobody begins one in what is half gone. */
const removed = async (path: string): Promise<void> => {
  const held = join(path, LEASE_FILE)
  const own = (await looked(held)) && (await lease(held, 'Somebody has begun there since.', 0))
  try {
    if (path === makingInside(dirname(path))) takeBack(dirname(path))
    if (own) await clearBesideLease(path)
    await rm(path, { recursive: true, force: true })
  } finally {
    own?.close()
  }
}

export const leftovers = async (folder: Folder): Promise<Ailment | undefined> => {
  const paths = await allLeft(folder)
  if (paths.length === 0) return undefined
  const mend = async (): Promise<string> => {
    // Somebody may have begun since it was looked for.
    for (const path of await allLeft(folder)) await removed(path)
    return 'were removed'
  }
  return { says: 'were left by programs that ended in the middle', names: paths.map((path) => basename(path)), mend }
}

type Named = { blobs: Map<string, string>; close(): void; isNamed(blob: string): boolean; isBegun(blob: string): boolean }

const USED = 'SELECT blob, key FROM objects UNION ALL SELECT blob, upload FROM parts UNION ALL SELECT blob, upload FROM joins'

/** What the store refers to now, by whom; asked anew of each before it goes. */
const namedIn = (store: string): Named => {
  const database = new DatabaseSync(join(store, 'objects.sqlite'), { readOnly: true })
  const one = database.prepare(`SELECT 1 FROM (${USED}) WHERE blob = ?`)
  const begun = database.prepare('SELECT 1 FROM joins WHERE blob = ? AND bytes = 0')
  const rows = database.prepare(USED).all()
  return {
    blobs: new Map(rows.map(({ blob, key }) => [String(blob), String(key)])),
    isNamed: (blob) => one.get(blob) !== undefined,
    isBegun: (blob) => begun.get(blob) !== undefined,
    close: () => database.close(),
  }
}

const inStore = async <T>(data: string, look: (store: string, named: Named) => Promise<T>): Promise<T | undefined> => {
  const store = join(data, 'objects')
  if (!(await looked(join(store, 'objects.sqlite')))) return undefined
  const named = namedIn(store)
  try {
    return await look(store, named)
  } finally {
    named.close()
  }
}

/** Files of the store that nothing refers to, a day after anybody touched them: an upload or a crash may be about to name a younger one. */
export const orphans = ({ data, clock }: Folder): Promise<Ailment | undefined> =>
  inStore(data, async (store, { blobs }) => {
    const before = new Date(clock.now().getTime() - DAY_MS)
    const names: string[] = []
    for (const name of await entriesOf(join(store, 'blobs'))) {
      const found = blobs.has(name) ? undefined : await looked(join(store, 'blobs', name))
      if (found && found.changed < before.getTime()) names.push(name)
    }
    if (names.length === 0) return undefined
    const mend = async (): Promise<string> => {
      const files = await openBlobs(join(store, 'blobs'))
      const gone = await inStore(data, (_, { isNamed }) => files.sweep(isNamed, before))
      return `${gone ?? 0} were removed`
    }
    return { says: 'files of the store belong to nothing', names, mend }
  })

/** Objects whose bytes the disk has lost: only a backup has them. A file that parts are joined in is named before it is made. */
export const lostObjects = ({ data }: Folder): Promise<Ailment | undefined> =>
  inStore(data, async (store, { blobs, isNamed, isBegun }) => {
    const there = new Set(await entriesOf(join(store, 'blobs')))
    const names = [...blobs].filter(([blob]) => !there.has(blob) && isNamed(blob) && !isBegun(blob)).map(([, key]) => key)
    if (names.length === 0) return undefined
    return { says: 'have no bytes in the store any more', names, advice: 'Take them from a backup: npm run lectern -- restore --help' }
  })

/** Deliveries that were given up. */
export const givenUp = async ({ data }: Pick<Folder, 'data'>): Promise<{ name: string; listener: string }[]> => {
  const path = join(data, 'school.sqlite')
  if (!(await looked(path))) return []
  const school = new DatabaseSync(path, { readOnly: true })
  try {
    const rows = school.prepare('SELECT name, listener FROM deliveries JOIN outbox ON id = event WHERE is_dead = 1').all()
    return rows.map(({ name, listener }) => ({ name: String(name), listener: String(listener) }))
  } finally {
    school.close()
  }
}
