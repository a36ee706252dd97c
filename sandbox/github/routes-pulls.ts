import type { Desk } from './desk.ts'
import { invalid, notFound } from './errors.ts'
import { closePull, foundPull, mergePull, openPull, rehearseMerge, reopenPull, rewordPull } from './pulls.ts'
import { type Call, json, paged, REPOSITORY, type Route, required, route, text } from './routes.ts'
import { commitBy } from './routes-git.ts'
import { commentShape, pullShape, statusShape, wholePullShape } from './shapes.ts'
import type { Comment, Pull, Status, StatusState } from './store.ts'

const numbered = ({ desk, params }: Call): Pull => foundPull(desk, Number(params[0]))
const pathOf = ({ owner, name }: Desk, rest: string): string => `/repos/${owner}/${name}/${rest}`

const listPulls = (call: Call) => {
  const { desk, query } = call
  const [state, head, base] = [query.get('state') ?? 'open', query.get('head'), query.get('base')]
  const found = desk.store
    .pulls()
    .filter(
      (pull) =>
        (state === 'all' || pull.state === state) && (base === null || pull.base === base) && (head === null || head === `${desk.owner}:${pull.branch}`),
    )
  const all = query.get('sort') === 'updated' ? found.toSorted((a, b) => b.updatedAt - a.updatedAt) : found
  const ordered = query.get('direction') === 'asc' ? all.toReversed() : all
  return paged(
    call,
    pathOf(desk, 'pulls'),
    ordered.map((pull) => pullShape(desk, pull)),
  )
}

const createPull = async ({ desk, said, by }: Call) => {
  const named = required(said, 'head')
  const branch = named.startsWith(`${desk.owner}:`) ? named.slice(desk.owner.length + 1) : named
  const asked = { title: required(said, 'title'), body: text(said, 'body') ?? '', branch, base: required(said, 'base'), by }
  return json(wholePullShape(desk, await openPull(desk, asked)), 201)
}

const changePull = async (call: Call) => {
  const { desk, said, by } = call
  const pull = numbered(call)
  const [title, body, state] = [text(said, 'title') ?? pull.title, text(said, 'body') ?? pull.body, text(said, 'state')]
  const reworded = rewordPull(desk, pull, { title, body, by })
  if (state === undefined) return json(wholePullShape(desk, reworded))
  if (state !== 'open' && state !== 'closed') throw invalid('Validation Failed', [{ resource: 'PullRequest', field: 'state', code: 'invalid' }])
  return json(wholePullShape(desk, state === 'closed' ? closePull(desk, reworded, by) : await reopenPull(desk, reworded, by)))
}

const readPull = async (call: Call) => {
  const pull = numbered(call)
  const rehearsed = await rehearseMerge(call.desk, pull)
  return json(wholePullShape(call.desk, pull, rehearsed ? 'tree' in rehearsed : null))
}

const merge = async (call: Call) => {
  const expected = text(call.said, 'sha')
  const { mergeCommit } = await mergePull(call.desk, numbered(call), { by: call.by, ...(expected !== undefined && { expected }) })
  return json({ sha: mergeCommit, merged: true, message: 'Pull Request successfully merged' })
}

const MOST_COMMENT = 65_536

const wordsOf = ({ said }: Call): string => {
  const body = required(said, 'body')
  if (body.trim() === '')
    throw invalid('Validation Failed', [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message: 'Body cannot be blank' }])
  if (body.length > MOST_COMMENT) throw invalid('Validation Failed', [{ message: `body is too long (maximum is ${MOST_COMMENT} characters)` }])
  return body
}

const addComment = (call: Call, on: string) => {
  const { desk, by } = call
  const at = desk.now()
  const made = desk.store.addComment({ on, body: wordsOf(call), by, createdAt: at, updatedAt: at })
  return json(commentShape(desk, made), 201)
}

const editComment = (call: Call, kind: 'pull' | 'commit') => {
  const { desk, params } = call
  const comment: Comment | undefined = desk.store.comment(Number(params[0]))
  if (!comment?.on.startsWith(`${kind}/`)) throw notFound()
  return json(commentShape(desk, desk.store.putComment({ ...comment, body: wordsOf(call), updatedAt: desk.now() })))
}

const listComments = (call: Call, on: string, rest: string) =>
  paged(
    call,
    pathOf(call.desk, rest),
    call.desk.store.comments(on).map((comment) => commentShape(call.desk, comment)),
  )

const STATES: readonly StatusState[] = ['error', 'failure', 'pending', 'success']

const addStatus = async ({ desk, params, said, by }: Call) => {
  const sha = await commitBy(desk, params[0] ?? '')
  const [state, description] = [STATES.find((each) => each === said['state']), text(said, 'description') ?? null]
  if (!state) throw invalid('Validation Failed', [{ resource: 'Status', code: 'custom', field: 'state' }])
  if (description !== null && description.length > 140)
    throw invalid('Validation Failed', [
      { resource: 'Status', code: 'custom', field: 'description', message: 'description is too long (maximum is 140 characters)' },
    ])
  const made = { sha, context: text(said, 'context') ?? 'default', state, description, url: text(said, 'target_url') ?? null, by, createdAt: desk.now() }
  const status = desk.store.addStatus(made)
  return json(statusShape(desk, status), 201)
}

/** The newest of each context. */
export const currentStatuses = ({ store }: Desk, sha: string): Status[] => [
  ...new Map(
    store
      .statuses(sha)
      .toReversed()
      .map((status) => [status.context, status]),
  ).values(),
]

/** As GitHub sums them up. */
export const combined = (statuses: readonly Status[]): StatusState => {
  if (statuses.some(({ state }) => state === 'failure' || state === 'error')) return 'failure'
  return statuses.length === 0 || statuses.some(({ state }) => state === 'pending') ? 'pending' : 'success'
}

const readStatus = async ({ desk, params }: Call) => {
  const sha = await commitBy(desk, decodeURIComponent(params[0] ?? ''))
  const statuses = currentStatuses(desk, sha)
  return json({ sha, state: combined(statuses), total_count: statuses.length, statuses: statuses.map((status) => statusShape(desk, status)) })
}

export const pullRoutes: Route[] = [
  route(`GET ${REPOSITORY}/pulls`, listPulls),
  route(`POST ${REPOSITORY}/pulls`, createPull),
  route(`GET ${REPOSITORY}/pulls/{number}`, readPull),
  route(`PATCH ${REPOSITORY}/pulls/{number}`, changePull),
  route(`PUT ${REPOSITORY}/pulls/{number}/merge`, merge),
  route(`GET ${REPOSITORY}/issues/{number}/comments`, (call) => listComments(call, `pull/${numbered(call).number}`, `issues/${call.params[0]}/comments`)),
  route(`POST ${REPOSITORY}/issues/{number}/comments`, (call) => addComment(call, `pull/${numbered(call).number}`)),
  route(`PATCH ${REPOSITORY}/issues/comments/{id}`, (call) => editComment(call, 'pull')),
  route(`GET ${REPOSITORY}/commits/{sha}/comments`, async (call) =>
    listComments(call, `commit/${await commitBy(call.desk, call.params[0] ?? '')}`, `commits/${call.params[0]}/comments`),
  ),
  route(`POST ${REPOSITORY}/commits/{sha}/comments`, async (call) => addComment(call, `commit/${await commitBy(call.desk, call.params[0] ?? '')}`)),
  route(`PATCH ${REPOSITORY}/comments/{id}`, (call) => editComment(call, 'commit')),
  route(`POST ${REPOSITORY}/statuses/{sha}`, addStatus),
  route(`GET ${REPOSITORY}/commits/{ref}/status`, readStatus),
]
