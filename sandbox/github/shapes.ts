import { branchOf, type Desk, isoOf } from './desk.ts'
import type { Commit, Signature } from './git.ts'
import type { Comment, Person, Pull, Status } from './store.ts'

/** As GitHub writes it, as far as a client of courses reads it and a little beyond. */
type Shape = Record<string, unknown>

export const userShape = ({ login, id, type }: Person): Shape => ({ login, id, type, site_admin: false })

export const repositoryUrl = ({ apiUrl, owner, name }: Desk): string => `${apiUrl}/repos/${owner}/${name}`

export const repositoryShape = (desk: Desk): Shape => ({
  ...{ id: 1, name: desk.name, full_name: `${desk.owner}/${desk.name}`, private: true, fork: false, archived: false, disabled: false },
  owner: { login: desk.owner, id: 1, type: 'Organization' },
  ...{ html_url: desk.webUrl, url: repositoryUrl(desk), clone_url: desk.git.gitdir, default_branch: desk.branch, visibility: 'private' },
})

const signatureShape = ({ name, email, timestamp }: Signature): Shape => ({ name, email, date: isoOf(timestamp * 1000) })

export const commitShape = (desk: Desk, { oid, tree, parent, message, author, committer }: Commit): Shape => ({
  ...{ sha: oid, url: `${repositoryUrl(desk)}/git/commits/${oid}`, html_url: `${desk.webUrl}/commit/${oid}` },
  ...{ author: signatureShape(author), committer: signatureShape(committer), message: message.replace(/\n$/, '') },
  tree: { sha: tree, url: `${repositoryUrl(desk)}/git/trees/${tree}` },
  parents: parent.map((sha) => ({ sha, url: `${repositoryUrl(desk)}/git/commits/${sha}`, html_url: `${desk.webUrl}/commit/${sha}` })),
  verification: { verified: false, reason: 'unsigned', signature: null, payload: null },
})

export const refShape = (desk: Desk, ref: string, sha: string): Shape => ({
  ...{ ref, url: `${repositoryUrl(desk)}/git/${ref}` },
  object: { type: 'commit', sha, url: `${repositoryUrl(desk)}/git/commits/${sha}` },
})

const sideShape = (desk: Desk, branch: string, sha: string): Shape => ({
  ...{ label: `${desk.owner}:${branch}`, ref: branch, sha, user: { login: desk.owner, id: 1, type: 'Organization' } },
  repo: repositoryShape(desk),
})

const orNull = (milliseconds: number | null): string | null => (milliseconds === null ? null : isoOf(milliseconds))

export const pullShape = (desk: Desk, pull: Pull): Shape => ({
  ...{ id: 10_000 + pull.number, number: pull.number, state: pull.state, locked: false, draft: false, title: pull.title, body: pull.body || null },
  ...{ url: `${repositoryUrl(desk)}/pulls/${pull.number}`, html_url: `${desk.webUrl}/pull/${pull.number}` },
  ...{ user: userShape(pull.by), author_association: pull.by.association, labels: [], assignees: [], requested_reviewers: [] },
  ...{ created_at: isoOf(pull.createdAt), updated_at: isoOf(pull.updatedAt), closed_at: orNull(pull.closedAt), merged_at: orNull(pull.mergedAt) },
  merge_commit_sha: pull.mergeCommit,
  ...{ head: sideShape(desk, pull.branch, pull.head), base: sideShape(desk, pull.base, pull.start) },
})

/** One alone tells a little more than a list does. */
export const wholePullShape = (desk: Desk, pull: Pull, mergeable: boolean | null = null): Shape => ({
  ...pullShape(desk, pull),
  ...{ merged: pull.mergedAt !== null, mergeable, merged_by: pull.mergedBy ? userShape(pull.mergedBy) : null },
})

export const commentShape = (desk: Desk, comment: Comment): Shape => {
  const [kind, of = ''] = comment.on.split('/')
  const url = `${repositoryUrl(desk)}/${kind === 'pull' ? 'issues/comments' : 'comments'}/${comment.id}`
  const place = kind === 'pull' ? { issue_url: `${repositoryUrl(desk)}/issues/${of}` } : { commit_id: of, path: null, position: null, line: null }
  return {
    ...{ id: comment.id, url, html_url: `${desk.webUrl}/${comment.on}#comment-${comment.id}`, body: comment.body, ...place },
    ...{ user: userShape(comment.by), author_association: comment.by.association },
    ...{ created_at: isoOf(comment.createdAt), updated_at: isoOf(comment.updatedAt) },
  }
}

export const statusShape = (desk: Desk, { id, sha, context, state, description, url, by, createdAt }: Status): Shape => ({
  ...{ id, url: `${repositoryUrl(desk)}/statuses/${sha}`, state, context, description, target_url: url, creator: userShape(by) },
  ...{ created_at: isoOf(createdAt), updated_at: isoOf(createdAt) },
})

export const pushedCommitShape = (desk: Desk, { oid, tree, message, author, committer }: Commit, changed: Shape): Shape => ({
  ...{ id: oid, tree_id: tree, message: message.replace(/\n$/, ''), distinct: true, timestamp: isoOf(author.timestamp * 1000) },
  ...{ url: `${desk.webUrl}/commit/${oid}`, author: { name: author.name, email: author.email }, committer: { name: committer.name, email: committer.email } },
  ...changed,
})

export const NO_COMMIT = '0'.repeat(40)

type Pushed = { ref: string; before: string | undefined; after: string | undefined; commits: Shape[]; by: Person }

export const pushShape = (desk: Desk, { ref, before, after, commits, by }: Pushed): Shape => ({
  ...{ ref, before: before ?? NO_COMMIT, after: after ?? NO_COMMIT, created: before === undefined, deleted: after === undefined, forced: false },
  ...{ base_ref: null, compare: `${desk.webUrl}/commits/${branchOf(ref)}`, commits, head_commit: commits.at(-1) ?? null },
  ...{ repository: repositoryShape(desk), pusher: { name: by.login, email: null }, sender: userShape(by) },
})

export const pullEventShape = (desk: Desk, action: string, pull: Pull, by: Person): Shape => ({
  ...{ action, number: pull.number, pull_request: wholePullShape(desk, pull), repository: repositoryShape(desk), sender: userShape(by) },
})
