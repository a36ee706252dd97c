import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cognito } from '../cognito.ts'
import { CognitoFault, type User } from './users.ts'

type Visit = { url: URL; form: URLSearchParams; cookie: string }
type Answer = { status: number; headers?: Record<string, string>; body?: string }
/** A code that waits to be exchanged: whose, where it was sent to, and the challenge that its verifier answers. */
type Code = { sub: string; redirectUri: string; challenge: string; scope: string; nonce: string | undefined }

const SHARED = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' }
const SESSION = 'cognito'

const escaped = (text: string): string => text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`)
const page = (title: string, inner: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><html lang="en"><title>${title}</title><main><h1>${title}</h1>${inner}</main></html>`,
})
const json = (status: number, body: unknown): Answer => ({ status, headers: { 'content-type': 'application/json', ...SHARED }, body: JSON.stringify(body) })
const sentTo = (location: string | URL, cookie?: string): Answer => ({
  status: 302,
  headers: { location: String(location), ...(cookie !== undefined && { 'set-cookie': `${SESSION}=${cookie}; Path=/; HttpOnly; SameSite=Lax` }) },
})
const field = (name: string, label: string, type: string): string => `<p><label>${label} <input name="${name}" type="${type}" required></label></p>`
const form = ({ title, fields }: { title: string; fields: string }, to: string, says?: string): Answer =>
  page(title, `${says ? `<p role="alert">${escaped(says)}</p>` : ''}<form method="post" action="${escaped(to)}">${fields}<button>${title}</button></form>`)

type LoginOptions = { callbacks: readonly string[]; logouts: readonly string[] }

/** What it keeps in mind: codes that wait to be exchanged, and whose browser is signed in. */
type Desk = LoginOptions & { pool: Cognito; codes: Map<string, Code>; sessions: Map<string, string> }

/** The sentence that is wrong with a request for a sign-in. */
const faultOf = ({ pool, callbacks }: Desk, { searchParams }: URL): string | undefined => {
  const said = (name: string): string => searchParams.get(name) ?? ''
  if (said('client_id') !== pool.clientId) return 'Client does not exist.'
  if (!callbacks.includes(said('redirect_uri'))) return 'redirect_mismatch'
  if (said('response_type') !== 'code') return 'unauthorized_client'
  if (said('code_challenge_method') !== 'S256' || said('code_challenge') === '') return 'invalid_request'
  // A pool knows no API by this name, and no such prompt.
  if (searchParams.has('resource') || said('prompt') === 'create') return 'invalid_request'
  return said('scope').split(' ').includes('openid') ? undefined : 'invalid_scope'
}

const goOn = ({ codes, sessions }: Desk, url: URL, user: User): Answer => {
  const said = (name: string): string => url.searchParams.get(name) ?? ''
  const [code, session] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')]
  const nonce = url.searchParams.get('nonce') ?? undefined
  codes.set(code, { sub: user.sub, redirectUri: said('redirect_uri'), challenge: said('code_challenge'), scope: said('scope'), nonce })
  sessions.set(session, user.sub)
  const back = new URL(said('redirect_uri'))
  back.search = new URLSearchParams({ code, state: said('state') }).toString()
  return sentTo(back, session)
}

const CREDENTIALS = field('username', 'Email', 'email') + field('password', 'Password', 'password')
const FORMS: Record<string, { title: string; fields: string }> = {
  '/login': { title: 'Sign in', fields: CREDENTIALS },
  '/signup': { title: 'Sign up', fields: field('name', 'Name', 'text') + CREDENTIALS },
  '/confirmUser': { title: 'Confirm account', fields: field('code', 'Code', 'text') },
}

/** What comes of a form that was sent. */
const taken: Record<string, (desk: Desk, visit: Visit) => Answer | Promise<Answer>> = {
  '/login': (desk, { url, form }) => goOn(desk, url, desk.pool.users.signIn(form.get('username') ?? '', form.get('password') ?? '')),
  '/signup': ({ pool }, { url, form }) => {
    const user = pool.users.signUp(form.get('username') ?? '', form.get('password') ?? '', [['name', form.get('name') ?? '']])
    return sentTo(`/confirmUser?${new URLSearchParams([...url.searchParams, ['username', user.sub]])}`)
  },
  '/confirmUser': async (desk, { url, form }) => {
    const user = desk.pool.users.get(url.searchParams.get('username') ?? '')
    await desk.pool.users.confirm(user, form.get('code') ?? '')
    return goOn(desk, url, user)
  },
}

const tried = async (again: (says: string) => Answer, work: () => Answer | Promise<Answer>): Promise<Answer> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CognitoFault) return again(error.message)
    throw error
  }
}

const shown = async (desk: Desk, method: string, visit: Visit): Promise<Answer | undefined> => {
  const { url, cookie } = visit
  const [asked, send] = [FORMS[url.pathname], taken[url.pathname]]
  if (!asked && url.pathname !== '/oauth2/authorize') return undefined
  const says = faultOf(desk, url)
  if (says) return page('An error was encountered with the requested page.', `<p>${escaped(says)}</p>`, 400)
  const user = asked ? undefined : desk.pool.users.find(desk.sessions.get(cookie) ?? '')
  if (!asked) return user?.isEnabled ? goOn(desk, url, user) : sentTo(`/login${url.search}`)
  const draw = (said?: string): Answer => form(asked, url.pathname + url.search, said)
  return method === 'POST' && send ? tried(draw, () => send(desk, visit)) : draw()
}

/** RFC 6749 §4.1.3 and §6; RFC 7636 §4.5. */
const token = async ({ pool, codes }: Desk, { form: said }: Visit): Promise<Answer> => {
  if (said.get('client_id') !== pool.clientId) return json(400, { error: 'invalid_client' })
  if (said.get('grant_type') === 'refresh_token') {
    const { refresh_token: _, ...renewed } = await pool.tokens.renew(said.get('refresh_token') ?? '')
    return json(200, renewed)
  }
  const code = codes.get(said.get('code') ?? '')
  codes.delete(said.get('code') ?? '')
  const challenge = createHash('sha256')
    .update(said.get('code_verifier') ?? '')
    .digest('base64url')
  if (code?.redirectUri !== said.get('redirect_uri') || code?.challenge !== challenge) return json(400, { error: 'invalid_grant' })
  return json(200, await pool.tokens.begin(pool.users.get(code.sub), code.scope, code.nonce))
}

const leave = ({ pool, logouts, sessions }: Desk, { url, cookie }: Visit): Answer => {
  const to = url.searchParams.get('logout_uri') ?? ''
  const says = url.searchParams.get('client_id') !== pool.clientId ? 'Missing required parameter client_id in request URL' : 'Invalid request'
  if (says !== 'Invalid request' || !logouts.includes(to)) return page('An error was encountered with the requested page.', `<p>${says}</p>`, 400)
  sessions.delete(cookie)
  return sentTo(to, 'none')
}

const answered = (desk: Desk, method: string, visit: Visit): Answer | undefined | Promise<Answer | undefined> => {
  const asked = `${method} ${visit.url.pathname}`
  if (asked === 'POST /oauth2/token')
    return tried(
      () => json(400, { error: 'invalid_grant' }),
      () => token(desk, visit),
    )
  if (asked === 'POST /oauth2/revoke') {
    desk.pool.tokens.revoke(visit.form.get('token') ?? '')
    return { status: 200, headers: SHARED }
  }
  return asked === 'GET /logout' ? leave(desk, visit) : shown(desk, method, visit)
}

/** A pool's key set, its discovery document and its managed login, at two addresses of this machine as Cognito has them at two of AWS's. */
export const openLogin = async (pool: Cognito, options: LoginOptions) => {
  const desk: Desk = { ...options, pool, codes: new Map(), sessions: new Map() }
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server that listens has an address.
  const { port } = server.address() as AddressInfo
  const [issuer, domain] = [`http://127.0.0.1:${port}/${pool.poolId}`, `http://localhost:${port}`]
  pool.place.issuer = issuer
  const discovery = {
    ...{ issuer, jwks_uri: `${issuer}/.well-known/jwks.json`, authorization_endpoint: `${domain}/oauth2/authorize` },
    ...{ token_endpoint: `${domain}/oauth2/token`, revocation_endpoint: `${domain}/oauth2/revoke`, userinfo_endpoint: `${domain}/oauth2/userInfo` },
    // It is there, and takes none of what OpenID Connect says it takes.
    end_session_endpoint: `${domain}/logout`,
    ...{ id_token_signing_alg_values_supported: ['RS256'], response_types_supported: ['code', 'token'], subject_types_supported: ['public'] },
    ...{ scopes_supported: ['openid', 'email', 'phone', 'profile'], token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'] },
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const chunks: Buffer[] = []
    // An IncomingMessage without an encoding yields buffers.
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const url = new URL(request.url ?? '/', domain)
    if (request.method === 'OPTIONS') return { status: 204, headers: SHARED }
    if (url.pathname === `/${pool.poolId}/.well-known/jwks.json`) return json(200, pool.tokens.keySet)
    if (url.pathname === `/${pool.poolId}/.well-known/openid-configuration`) return json(200, discovery)
    const cookie = new RegExp(`\\b${SESSION}=(\\w+)`).exec(request.headers.cookie ?? '')?.[1] ?? ''
    const found = await answered(desk, request.method ?? 'GET', { url, cookie, form: new URLSearchParams(Buffer.concat(chunks).toString()) })
    return found ?? page('Not found', '', 404)
  }
  const send = (response: ServerResponse, { status, headers = {}, body = '' }: Answer): void => void response.writeHead(status, headers).end(body)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request).then(
      (found) => send(response, found),
      (error: unknown) => send(response, page('Fault', escaped(String(error)), 500)),
    )
  })
  return {
    ...{ issuer, domain },
    close(): void {
      server.close()
      server.closeAllConnections()
    },
  }
}
