import { branchOf, type Desk, PUSHER, refOf, signatureOf } from './desk.ts'
import { ApiError, invalid } from './errors.ts'
import type { Commit, Flat, Git } from './git.ts'
import type { Webhook } from './hooks.ts'
import { changesBetween } from './merging.ts'
import { branchesMark, moveBranch, readBranches } from './refs.ts'
import { pullEventShape, pushedCommitShape, pushShape } from './shapes.ts'
import type { Person, Pull } from './store.ts'

/** As many as a push tells of. */
const MOST_COMMITS = 20
const WATCH_MS = 300

export const headOf = async ({ git }: Desk, branch: string): Promise<string | undefined> => (await readBranches(git.gitdir)).get(refOf(branch))

const changedBy = async (git: Git, commit: Commit) => {
  const changes = await changesBetween(git, commit.parent[0], commit.oid)
  const paths = (...kinds: string[]): string[] => changes.filter(({ status }) => kinds.includes(status)).map(({ path }) => path)
  const left = changes.flatMap(({ from }) => (from === undefined ? [] : [from]))
  return { added: paths('added', 'renamed'), removed: [...paths('removed'), ...left], modified: paths('modified') }
}

/** What came with a push, oldest first. */
const commitsOf = async (desk: Desk, before: string | undefined, after: string) => {
  const { git } = desk
  const told: Commit[] = []
  for (const commit of await git.log(after, MOST_COMMITS)) {
    if (before !== undefined && (await git.isWithin(commit.oid, before))) continue
    told.push(commit)
  }
  return Promise.all(told.toReversed().map(async (commit) => pushedCommitShape(desk, commit, await changedBy(git, commit))))
}

type Moved = { ref: string; before: string | undefined; after: string | undefined }
/** Merged by a press of the button: which commit did it, and whose press it was. */
export type MergedBy = { number: number; commit: string; by: Person }

const afterMove = async (desk: Desk, pull: Pull, { ref, after }: Moved, merged: MergedBy | undefined): Promise<{ action: string; pull: Pull } | undefined> => {
  const at = desk.now()
  const isOwn = refOf(pull.branch) === ref
  if (isOwn && after === undefined) return { action: 'closed', pull: { ...pull, state: 'closed', closedAt: at, updatedAt: at } }
  if (isOwn && after !== undefined && after !== pull.head) return { action: 'synchronize', pull: { ...pull, head: after, updatedAt: at } }
  if (refOf(pull.base) !== ref || after === undefined || !(await desk.git.isWithin(pull.head, after))) return undefined
  const [mergeCommit, mergedBy] = merged?.number === pull.number ? [merged.commit, merged.by] : [after, PUSHER]
  const closed = { state: 'closed', closedAt: at, updatedAt: at, mergedAt: at } as const
  return { action: 'closed', pull: { ...pull, ...closed, mergeCommit, mergedBy } }
}

/**
 * Looks where branches are, and tells of each that moved, whoever moved it: a push by a `git` on the disk is no other to it than a call
 * of the API. What was not told before a restart is told after it.
 */
export const observe = async (desk: Desk, by: Person = PUSHER, merged?: MergedBy): Promise<void> => {
  const { git, store } = desk
  const [now, known] = [await readBranches(git.gitdir), new Map(store.knownBranches())]
  const moved: Moved[] = [...new Set([...known.keys(), ...now.keys()])]
    .map((ref) => ({ ref, before: known.get(ref), after: now.get(ref) }))
    .filter(({ before, after }) => before !== after)
  if (moved.length === 0) return
  const webhooks: Webhook[] = []
  const pulls = new Map(store.openPulls().map((pull) => [pull.number, pull]))
  for (const move of moved) {
    const { before, after } = move
    const commits = after === undefined ? [] : await commitsOf(desk, before, after)
    const forced = before !== undefined && after !== undefined && !(await git.isWithin(before, after))
    webhooks.push({ event: 'push', payload: { ...pushShape(desk, { ...move, commits, by }), forced } })
    for (const pull of pulls.values()) {
      const change = pull.state === 'open' ? await afterMove(desk, pull, move, merged) : undefined
      if (!change) continue
      pulls.set(pull.number, change.pull)
      webhooks.push({ event: 'pull_request', action: change.action, payload: pullEventShape(desk, change.action, change.pull, by) })
    }
  }
  store.together(() => {
    for (const pull of pulls.values()) store.putPull(pull)
    store.putBranches([...now])
    desk.tell(webhooks)
  })
  desk.wake()
}

/** Moves a branch and tells of it. @throws ApiError where it has moved meanwhile */
export const move = async (desk: Desk, branch: string, of: { from: string | undefined; to: string; by: Person; merged?: MergedBy }): Promise<void> => {
  const outcome = await moveBranch(desk.git.gitdir, refOf(branch), of).catch((cause: NodeJS.ErrnoException) => {
    // A branch `a` and one `a/b` cannot both be: a ref is a file.
    if (['ENOTDIR', 'EEXIST', 'EISDIR', 'ENOTEMPTY'].includes(cause.code ?? '')) throw invalid('Reference name conflicts with an existing one')
    throw cause
  })
  if (outcome === 'moved') throw new ApiError(409, `The branch ${branch} has moved meanwhile.`)
  await observe(desk, of.by, of.merged)
}

type Made = { tree: string; parents: string[]; message: string; by: Person }

export const makeCommit = ({ git, now }: Desk, { tree, parents, message, by }: Made): Promise<string> => {
  const signature = signatureOf(by, now())
  return git.writeCommit({ tree, parent: parents, message: message.endsWith('\n') ? message : `${message}\n`, author: signature, committer: signature })
}

/** One commit on a branch that changes files; `text` undefined removes one. */
export const commitFile = async (
  desk: Desk,
  branch: string,
  change: { path: string; text: string | undefined; message: string; by: Person },
): Promise<string> => {
  const { git } = desk
  const head = await headOf(desk, branch)
  if (head === undefined) throw new ApiError(404, 'Branch not found')
  const flat: Flat = await git.flat(head)
  if (change.text === undefined) flat.delete(change.path)
  else {
    const oid = await git.writeBlob(new TextEncoder().encode(change.text))
    flat.set(change.path, { mode: flat.get(change.path)?.mode ?? '100644', oid })
  }
  const commit = await makeCommit(desk, { tree: await git.writeFlat(flat), parents: [head], message: change.message, by: change.by })
  await move(desk, branch, { from: head, to: commit, by: change.by })
  return commit
}

const README = (name: string): string => `# ${name}

Courses, written as files. Whatever is merged into the main branch below the folder of courses is published by the school.
`

/** A README and one commit, so that there is something to clone. */
export const seed = async (desk: Desk): Promise<void> => {
  const { git, name, branch, store } = desk
  if ((await readBranches(git.gitdir)).size > 0 || store.knownBranches() !== undefined) return
  const oid = await git.writeBlob(new TextEncoder().encode(README(name)))
  const tree = await git.writeFlat(new Map([['README.md', { mode: '100644', oid }]]))
  const commit = await makeCommit(desk, { tree, parents: [], message: 'Initial commit', by: PUSHER })
  await moveBranch(git.gitdir, refOf(branch), { from: undefined, to: commit })
  // Nobody has to be told of the beginning.
  store.putBranches([...(await readBranches(git.gitdir))])
}

/** Looks at the disk a few times a second; `stop` waits for a look under way. */
export const watch = (desk: Desk): { stop(): Promise<void> } => {
  let seen = ''
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()
  const look = async (): Promise<void> => {
    const mark = await branchesMark(desk.git.gitdir)
    if (mark === seen) return
    await desk.inTurn(() => observe(desk))
    seen = mark
  }
  const next = (): void => {
    if (isStopped) return
    timer = setTimeout(() => {
      looking = look()
        // Nobody is there to be answered, and a push half written is whole the next time.
        .catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)))
        .finally(next)
    }, WATCH_MS).unref()
  }
  next()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await looking
    },
  }
}

export const branchNames = async ({ git }: Desk): Promise<string[]> => [...(await readBranches(git.gitdir)).keys()].map(branchOf)
