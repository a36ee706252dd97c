import { type Repository, RepositoryFailed, type RepositoryHooks } from '#ports/repository.ts'
import type { Secret } from '#ports/secret.ts'

export type GithubOptions = {
  /** `owner/name` */
  repository: string
  branch: string
  /** Of courses; empty for the whole repository. */
  folder: string
  /** `https://api.github.com`, or a server’s own. */
  apiUrl: string
  auth: { token: Secret } | { app: { id: string; installation: string; key: Secret } }
  /** Any of them makes a webhook's signature hold: two while one is being changed for another. */
  webhookSecrets: readonly Secret[]
  /** Where people look at it, without a slash at its end; by the API's address where it is left out. */
  webUrl?: string
}

const notYet = async (): Promise<never> => {
  throw new RepositoryFailed('refused', 'There is no client of GitHub yet.')
}

export const github = ({ repository, branch, folder, webUrl }: GithubOptions): Repository & RepositoryHooks => ({
  ...{ name: repository, url: `${webUrl ?? 'https://github.com'}/${repository}`, branch, folder },
  ...{ head: notYet, files: notYet, read: notYet, propose: notYet, pull: notYet, proposedSince: notYet, comment: notYet, setStatus: notYet },
  readNews: () => undefined,
})
