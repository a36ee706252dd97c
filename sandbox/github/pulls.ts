import { headOf, makeCommit, move } from './branches.ts'
import type { Desk } from './desk.ts'
import { ApiError, invalid, notFound } from './errors.ts'
import { type Merged, mergeTrees } from './merging.ts'
import { pullEventShape } from './shapes.ts'
import type { Person, Pull } from './store.ts'

const MOST_TITLE = 256
const MOST_BODY = 65_536

const keep = (desk: Desk, pull: Pull, action: string, by: Person): Pull => {
  desk.store.together(() => {
    desk.store.putPull(pull)
    desk.tell([{ event: 'pull_request', action, payload: pullEventShape(desk, action, pull, by) }])
  })
  desk.wake()
  return pull
}

export const foundPull = ({ store }: Desk, number: number): Pull => {
  const pull = store.pull(number)
  if (!pull) throw notFound()
  return pull
}

const wording = ({ title, body }: { title: string; body: string }): void => {
  if (title.trim() === '') throw invalid('Validation Failed', [{ resource: 'PullRequest', code: 'missing_field', field: 'title' }])
  if (title.length > MOST_TITLE) throw invalid('Validation Failed', [{ message: `title is too long (maximum is ${MOST_TITLE} characters)` }])
  if (body.length > MOST_BODY) throw invalid('Validation Failed', [{ message: `body is too long (maximum is ${MOST_BODY} characters)` }])
}

const refusedPull = (message: string): ApiError => invalid('Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }])

type Asked = { title: string; body: string; branch: string; base: string; by: Person }

export const openPull = async (desk: Desk, { title, body, branch, base, by }: Asked): Promise<Pull> => {
  const { store, git, owner } = desk
  wording({ title, body })
  const [head, start] = [await headOf(desk, branch), await headOf(desk, base)]
  if (head === undefined) throw invalid('Validation Failed', [{ resource: 'PullRequest', field: 'head', code: 'invalid' }])
  if (start === undefined) throw invalid('Validation Failed', [{ resource: 'PullRequest', field: 'base', code: 'invalid' }])
  if (store.openPulls().some((pull) => pull.branch === branch && pull.base === base)) throw refusedPull(`A pull request already exists for ${owner}:${branch}.`)
  if (await git.isWithin(head, start)) throw refusedPull(`No commits between ${base} and ${branch}`)
  const at = desk.now()
  const opened: Pull = {
    ...{ number: store.nextNumber(), title, body, branch, base, head, start, state: 'open', createdAt: at, updatedAt: at },
    ...{ closedAt: null, mergedAt: null, mergeCommit: null, by, mergedBy: null },
  }
  return keep(desk, opened, 'opened', by)
}

export const rewordPull = (desk: Desk, pull: Pull, { title, body, by }: { title: string; body: string; by: Person }): Pull => {
  wording({ title, body })
  return title === pull.title && body === pull.body ? pull : keep(desk, { ...pull, title, body, updatedAt: desk.now() }, 'edited', by)
}

export const closePull = (desk: Desk, pull: Pull, by: Person): Pull => {
  const at = desk.now()
  return pull.state === 'closed' ? pull : keep(desk, { ...pull, state: 'closed', closedAt: at, updatedAt: at }, 'closed', by)
}

export const reopenPull = async (desk: Desk, pull: Pull, by: Person): Promise<Pull> => {
  if (pull.state === 'open') return pull
  if (pull.mergedAt !== null) throw refusedPull('The pull request has been merged and cannot be reopened.')
  const head = await headOf(desk, pull.branch)
  if (head === undefined) throw refusedPull(`The branch ${pull.branch} has been deleted.`)
  return keep(desk, { ...pull, head, state: 'open', closedAt: null, updatedAt: desk.now() }, 'reopened', by)
}

/** What merging it now would make; undefined where it is not open. */
export const rehearseMerge = async (desk: Desk, pull: Pull): Promise<(Merged & { onto: string }) | undefined> => {
  const onto = await headOf(desk, pull.base)
  if (pull.state !== 'open' || onto === undefined) return undefined
  const base = await desk.git.mergeBase(onto, pull.head)
  if (base === undefined) return { conflicts: ['The histories have nothing in common.'], onto }
  return { ...(await mergeTrees(desk.git, { base, ours: onto, theirs: pull.head })), onto }
}

/** A merge commit with both as its parents, never a fast forward: what GitHub’s green button does. */
export const mergePull = async (desk: Desk, pull: Pull, { by, expected }: { by: Person; expected?: string }): Promise<Pull> => {
  const rehearsed = await rehearseMerge(desk, pull)
  if (!rehearsed) throw new ApiError(405, 'Pull Request is not mergeable')
  if (expected !== undefined && expected !== pull.head) throw new ApiError(409, 'Head branch was modified. Review and try the merge again.')
  if ('conflicts' in rehearsed) throw new ApiError(405, 'Pull Request is not mergeable')
  const message = `Merge pull request #${pull.number} from ${desk.owner}/${pull.branch}\n\n${pull.title}`
  const commit = await makeCommit(desk, { tree: rehearsed.tree, parents: [rehearsed.onto, pull.head], message, by })
  await move(desk, pull.base, { from: rehearsed.onto, to: commit, by, merged: { number: pull.number, commit, by } })
  return foundPull(desk, pull.number)
}

/** What the merge brought is taken back on a branch of its own, and proposed as any other change is. */
export const revertPull = async (desk: Desk, pull: Pull, by: Person): Promise<Pull> => {
  const { git } = desk
  const onto = await headOf(desk, pull.base)
  if (pull.mergeCommit === null || onto === undefined) throw refusedPull('Only what was merged can be reverted.')
  const merge = await git.commit(pull.mergeCommit)
  // Merged by a push that only moved the branch on: then what it brought is all since it was opened.
  const before = merge.parent.length > 1 ? merge.parent[0] : pull.start
  if (before === undefined) throw refusedPull('There is nothing before it to go back to.')
  const reverted = await mergeTrees(git, { base: pull.mergeCommit, ours: onto, theirs: before })
  if ('conflicts' in reverted) throw refusedPull('Sorry, this pull request couldn’t be reverted automatically: it was changed since.')
  const [branch, title] = [`revert-${pull.number}-${pull.branch}`, `Revert "${pull.title}"`.slice(0, MOST_TITLE)]
  const open = desk.store.openPulls().find((each) => each.branch === branch)
  if (open) return open
  const from = await headOf(desk, branch)
  const message = `${title}\n\nThis reverts pull request #${pull.number}, merged in ${pull.mergeCommit}.`
  const commit = await makeCommit(desk, { tree: reverted.tree, parents: [onto], message, by })
  await move(desk, branch, { from, to: commit, by })
  return openPull(desk, { title, body: `Reverts #${pull.number}: what it brought is taken back.`, branch, base: pull.base, by })
}

/** What a pull request changes is told from where its branch left the main one. */
export const startOf = async ({ git, ...desk }: Desk, pull: Pull): Promise<string> => {
  if (pull.mergeCommit === null) {
    const onto = await headOf({ git, ...desk }, pull.base)
    return (onto !== undefined && (await git.mergeBase(onto, pull.head))) || pull.start
  }
  const { parent } = await git.commit(pull.mergeCommit)
  return (parent.length > 1 && parent[0] !== undefined && (await git.mergeBase(parent[0], pull.head))) || pull.start
}
