import { BOT, type Desk } from './desk.ts'
import { ApiError, notFound } from './errors.ts'
import { type Answer, json, type Route, route } from './routes.ts'
import { gitRoutes } from './routes-git.ts'
import { pullRoutes } from './routes-pulls.ts'

export type ApiRequest = { method: string; path: string; query: URLSearchParams; body: string; authorization: string | undefined }
export type Made = { method: string; template: string; path: string; status: number; at: number }

const DOCUMENTED = 'https://docs.github.com/rest'
const MOST_REMEMBERED = 2000
const HOUR_MS = 3_600_000

const failure = ({ status, message, errors, headers }: ApiError): Answer =>
  json({ message, ...(errors && { errors }), documentation_url: DOCUMENTED, status: String(status) }, status, headers)

/** An App proves itself by a token it signed. There is no such App here: any that has the shape of one is believed. */
const installationToken: Route = route('POST /app/installations/{installation}/access_tokens', ({ desk }) =>
  json(
    {
      ...{ token: desk.store.token(), expires_at: new Date(desk.now() + HOUR_MS).toISOString(), repository_selection: 'selected' },
      permissions: { contents: 'write', pull_requests: 'write', statuses: 'write', metadata: 'read' },
    },
    201,
  ),
)

const ROUTES: readonly Route[] = [...gitRoutes, ...pullRoutes]

const given = (authorization: string | undefined): string => /^(?:token|bearer) (\S+)$/i.exec(authorization ?? '')?.[1] ?? ''

/** Only this repository is there; of any other GitHub says no more than that. */
const isHere = ({ owner, name }: Desk, path: string): boolean => {
  const [, , asked = '', repository = ''] = path.split('/')
  return asked.toLowerCase() === owner.toLowerCase() && repository.toLowerCase() === name.toLowerCase()
}

const saidIn = (body: string): Record<string, unknown> => {
  if (body === '') return {}
  try {
    const said: unknown = JSON.parse(body)
    // An object may be read by any name.
    if (typeof said === 'object' && said !== null && !Array.isArray(said)) return said as Record<string, unknown>
  } catch {
    // Told below, as what is no object is.
  }
  throw new ApiError(400, 'Problems parsing JSON')
}

const mayNot = (desk: Desk, { method, path }: ApiRequest): boolean => {
  const fault = desk.store.faults().api
  return (fault === 'read-only' && method !== 'GET') || (fault === 'no-statuses' && path.includes('/statuses/') && method === 'POST')
}

/** `params` are of the template, without owner and name. */
const found = (routes: readonly Route[], { method, path }: ApiRequest): { route: Route; params: string[] } | undefined => {
  for (const each of routes) {
    const match = each.method === method ? each.pattern.exec(path) : null
    if (match) return { route: each, params: match.slice(each.template.startsWith('/repos/') ? 3 : 1) }
  }
  return undefined
}

const prove = ({ store }: Desk, token: string, isApp: boolean): void => {
  if (token === '') throw new ApiError(401, 'Requires authentication')
  if (isApp && token.split('.').length !== 3) throw new ApiError(401, 'A JSON web token could not be decoded')
  if (!isApp && token !== store.token()) throw new ApiError(401, 'Bad credentials')
}

export const api = (desk: Desk) => {
  const made: Made[] = []

  const answer = async (request: ApiRequest): Promise<Answer> => {
    const isApp = request.path.startsWith('/app/')
    prove(desk, given(request.authorization), isApp)
    const hit = found(isApp ? [installationToken] : ROUTES, request)
    if (!hit || !(isApp || isHere(desk, request.path))) throw notFound()
    if (mayNot(desk, request)) throw new ApiError(403, 'Resource not accessible by personal access token')
    const call = { desk, params: hit.params, query: request.query, said: saidIn(request.body), by: BOT }
    return request.method === 'GET' ? hit.route.answer(call) : desk.inTurn(async () => hit.route.answer(call))
  }

  return {
    /** Newest last: what was asked, as a path and as the template it follows. */
    made: (): readonly Made[] => made,
    async call(request: ApiRequest): Promise<Answer> {
      const answered = await answer(request).catch((error: unknown) => {
        if (error instanceof ApiError) return failure(error)
        throw error
      })
      const template = found([installationToken, ...ROUTES], request)?.route.template ?? request.path
      made.push({ method: request.method, template, path: request.path, status: answered.status, at: desk.now() })
      if (made.length > MOST_REMEMBERED) made.shift()
      return {
        ...answered,
        headers: { 'x-github-media-type': 'github.v3; format=json', 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999', ...answered.headers },
      }
    },
  }
}
export type Api = ReturnType<typeof api>
