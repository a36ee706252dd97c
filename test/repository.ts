import { createHash, createHmac } from 'node:crypto'
import type { Clock } from '#ports/clock.ts'
import { type CommitStatus, type Pull, type Repository, RepositoryFailed, type RepositoryHooks, type RepositoryNews } from '#ports/repository.ts'

type Tree = ReadonlyMap<string, string>
type Said = { to: { pull: number } | { commit: string }; mark: string; text: string }
type StoredPull = Pull & { title: string; body: string; files: Tree }

/** Git's own hash of a file's bytes. */
export const blobOf = (text: string): string => {
  const bytes = Buffer.from(text)
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** What a call is answered with instead, until it is taken back; `all` for whichever call has none of its own. */
export type RepositoryFaults = Partial<
  Record<'all' | 'head' | 'files' | 'read' | 'propose' | 'pull' | 'proposedSince' | 'comment' | 'setStatus', RepositoryFailed['reason']>
> & {
  /** The token has no leave for commit statuses, which is told and not thrown. */
  mayNotSetStatus?: boolean
}

export type Hook = { body: Uint8Array; signature: string; event: string; delivery: string }

const SECRET = 'a webhook secret of tests'
const signatureOf = (body: Uint8Array): string => `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`

const newsOf = (event: string, body: { ref?: string; pull_request?: { number: number } }): Omit<RepositoryNews, 'id'> => {
  if (event === 'push') return { kind: 'pushed', ...(body.ref !== undefined && { branch: body.ref.replace('refs/heads/', '') }) }
  return event === 'pull_request' && body.pull_request ? { kind: 'pull-changed', pull: body.pull_request.number } : { kind: 'other' }
}

const hooks: RepositoryHooks = {
  readNews: ({ body, signature, event, delivery }) => {
    if (signature !== signatureOf(body) || event === undefined || delivery === undefined) return undefined
    return { id: delivery, ...newsOf(event, JSON.parse(new TextDecoder().decode(body))) }
  },
}

/** Main, as a line of commits. */
const history = () => {
  const trees = new Map<string, Tree>()
  const [line, blobs]: [string[], Map<string, string>] = [[], new Map()]
  const keep = (id: string, tree: Tree): void => {
    for (const text of tree.values()) blobs.set(blobOf(text), text)
    trees.set(id, tree)
  }
  const commit = (tree: Tree): string => {
    const id = createHash('sha1')
      .update(JSON.stringify([line.at(-1), [...tree].toSorted(), line.length]))
      .digest('hex')
    keep(id, tree)
    line.push(id)
    return id
  }
  const treeOf = (id: string | undefined): Tree => trees.get(id ?? '') ?? new Map()
  return { line, blobs, commit, keep, treeOf, has: (id: string): boolean => trees.has(id) }
}

const changed = (tree: Tree, files: Readonly<Record<string, string | undefined>>): Tree => {
  const after = new Map(tree)
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) after.delete(path)
    else after.set(path, text)
  }
  return after
}

type Inside = {
  main: ReturnType<typeof history>
  pulls: Map<number, StoredPull>
  said: Said[]
  statuses: CommitStatus[]
  folder: string
  url: string
  clock: Clock
}

const shown = ({ title: _, body: __, files: ___, ...pull }: StoredPull): Pull => pull

/** A branch that begins where main is, with one commit. */
const branched = (main: Inside['main'], name: unknown, files: Tree): string => {
  const id = createHash('sha1')
    .update(JSON.stringify([name, [...files]]))
    .digest('hex')
  main.keep(id, changed(main.treeOf(main.line.at(-1)), Object.fromEntries(files)))
  return id
}

const proposing = ({ main, pulls, url, clock }: Inside): Repository['propose'] => {
  return async ({ branch, title, body, files }) => {
    const tree: Tree = new Map(files.map(({ path, text }) => [path, text]))
    const head = branched(main, [branch, title], tree)
    const before = [...pulls.values()].find((pull) => pull.branch === branch)
    if (before && before.state !== 'open') return shown(before)
    const number = before?.number ?? pulls.size + 1
    const made = { number, url: `${url}/pull/${number}`, branch, head, state: 'open' as const, createdAt: before?.createdAt ?? clock.now().toISOString() }
    pulls.set(number, { ...made, title, body, files: tree })
    return made
  }
}

const calls = (inside: Inside): Omit<Repository, 'name' | 'url' | 'branch' | 'folder'> => {
  const { main, pulls, said, statuses, folder } = inside
  return {
    head: async () => main.line.at(-1),
    files: async (commit) => {
      // As of a fork that nobody but its owner may read.
      if (!main.has(commit)) throw new RepositoryFailed('not-allowed', 'There is no such commit.')
      const below = [...main.treeOf(commit)].filter(([path]) => folder === '' || path.startsWith(`${folder}/`))
      return below.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => ({ path, blob: blobOf(text), sizeBytes: Buffer.byteLength(text) }))
    },
    read: async (blob) => main.blobs.get(blob),
    propose: proposing(inside),
    pull: async (number) => {
      const pull = pulls.get(number)
      return pull && shown(pull)
    },
    proposedSince: async (prefix, since) => [...pulls.values()].filter((pull) => pull.branch.startsWith(prefix) && pull.createdAt >= since).map(shown),
    comment: async (to, { mark, text }) => {
      const before = said.find((each) => each.mark === mark && JSON.stringify(each.to) === JSON.stringify(to))
      if (before) before.text = text
      else said.push({ to, mark, text })
    },
    setStatus: async (status) => {
      statuses.push(status)
      return 'done'
    },
  }
}

/** Each call counted, and failing while its fault is on. */
const switched = (inside: ReturnType<typeof calls>, faults: RepositoryFaults, made: string[]): ReturnType<typeof calls> => {
  const guard = (name: keyof ReturnType<typeof calls>): void => {
    made.push(name)
    const reason = faults[name] ?? faults.all
    if (reason) throw new RepositoryFailed(reason, `The repository is ${reason} in this test.`)
  }
  const around = <A extends unknown[], R>(name: keyof ReturnType<typeof calls>, call: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      guard(name)
      return call(...given)
    }
  }
  return {
    head: around('head', inside.head),
    files: around('files', inside.files),
    read: around('read', inside.read),
    propose: around('propose', inside.propose),
    pull: around('pull', inside.pull),
    proposedSince: around('proposedSince', inside.proposedSince),
    comment: around('comment', inside.comment),
    setStatus: around('setStatus', async (status) => (faults.mayNotSetStatus ? 'not-allowed' : inside.setStatus(status))),
  }
}

export type TestRepository = ReturnType<typeof aRepository>

/**
 * The school's repository, in memory: what people do to it (`commit`, `revert`, `merge`, `close`), what the school asks of it, and what
 * it has been told (`said`, `statuses`). `faults` may be changed at any time; `made` lists the calls.
 */
export const aRepository = ({ clock, folder = 'courses' }: { clock: Clock; folder?: string }) => {
  const url = 'https://github.test/school/courses'
  const inside: Inside = { main: history(), pulls: new Map(), said: [], statuses: [], folder, url, clock }
  const { main, pulls } = inside
  const faults: RepositoryFaults = {}
  const made: string[] = []
  let delivered = 0
  const settle = (number: number, state: 'merged' | 'closed'): StoredPull => {
    const pull = pulls.get(number)
    if (pull?.state !== 'open') throw new Error(`Pull request ${number} is not open.`)
    pulls.set(number, { ...pull, state })
    return pull
  }
  return {
    ...{ name: 'school/courses', url, branch: 'main', folder, ...hooks, ...switched(calls(inside), faults, made) },
    ...{ faults, made, pulls, said: inside.said, statuses: inside.statuses },
    /** The text of every file that main has now. */
    texts: (): Record<string, string> => Object.fromEntries(main.treeOf(main.line.at(-1))),
    /** Files by their paths from the root; undefined takes one away. Answers the commit. */
    commit: (files: Readonly<Record<string, string | undefined>>): string => main.commit(changed(main.treeOf(main.line.at(-1)), files)),
    /** Main as it was before its newest commit, by a commit of its own. */
    revert: (): string => main.commit(main.treeOf(main.line.at(-2))),
    /** Somebody has pushed another line: main is at a commit it has been at before. */
    reset: (commit: string): void => void main.line.push(commit),
    /** Merges a pull request as GitHub does, and answers the commit. */
    merge: (number: number): string => main.commit(changed(main.treeOf(main.line.at(-1)), Object.fromEntries(settle(number, 'merged').files))),
    /** Somebody pushes another commit to a pull request's branch, or to one of a fork that the school may not read; answers the commit. */
    edit: (number: number, files: Readonly<Record<string, string>>, { isReadable = true } = {}): string => {
      const pull = pulls.get(number)
      if (!pull) throw new Error(`There is no pull request ${number}.`)
      const tree = changed(pull.files, files)
      const head = isReadable ? branched(main, [pull.branch, pull.head], tree) : blobOf(`${pull.head} of a fork`)
      pulls.set(number, { ...pull, head, files: tree })
      return head
    },
    close: (number: number): void => void settle(number, 'closed'),
    /** A webhook as it is sent; the same `delivery` is the same one again. */
    hook: (event: string, payload: object = {}, delivery = `delivery-${++delivered}`): Hook => {
      const body = new TextEncoder().encode(JSON.stringify(payload))
      return { body, signature: signatureOf(body), event, delivery }
    },
  }
}
