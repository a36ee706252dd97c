import { access, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import git from 'isomorphic-git'
import { files } from './files.ts'

export type Entry = { mode: string; oid: string }
/** Every file of a tree by its path, what is inside folders too. */
export type Flat = Map<string, Entry>
export type Signature = { name: string; email: string; timestamp: number; timezoneOffset: number }
export type Commit = { oid: string; tree: string; parent: string[]; message: string; author: Signature; committer: Signature }
export type TreeRow = Entry & { path: string; type: string }

const MODES: Record<string, string> = { '40000': '040000' }

type Place = { fs: typeof files; gitdir: string; cache: object }

const ancestry = (at: Place) => {
  const parents = new Map<string, readonly string[]>()
  /** Whether a commit is one of another's ancestors, or that one itself. What was read once of a history is not read again. */
  const isWithin = async (ancestor: string, oid: string): Promise<boolean> => {
    const [seen, next] = [new Set([oid]), [oid]]
    for (let here = next.pop(); here !== undefined; here = next.pop()) {
      if (here === ancestor) return true
      const above = parents.get(here) ?? (await git.readCommit({ ...at, oid: here })).commit.parent
      parents.set(here, above)
      for (const each of above) if (!seen.has(each)) next.push(each)
      for (const each of above) seen.add(each)
    }
    return false
  }

  return {
    isWithin,
    /** The newest commit that both have; undefined for histories that never met. */
    // isomorphic-git says `any`.
    mergeBase: async (a: string, b: string): Promise<string | undefined> => ((await git.findMergeBase({ ...at, oids: [a, b] })) as string[])[0],
  }
}

const reading = (at: Place) => {
  const sizes = new Map<string, number>()
  const blob = async (oid: string): Promise<Uint8Array> => (await git.readBlob({ ...at, oid })).blob
  const rows = async (oid: string): Promise<TreeRow[]> =>
    (await git.readTree({ ...at, oid })).tree.map((entry) => ({ ...entry, mode: MODES[entry.mode] ?? entry.mode }))

  const walk = async (oid: string, prefix = ''): Promise<TreeRow[]> => {
    const found = (await rows(oid)).map(async (row): Promise<TreeRow[]> => {
      const named = { ...row, path: prefix + row.path }
      return row.type === 'tree' ? [named, ...(await walk(row.oid, `${named.path}/`))] : [named]
    })
    return (await Promise.all(found)).flat()
  }

  return {
    blob,
    rows,
    walk,
    flat: async (oid: string): Promise<Flat> =>
      new Map((await walk(oid)).filter(({ type }) => type !== 'tree').map(({ path, mode, oid: file }) => [path, { mode, oid: file }])),
    async sizeOf(oid: string): Promise<number> {
      const size = sizes.get(oid) ?? (await blob(oid)).length
      sizes.set(oid, size)
      return size
    },
    async commit(oid: string): Promise<Commit> {
      const { commit, oid: own } = await git.readCommit({ ...at, oid })
      return { ...commit, oid: own }
    },
    /** What kind of object this is; undefined where there is none. */
    async kindOf(oid: string): Promise<string | undefined> {
      if (!/^[0-9a-f]{40}$/.test(oid)) return undefined
      try {
        return (await git.readObject({ ...at, oid })).type
      } catch (error) {
        if (error instanceof git.Errors.NotFoundError) return undefined
        throw error
      }
    },
    log: async (oid: string, depth: number): Promise<Commit[]> =>
      (await git.log({ ...at, ref: oid, depth })).map(({ commit, oid: own }) => ({ ...commit, oid: own })),
  }
}

const writing = (at: Place) => {
  const writeTree = (tree: TreeRow[]): Promise<string> =>
    git.writeTree({
      ...at,
      // A tree's entries are of these three kinds; the mode says which.
      tree: tree.map(({ mode, path, oid, type }) => ({ mode, path, oid, type: type as 'blob' | 'tree' | 'commit' })),
    })

  /** Folders are made of paths; one that nothing is left in is not made. */
  const writeFlat = async (flat: Flat): Promise<string> => {
    const rows: TreeRow[] = []
    const below = new Map<string, Flat>()
    for (const [path, entry] of flat) {
      const slash = path.indexOf('/')
      if (slash < 0) rows.push({ ...entry, path, type: entry.mode === '160000' ? 'commit' : 'blob' })
      else {
        const folder = path.slice(0, slash)
        below.set(folder, (below.get(folder) ?? new Map()).set(path.slice(slash + 1), entry))
      }
    }
    for (const [path, inside] of below) rows.push({ mode: '040000', path, oid: await writeFlat(inside), type: 'tree' })
    return writeTree(rows)
  }

  return {
    writeFlat,
    writeBlob: (blob: Uint8Array): Promise<string> => git.writeBlob({ ...at, blob }),
    writeCommit: (commit: Omit<Commit, 'oid'>): Promise<string> => git.writeCommit({ ...at, commit }),
  }
}

/** A bare repository on the disk, made where there is none. */
export const openGit = async (gitdir: string, branch: string) => {
  const at: Place = { fs: files, gitdir, cache: {} }
  const isThere = await access(join(gitdir, 'HEAD')).then(
    () => true,
    () => false,
  )
  if (!isThere) {
    await mkdir(dirname(gitdir), { recursive: true })
    await git.init({ fs: files, gitdir, bare: true, defaultBranch: branch })
  }
  return { gitdir, ...ancestry(at), ...reading(at), ...writing(at) }
}
export type Git = Awaited<ReturnType<typeof openGit>>
