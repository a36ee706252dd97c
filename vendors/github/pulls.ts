import { type Pull, RepositoryFailed } from '#ports/repository.ts'
import { type Ask, isRefused } from './client.ts'
import { Anything, PullShape, Pulls } from './shapes.ts'

/** A day of proposals is a fraction of a page. */
const MOST_PAGES = 10
const PAGE = 100

const stateOf = ({ state, merged_at: merged }: PullShape): Pull['state'] => (merged ? 'merged' : state)

export const pullOf = (shape: PullShape): Pull => ({
  ...{ number: shape.number, url: shape.html_url, branch: shape.head.ref, head: shape.head.sha, state: stateOf(shape) },
  createdAt: new Date(shape.created_at).toISOString(),
})

/** Of a branch of this repository, not of one of that name somewhere else. */
const isFrom = (repository: string, { head }: PullShape): boolean => head.repo?.full_name.toLowerCase() === repository.toLowerCase()

export const readPull = async (ask: Ask, number: number): Promise<Pull | undefined> => {
  if (!Number.isSafeInteger(number) || number < 1) return undefined
  try {
    return pullOf(await ask('GET /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: number }, PullShape))
  } catch (error) {
    if (!isRefused(error, 404)) throw error
    // GitHub answers the same to who may not see the repository, whose pull requests have not gone.
    await ask('GET /repos/{owner}/{repo}', {}, Anything)
    return undefined
  }
}

/** Of a branch: the one that is open, or else the newest. */
export const pullOfBranch = async (ask: Ask, repository: string, branch: string): Promise<PullShape | undefined> => {
  const head = `${repository.split('/')[0]}:${branch}`
  const found = await ask('GET /repos/{owner}/{repo}/pulls', { head, state: 'all', sort: 'created', direction: 'desc', per_page: PAGE }, Pulls)
  const ours = found.filter((pull) => pull.head.ref === branch && (pull.head.repo === null || isFrom(repository, pull)))
  return ours.find(({ state }) => state === 'open') ?? ours[0]
}

export const pullsSince = async (ask: Ask, repository: string, { prefix, since }: { prefix: string; since: string }): Promise<Pull[]> => {
  const from = Date.parse(since)
  const found: Pull[] = []
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const asked = { state: 'all', sort: 'created', direction: 'desc', per_page: PAGE, page }
    const pulls = await ask('GET /repos/{owner}/{repo}/pulls', asked, Pulls)
    const young = pulls.filter(({ created_at: at }) => Date.parse(at) >= from)
    found.push(...young.filter((pull) => pull.head.ref.startsWith(prefix) && isFrom(repository, pull)).map(pullOf))
    if (young.length < PAGE) return found
  }
  // A number that is too small would let more be proposed than was meant.
  throw new RepositoryFailed('refused', `More than ${MOST_PAGES * PAGE} pull requests were opened since ${since}.`)
}
