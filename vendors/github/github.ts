import type { Repository, RepositoryHooks } from '#ports/repository.ts'
import type { Secret } from '#ports/secret.ts'
import { type Auth, client, type GithubLimits } from './client.ts'
import { readNews } from './news.ts'
import { propose } from './proposing.ts'
import { pullsSince, readPull } from './pulls.ts'
import { filesAt, mainHead, readText } from './reading.ts'
import { writeComment, writeStatus } from './remarks.ts'

export type GithubOptions = {
  /** `owner/name` */
  repository: string
  branch: string
  /** Of courses; empty for the whole repository. */
  folder: string
  /** `https://api.github.com`, or a server’s own. */
  apiUrl: string
  auth: Auth
  /** Any of them makes a webhook's signature hold: two while one is being changed for another. */
  webhookSecrets: readonly Secret[]
  /** Where people look at it, without a slash at its end; by the API's address where it is left out. */
  webUrl?: string
  limits?: Partial<GithubLimits>
}

/** GitHub's web address beside its API's: a server of one's own answers the API below `/api/v3`. */
const webOf = (apiUrl: string): string => {
  const { origin, host } = new URL(apiUrl)
  return host === 'api.github.com' ? 'https://github.com' : origin
}

/**
 * GitHub, or a server that speaks as it does. Nothing but `lectern/…` branches is written, through commits that GitHub makes of trees:
 * there is no clone, no `git`, and no force. docs/operations/github.md lists every call and what a token must allow.
 */
export const github = ({ repository, branch, folder, apiUrl, auth, webhookSecrets, webUrl, limits }: GithubOptions): Repository & RepositoryHooks => {
  const ask = client({ apiUrl, repository, auth, ...(limits && { limits }) })
  return {
    ...{ name: repository, url: `${webUrl ?? webOf(apiUrl)}/${repository}`, branch, folder },
    head: () => mainHead(ask, branch),
    files: (commit) => filesAt(ask, commit, folder),
    read: (blob) => readText(ask, blob),
    propose: (proposal) => propose({ ask, repository, main: branch, folder }, proposal),
    pull: (number) => readPull(ask, number),
    proposedSince: (prefix, since) => pullsSince(ask, repository, { prefix, since }),
    comment: (to, comment) => writeComment(ask, to, comment),
    setStatus: (status) => writeStatus(ask, status),
    readNews: readNews(repository, webhookSecrets),
  }
}
