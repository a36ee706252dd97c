import { createHash } from 'node:crypto'
import { type Proposal, type Pull, RepositoryFailed } from '#ports/repository.ts'
import { type Ask, isRefused } from './client.ts'
import { checkProposal, isOurs } from './paths.ts'
import { pullOf, pullOfBranch } from './pulls.ts'
import { branchHead, filesAt, mainHead } from './reading.ts'
import { Anything, Commit, MadeTree, type PullShape, PullShape as PullShapeSchema } from './shapes.ts'

type Place = { ask: Ask; repository: string; main: string; folder: string }

/** How often a branch that moves under us is looked at anew. */
const MOST_TRIES = 3
/** People's commits on top of ours that are looked through for ours. */
const MOST_STEPS = 50

/** What one of our commits says of itself, as trailers of its message. */
type Written = { digest: string; branch: string; base: string; paths: string[] }

const digestOf = (files: Proposal['files']): string => {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1)).map(({ path, text }) => [path, text])
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex')
}

const messageOf = (title: string, { digest, branch, base, paths }: Written): string =>
  [title, '', ...paths.map((path) => `Lectern-File: ${path}`), `Lectern-Branch: ${branch}`, `Lectern-Base: ${base}`, `Lectern-Draft: ${digest}`].join('\n')

/** Squashed onto the main branch, words of other drafts stand below ours: only what names this branch is of this draft. */
const writtenIn = (message: string, branch: string): Written | undefined => {
  const all = (name: string): string[] => [...message.matchAll(new RegExp(`^${name}: (.+)$`, 'gm'))].map(([, value = '']) => value.trim())
  const [digest] = all('Lectern-Draft').slice(-1)
  const [base] = all('Lectern-Base').slice(-1)
  if (digest === undefined || base === undefined || all('Lectern-Branch').at(-1) !== branch) return undefined
  return { digest, branch, base, paths: all('Lectern-File') }
}

const readCommit = (ask: Ask, sha: string) => ask('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { commit_sha: sha }, Commit)

/** Our newest commit of a branch, below whatever people added to it. */
const newestOfOurs = async (ask: Ask, branch: string, head: string): Promise<Written | undefined> => {
  let sha: string | undefined = head
  for (let step = 0; sha !== undefined && step < MOST_STEPS; step += 1) {
    const { message, parents }: { message: string; parents: { sha: string }[] } = await readCommit(ask, sha)
    const written = writtenIn(message, branch)
    if (written) return written
    sha = parents[0]?.sha
  }
  return undefined
}

type TreeRow = { path: string; mode: '100644'; type: 'blob' } & ({ content: string } | { sha: string | null })

const rowOf = ({ path, text }: Proposal['files'][number]): TreeRow => ({ path, mode: '100644', type: 'blob', content: text })

/** Files that an earlier draft wrote and this one does not: as they were before it, or gone. */
const takenBack = async ({ ask, folder }: Place, { before, files, head }: { before: Written; files: Proposal['files']; head: string }): Promise<TreeRow[]> => {
  const left = before.paths.filter((path) => isOurs(path, folder) && !files.some((file) => file.path === path))
  if (left.length === 0) return []
  const [then, now] = [await filesAt(ask, before.base, folder), await filesAt(ask, head, folder)]
  return left.flatMap((path): TreeRow[] => {
    if (!now.some((file) => file.path === path)) return []
    return [{ path, mode: '100644', type: 'blob', sha: then.find((file) => file.path === path)?.blob ?? null }]
  })
}

type Step = { title: string; onto: string; rows: TreeRow[]; written: Written }

/** A commit on top of another; that one itself where nothing would change. */
const commitOnto = async (ask: Ask, { title, onto, rows, written }: Step): Promise<string> => {
  const below = (await readCommit(ask, onto)).tree.sha
  const { sha: tree } = await ask('POST /repos/{owner}/{repo}/git/trees', { base_tree: below, tree: rows }, MadeTree)
  if (tree === below) return onto
  const commit = { message: messageOf(title, written), tree, parents: [onto] }
  return (await ask('POST /repos/{owner}/{repo}/git/commits', commit, MadeTree)).sha
}

/** The branch as it is to be; undefined where it moved meanwhile, and has to be looked at anew. */
const writeBranch = async (place: Place, { branch, title, files }: Proposal): Promise<string | undefined> => {
  const { ask, main } = place
  const [rows, digest, paths] = [files.map(rowOf), digestOf(files), files.map(({ path }) => path)]
  const head = await branchHead(ask, branch)
  if (head === undefined) {
    const base = await mainHead(ask, main)
    if (base === undefined) throw new RepositoryFailed('refused', 'The repository is empty: it needs a first commit, a README will do.')
    const commit = await commitOnto(ask, { title, onto: base, rows, written: { digest, branch, base, paths } })
    if (commit === base) throw new RepositoryFailed('refused', `All of it stands in ${main} already, word for word.`)
    return ask('POST /repos/{owner}/{repo}/git/refs', { ref: `refs/heads/${branch}`, sha: commit }, Anything).then(() => commit, orMoved)
  }
  const before = await newestOfOurs(ask, branch, head)
  // What people did to it since is theirs: the same draft, told of twice, does not undo it.
  if (before?.digest === digest) return head
  const base = before?.base ?? head
  const back = before ? await takenBack(place, { before, files, head }) : []
  const commit = await commitOnto(ask, { title, onto: head, rows: [...rows, ...back], written: { digest, branch, base, paths } })
  if (commit === head) return head
  return ask('PATCH /repos/{owner}/{repo}/git/refs/{+ref}', { ref: `heads/${branch}`, sha: commit, force: false }, Anything).then(() => commit, orMoved)
}

/** Somebody came first, perhaps we ourselves in a call whose answer was lost. A rule of the repository that forbids it is no such thing. */
const orMoved = (error: unknown): undefined => {
  if (isRefused(error, 409) || (isRefused(error, 422) && /already exists|fast forward|but expected/i.test(error.message))) return undefined
  throw error
}

const settledBranch = async (place: Place, proposal: Proposal): Promise<string> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const head = await writeBranch(place, proposal)
    if (head !== undefined) return head
  }
  throw new RepositoryFailed('unreachable', `The branch ${proposal.branch} moves all the time.`)
}

/** GitHub may write line ends its own way. */
const isSame = (a: string | null, b: string): boolean => (a ?? '').replaceAll('\r\n', '\n').trim() === b.replaceAll('\r\n', '\n').trim()

const openOne = async ({ ask, repository, main }: Place, { branch, title, body }: Proposal): Promise<PullShape> => {
  try {
    return await ask('POST /repos/{owner}/{repo}/pulls', { title, body, head: branch, base: main }, PullShapeSchema)
  } catch (error) {
    if (!isRefused(error, 422)) throw error
    // “A pull request already exists”: the answer of the call that made it was lost.
    const found = await pullOfBranch(ask, repository, branch)
    if (found) return found
    throw error
  }
}

export const propose = async (place: Place, proposal: Proposal): Promise<Pull> => {
  const { ask, repository, main, folder } = place
  checkProposal(proposal, { main, folder })
  const known = await pullOfBranch(ask, repository, proposal.branch)
  if (known && known.state !== 'open') return pullOf(known)
  const head = await settledBranch(place, proposal)
  const pull = known ?? (await openOne(place, proposal))
  const { title, body } = proposal
  if (pull.state === 'open' && !(pull.title.trim() === title.trim() && isSame(pull.body, body)))
    await ask('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: pull.number, title, body }, Anything)
  // A pull request may tell of the branch as it was a moment ago.
  return { ...pullOf(pull), head }
}
