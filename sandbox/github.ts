import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { type Api, type ApiRequest, api } from './github/api.ts'
import { observe, seed, watch } from './github/branches.ts'
import { control } from './github/control.ts'
import type { Desk } from './github/desk.ts'
import { openGit } from './github/git.ts'
import { hooks } from './github/hooks.ts'
import { pages } from './github/pages.ts'
import { type Answer, json } from './github/routes.ts'
import { openStore } from './github/store.ts'
import { ROOT } from './github/view.ts'
import { header, isFromElsewhere, openServer, readBody, wait } from './server.ts'

export type GithubSandboxOptions = {
  /** Of repositories: `<folder>/<owner>/<name>.git`, bare, for any git. */
  folder: string
  repository: string
  branch: string
  /** Empty: they are only listed. */
  webhookUrl: string
  webhookSecret: string
  webhookHeaders?: Record<string, string>
  /** Where people reach it: its pages lie below `/sandbox/github`. */
  publicUrl: string
  /** Where its pages lead back to. */
  home?: { url: string; words: string }
  /** Any free one when left out. */
  port?: number
  /** What programs prove themselves by; made and kept when left out. */
  token?: string
  /** For tests: milliseconds, as `Date.now`. */
  now?: () => number
}

/** `url` is where its pages are on this machine, for a home to lead `/sandbox/github…` to. */
export type GithubSandbox = {
  url: string
  apiUrl: string
  token: string
  repositoryFolder: string
  /** Looks for pushes, and sends all webhooks that are due. */
  settle(): Promise<void>
  close(): Promise<void>
}

const MOST_BODY_BYTES = 8 * 1024 * 1024

const failing = (status: number, message: string, headers: Record<string, string> = {}): Answer =>
  json({ message: `${message} (a fault that is switched on)`, documentation_url: 'https://docs.github.com/rest' }, status, headers)

/** The fault that strikes this call, used up by it where it lasts for so many. */
const strike = ({ store }: Desk) => {
  const faults = store.faults()
  if (faults.api === 'none') return faults
  if (faults.after > 0) {
    store.putFaults({ ...faults, after: faults.after - 1 })
    return { ...faults, api: 'none' as const }
  }
  if (faults.count !== null) store.putFaults(faults.count > 1 ? { ...faults, count: faults.count - 1 } : { ...faults, api: 'none', count: null })
  return faults
}

type Parts = { desk: Desk; calls: Api; look: ReturnType<typeof pages>; settle: () => Promise<void>; stopping: AbortSignal }

/** One call of the API, with whichever fault is switched on. Undefined: the connection is to be cut. */
const answerCall = async ({ desk, calls, stopping }: Parts, request: ApiRequest): Promise<Answer | undefined> => {
  const { api: fault, seconds } = strike(desk)
  if (fault === 'down') return undefined
  if (fault === '500') return failing(500, 'Server Error')
  if (fault === 'limited') return failing(403, 'You have exceeded a secondary rate limit', { 'retry-after': String(seconds) })
  if (fault === 'exhausted') {
    const reset = String(Math.floor(desk.now() / 1000) + 3600)
    return failing(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset })
  }
  if (fault === 'slow' && (await wait(seconds, stopping))) return undefined
  const answer = await calls.call(request)
  return fault === 'lost' ? undefined : answer
}

const respond = async (parts: Parts, request: IncomingMessage): Promise<Answer | undefined> => {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://stand-in')
  const method = request.method ?? 'GET'
  if (path !== ROOT && !path.startsWith(`${ROOT}/`)) {
    return answerCall(parts, { method, path, query, body: await readBody(request, MOST_BODY_BYTES), authorization: header(request, 'authorization') })
  }
  // A page of another site must not press buttons here.
  if (isFromElsewhere(request)) return json({ error: 'Not from another site.' }, 403)
  const asked = { method, path, query, body: await readBody(request, MOST_BODY_BYTES) }
  return path.startsWith(`${ROOT}/api/`) ? control({ ...parts, made: parts.calls.made }, asked) : parts.look(asked)
}

/** One after the other: a branch is read, thought about and moved. */
const turns = () => {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
}

/** A stand-in for GitHub over a real git repository: the REST calls at `apiUrl`, webhooks, and pages for review at `url`. */
export const startGithubSandbox = async (options: GithubSandboxOptions): Promise<GithubSandbox> => {
  const { folder, repository, branch, publicUrl, home, webhookUrl, webhookSecret, webhookHeaders, port = 0, now = Date.now } = options
  const [owner = '', name = ''] = repository.split('/')
  const git = await openGit(join(folder, owner, `${name}.git`), branch)
  const store = openStore(folder)
  const token = options.token ?? store.token() ?? `ghs_${Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url')}`
  store.putToken(token)
  const stopping = new AbortController()
  const sender = hooks({ store, url: webhookUrl, secret: webhookSecret, headers: webhookHeaders, now })
  const desk: Desk = {
    git,
    store,
    owner,
    name,
    branch,
    webUrl: `${publicUrl}${ROOT}/${repository}`,
    apiUrl: '',
    home,
    now,
    tell: sender.plan,
    wake: sender.wake,
    inTurn: turns(),
  }
  const settle = async (): Promise<void> => {
    await desk.inTurn(() => observe(desk))
    await sender.idle()
  }
  const calls = api(desk)
  const parts: Parts = { desk, calls, look: pages({ desk, again: sender.again, made: calls.made, webhookUrl }), settle, stopping: stopping.signal }
  const server = await openServer({ respond: (request) => respond(parts, request), fault: (message) => json({ message }, 500), port })
  desk.apiUrl = server.origin
  await desk.inTurn(() => seed(desk))
  const watching = watch(desk)
  sender.wake()
  return {
    ...{ url: `${desk.apiUrl}${ROOT}`, apiUrl: desk.apiUrl, token, repositoryFolder: git.gitdir, settle },
    async close() {
      stopping.abort()
      await watching.stop()
      await sender.close()
      await server.close()
      // What was begun is finished before its memory is shut.
      await desk.inTurn(async () => undefined)
      store.close()
    },
  }
}
