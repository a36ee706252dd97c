import { setTimeout as pause } from 'node:timers/promises'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/core'
import * as z from 'zod/mini'
import { RepositoryFailed } from '#ports/repository.ts'
import type { Secret } from '#ports/secret.ts'
import { type LineLimits, line, TOO_LARGE } from './line.ts'

export type GithubLimits = LineLimits & {
  /** Tries of one call, the first included. */
  tries: number
  retryMs: number
  /** Who is asked for more patience than this is told so, instead of waiting. */
  mostRetryMs: number
}

const LIMITS: GithubLimits = { connectMs: 3000, totalMs: 10_000, answerBytes: 32 * 1024 * 1024, tries: 3, retryMs: 500, mostRetryMs: 20_000 }

/** Everything here is written for this version's shapes. */
const API_VERSION = '2022-11-28'

export type Auth = { token: Secret } | { app: { id: string; installation: string; key: Secret } }

/** A call that GitHub refused: what it refused with decides what it means, and each caller knows its own. */
export class Refused extends RepositoryFailed {
  readonly status: number
  constructor(reason: RepositoryFailed['reason'], message: string, { status, cause }: { status: number; cause: unknown }) {
    super(reason, message, { cause })
    this.status = status
  }
}

export const isRefused = (error: unknown, ...statuses: number[]): error is Refused => error instanceof Refused && statuses.includes(error.status)

const Failure = z.object({
  status: z.number(),
  message: z.string(),
  response: z.optional(z.object({ headers: z.record(z.string(), z.unknown()) })),
})
type Failure = z.infer<typeof Failure>

/** How long to wait before another try makes sense; undefined where GitHub did not say that calls came too fast. */
const limitedMs = ({ status, message, response }: Failure, now: number): number | undefined => {
  if (status !== 403 && status !== 429) return undefined
  const header = (name: string): number | undefined => {
    const value = Number(response?.headers[name] ?? Number.NaN)
    return Number.isFinite(value) ? value : undefined
  }
  const after = header('retry-after')
  if (after !== undefined) return after * 1000
  if (header('x-ratelimit-remaining') === 0) return Math.max(0, (header('x-ratelimit-reset') ?? 0) * 1000 - now)
  // GitHub asks for a minute at least where it says no number.
  return status === 429 || /rate limit/i.test(message) ? 60_000 : undefined
}

type Line = { octokit: Octokit; limits: GithubLimits; hidden: (text: string) => string }

const reasonOf = ({ status, message }: Failure): RepositoryFailed['reason'] => {
  // It would be so the next time.
  if (message.startsWith(TOO_LARGE)) return 'refused'
  if (status >= 500) return 'unreachable'
  return status === 401 || status === 403 || status === 404 ? 'not-allowed' : 'refused'
}

const HINTS: Record<RepositoryFailed['reason'], string> = {
  unreachable: 'GitHub could not be asked',
  limited: 'GitHub asks for patience',
  'not-allowed': 'GitHub does not allow it, or there is no such thing for this token',
  refused: 'GitHub refuses it',
}

/** Whether a second try may help, and after how long. What has no answer may have been done. */
const judge = (error: unknown, { limits, hidden }: Line, attempt: number): { failed: RepositoryFailed; againMs: number | undefined } => {
  const read = Failure.safeParse(error)
  // No answer at all, or one that octokit could make nothing of.
  const failure = read.success ? read.data : { status: 500, message: error instanceof Error ? error.message : String(error) }
  const waitMs = limitedMs(failure, Date.now())
  const reason = waitMs === undefined ? reasonOf(failure) : 'limited'
  // The cause is left out: octokit's errors carry the whole request.
  const failed = new Refused(reason, `${HINTS[reason]} (${failure.status}): ${hidden(failure.message).slice(0, 300)}`, {
    status: failure.status,
    cause: undefined,
  })
  const soonMs = waitMs ?? (reason === 'unreachable' ? limits.retryMs * 2 ** attempt : undefined)
  return { failed, againMs: soonMs !== undefined && soonMs <= limits.mostRetryMs && attempt + 1 < limits.tries ? soonMs : undefined }
}

const authOf = (auth: Auth) => {
  if ('token' in auth) return { auth: auth.token.reveal() }
  const { id, installation, key } = auth.app
  // Kept in one line of an environment file, its line ends are written out.
  return { authStrategy: createAppAuth, auth: { appId: id, installationId: installation, privateKey: key.reveal().replaceAll('\\n', '\n') } }
}

const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** `isOnce`: for what would be done twice if it was asked for again after an answer was lost. */
export type Ask = <S extends z.ZodMiniType>(route: string, parameters: Record<string, unknown>, shape: S, how?: { isOnce: boolean }) => Promise<z.infer<S>>

/**
 * A function that makes one call of GitHub's API and reads its answer by a schema: `GET` and a path, as its documentation
 * writes them. @throws Refused, and RepositoryFailed for what cannot be read
 */
export const client = ({
  apiUrl,
  repository,
  auth,
  limits: given,
}: {
  apiUrl: string
  repository: string
  auth: Auth
  limits?: Partial<GithubLimits>
}): Ask => {
  const limits = { ...LIMITS, ...given }
  const base = apiUrl.replace(/\/+$/, '')
  const octokit = new Octokit({ baseUrl: base, userAgent: 'lectern', log: QUIET, request: { fetch: line(base, limits), log: QUIET }, ...authOf(auth) })
  const secrets = 'token' in auth ? [auth.token] : [auth.app.key]
  const hidden = (text: string): string => secrets.reduce((shown, each) => (each.reveal() === '' ? shown : shown.replaceAll(each.reveal(), '[secret]')), text)
  const calls: Line = { octokit, limits, hidden }
  const [owner, repo] = repository.split('/')

  const attempt = async (route: string, parameters: Record<string, unknown>, isOnce: boolean, tried = 0): Promise<{ status: number; data: unknown }> => {
    try {
      return await octokit.request(route, { owner, repo, headers: { 'x-github-api-version': API_VERSION }, ...parameters })
    } catch (error) {
      const { failed, againMs } = judge(error, calls, tried)
      // What was refused for coming too fast was not done.
      if (againMs === undefined || (isOnce && failed.reason !== 'limited')) throw failed
      await pause(againMs)
      return attempt(route, parameters, isOnce, tried + 1)
    }
  }

  return async (route, parameters, shape, { isOnce } = { isOnce: false }) => {
    const { status, data } = await attempt(route, parameters, isOnce)
    if (status >= 300) throw new RepositoryFailed('refused', `GitHub answered ${status} to ${route}: the repository may have moved.`)
    const read = shape.safeParse(data)
    if (!read.success)
      throw new RepositoryFailed('refused', `GitHub answered ${route} with what cannot be read: ${hidden(z.prettifyError(read.error)).slice(0, 300)}`)
    return read.data
  }
}
