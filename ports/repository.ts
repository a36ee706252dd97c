/** A file at a commit: `blob` is Git's hash of its bytes. Paths are from the repository's root, with `/`. */
export type RepositoryFile = { path: string; blob: string; sizeBytes: number }

export type Pull = {
  number: number
  url: string
  branch: string
  /** The newest commit of its branch. */
  head: string
  state: 'open' | 'merged' | 'closed'
  createdAt: string
}

/** One branch with one commit on top of the main branch, and one pull request for it. */
export type Proposal = {
  /** Only this branch is ever written to; never the main one. */
  branch: string
  /** First line of the commit, and the pull request's title. */
  title: string
  /** Markdown. */
  body: string
  files: readonly { path: string; text: string }[]
}

export type CommitStatus = { commit: string; context: string; state: 'pending' | 'success' | 'failure'; says: string; url?: string }

/** What a webhook tells: only that there may be something to read again. */
export type RepositoryNews = { id: string; kind: 'pushed' | 'pull-changed' | 'other'; branch?: string; pull?: number }

/**
 * The repository that the school's courses are written in. Everything below `folder` is the school's; the rest is not read.
 * @throws RepositoryFailed
 */
export type Repository = {
  /** `owner/name`, and where people look at it. */
  name: string
  url: string
  branch: string
  /** Of courses, without slashes at its ends; empty for the whole repository. */
  folder: string
  /** The commit that the main branch is at; undefined while the repository is empty. */
  head(): Promise<string | undefined>
  /** All files below `folder` at a commit, by path. */
  files(commit: string): Promise<RepositoryFile[]>
  /** UTF-8 text of a blob; undefined where it is no such text. */
  read(blob: string): Promise<string | undefined>
  /**
   * Asked for twice it makes one branch, one commit and one pull request; asked for again with other files or words it updates them in place.
   * A pull request that was merged or closed is answered as it is, and nothing is opened anew.
   */
  propose(proposal: Proposal): Promise<Pull>
  /** Undefined where there is none of that number. */
  pull(number: number): Promise<Pull | undefined>
  /** Of ours, by their branches, that were opened since (ISO 8601). */
  proposedSince(prefix: string, since: string): Promise<Pull[]>
  /** Writes a comment to a pull request or a commit; one of ours with the same `mark` is changed in place. */
  comment(to: { pull: number } | { commit: string }, comment: { mark: string; text: string }): Promise<void>
  /** `not-allowed` where the token has no leave for it: the comment says the same. */
  setStatus(status: CommitStatus): Promise<'done' | 'not-allowed'>
}

/** Verifies a webhook over its raw bytes, in constant time; undefined when its signature does not hold. */
export type RepositoryHooks = {
  readNews(hook: { body: Uint8Array; signature: string | undefined; event: string | undefined; delivery: string | undefined }): RepositoryNews | undefined
}

/** `unreachable` try again later · `limited` so many calls were made that one has to wait · `not-allowed` the token · `refused` all else. */
export class RepositoryFailed extends Error {
  readonly code = 'repository-failed'
  readonly reason: 'unreachable' | 'limited' | 'not-allowed' | 'refused'
  constructor(reason: RepositoryFailed['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
