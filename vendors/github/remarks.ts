import { type CommitStatus, RepositoryFailed } from '#ports/repository.ts'
import { type Ask, isRefused } from './client.ts'
import { Anything, type CommentShape, Comments } from './shapes.ts'

const PAGE = 100
const MOST_PAGES = 10
const MOST_COMMENT = 65_536
/** GitHub's bound for a status. */
const MOST_DESCRIPTION = 140

type To = { pull: number } | { commit: string }

const listRoute = (to: To): [string, Record<string, unknown>] =>
  'pull' in to
    ? ['/repos/{owner}/{repo}/issues/{issue_number}/comments', { issue_number: to.pull }]
    : ['/repos/{owner}/{repo}/commits/{commit_sha}/comments', { commit_sha: to.commit }]

const oneRoute = (to: To): string => ('pull' in to ? '/repos/{owner}/{repo}/issues/comments/{comment_id}' : '/repos/{owner}/{repo}/comments/{comment_id}')

/**
 * A stranger may write the mark too, where a repository is open to all: theirs is not ours to change. An App is a bot, and a token
 * belongs to somebody of the repository.
 */
const isOwn = ({ body, user, author_association: association }: CommentShape, mark: string): boolean =>
  (body ?? '').startsWith(mark) && (user?.type === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(association ?? ''))

const findOwn = async (ask: Ask, to: To, mark: string): Promise<CommentShape | undefined> => {
  const [path, named] = listRoute(to)
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const comments = await ask(`GET ${path}`, { ...named, per_page: PAGE, page }, Comments)
    const own = comments.find((comment) => isOwn(comment, mark))
    if (own || comments.length < PAGE) return own
  }
  return undefined
}

const MOST_TRIES = 3

/** A comment with a mark that is not seen, by which it is found again and changed in place. */
export const writeComment = async (ask: Ask, to: To, { mark, text }: { mark: string; text: string }): Promise<void> => {
  if (!/^[\w-]{1,100}$/.test(mark)) throw new RepositoryFailed('refused', 'A mark is a word of letters, digits and dashes.')
  const sign = `<!-- lectern:${mark} -->`
  const body = `${sign}\n${text}`.slice(0, MOST_COMMENT)
  const [path, named] = listRoute(to)
  for (let tried = 1; ; tried += 1) {
    const own = await findOwn(ask, to, sign)
    if (own?.body?.replaceAll('\r\n', '\n') === body) return
    if (own) return void (await ask(`PATCH ${oneRoute(to)}`, { comment_id: own.id, body }, Anything))
    try {
      return void (await ask(`POST ${path}`, { ...named, body }, Anything, { isOnce: true }))
    } catch (error) {
      // Without an answer it may stand there: it is looked for before it is written again.
      if (!(error instanceof RepositoryFailed) || error.reason !== 'unreachable' || tried === MOST_TRIES) throw error
    }
  }
}

const shortened = (says: string): string => {
  const line = says.replace(/\s+/g, ' ').trim()
  return line.length <= MOST_DESCRIPTION ? line : `${line.slice(0, MOST_DESCRIPTION - 1)}…`
}

export const writeStatus = async (ask: Ask, { commit, context, state, says, url }: CommitStatus): Promise<'done' | 'not-allowed'> => {
  const status = { sha: commit, context, state, description: shortened(says), ...(url !== undefined && { target_url: url }) }
  try {
    await ask('POST /repos/{owner}/{repo}/statuses/{sha}', status, Anything)
    return 'done'
  } catch (error) {
    if (isRefused(error, 403, 404) && error.reason === 'not-allowed') return 'not-allowed'
    throw error
  }
}
