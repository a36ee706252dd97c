import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Name (`refs/heads/main`) to the commit it is at. */
export type Refs = Map<string, string>

const OID = /^[0-9a-f]{40}$/
const LOCK_TRIES = 40
const LOCK_PAUSE_MS = 50
/** A lock this old is left over from a process that was killed: `git` holds one for as long as a rename takes. */
const STALE_LOCK_MS = 30_000

/** Undefined where it is not there, which for refs is an answer; every other fault is one. */
export const unlessMissing = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work
  } catch (error) {
    // Node's own errors of the file system carry a code.
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
    throw error
  }
}

const packed = async (gitdir: string): Promise<Refs> => {
  const text = (await unlessMissing(readFile(join(gitdir, 'packed-refs'), 'utf8'))) ?? ''
  const rows = text.split('\n').map((line) => /^([0-9a-f]{40}) (refs\/\S+)$/.exec(line))
  return new Map(rows.flatMap((row) => (row?.[1] && row[2] ? [[row[2], row[1]] as const] : [])))
}

const loose = async (gitdir: string, folder: string): Promise<[string, string][]> => {
  const entries = (await unlessMissing(readdir(join(gitdir, folder), { withFileTypes: true }))) ?? []
  const found = entries.map(async (entry): Promise<[string, string][]> => {
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) return loose(gitdir, name)
    const oid = entry.name.endsWith('.lock') ? undefined : (await unlessMissing(readFile(join(gitdir, name), 'utf8')))?.trim()
    return oid !== undefined && OID.test(oid) ? [[name, oid]] : []
  })
  return (await Promise.all(found)).flat()
}

/** Branches, loose ones before packed ones, as `git` reads them. */
export const readBranches = async (gitdir: string): Promise<Refs> => {
  const all = new Map([...(await packed(gitdir)), ...(await loose(gitdir, 'refs/heads'))])
  return new Map([...all].filter(([name]) => name.startsWith('refs/heads/')).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

const folders = async (path: string): Promise<string[]> => {
  const entries = (await unlessMissing(readdir(path, { withFileTypes: true }))) ?? []
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => folders(join(path, entry.name)))
  return [path, ...(await Promise.all(below)).flat()]
}

/** Differs whenever a branch may have moved: `git` renames a ref, or `packed-refs`, into place, which touches its folder. */
export const branchesMark = async (gitdir: string): Promise<string> => {
  const places = [...(await folders(join(gitdir, 'refs', 'heads'))), join(gitdir, 'packed-refs')]
  const times = places.map(async (place) => `${place} ${(await unlessMissing(stat(place, { bigint: true })))?.mtimeNs}`)
  return (await Promise.all(times)).join('\n')
}

const lock = async (path: string): Promise<void> => {
  for (let left = LOCK_TRIES; ; left -= 1) {
    try {
      await (await open(path, 'wx')).close()
      return
    } catch (error) {
      // As above.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || left === 0) throw error
      const age = Date.now() - ((await unlessMissing(stat(path)))?.mtimeMs ?? Date.now())
      if (age > STALE_LOCK_MS) await rm(path, { force: true })
      else await pause(LOCK_PAUSE_MS)
    }
  }
}

/** Moves a branch from what it was thought to be at (undefined: not there), under the lock that `git` itself takes. */
export const moveBranch = async (gitdir: string, name: string, { from, to }: { from: string | undefined; to: string }): Promise<'done' | 'moved'> => {
  const path = join(gitdir, name)
  await mkdir(dirname(path), { recursive: true })
  await lock(`${path}.lock`)
  try {
    if ((await readBranches(gitdir)).get(name) !== from) return 'moved'
    const file = await open(`${path}.lock`, 'w')
    await file.writeFile(`${to}\n`)
    await file.close()
    await rename(`${path}.lock`, path)
    return 'done'
  } finally {
    await rm(`${path}.lock`, { force: true })
  }
}
