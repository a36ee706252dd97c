import { createHash, randomBytes } from 'node:crypto'
import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import * as z from 'zod'
import { type Contract, contract } from '#contract/contract.ts'
import type { Cloud } from './cloud.ts'
import { BY_PROXY, SCHOOL } from './plan.ts'

export type Client = ContractRouterClient<Contract>
export type Visit = { status: number; headers: Headers; text: string; bytes: Uint8Array; behaviour: string }

/** What a browser does: everything through the distribution, cookies kept where a journey keeps them. */
export const browserOf = ({ places }: Cloud) => {
  const placed = (url: string): URL => {
    const { host, pathname, search } = new URL(url)
    const place = places.get(host)
    if (place === undefined) throw new Error(`The distribution does not answer for ${host}.`)
    return new URL(pathname + search, place)
  }
  /** The school's host is reached through its proxy; that of media by nobody's leave but a signature's. */
  const ask = (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    for (const [name, value] of url.startsWith(SCHOOL) ? Object.entries(BY_PROXY) : []) headers.set(name, value)
    return fetch(placed(url), { ...init, headers, redirect: 'manual' })
  }
  return {
    /** Past the proxy: what somebody is answered who has found the distribution. */
    past: async (url: string): Promise<number> => (await fetch(placed(url), { redirect: 'manual' })).status,
    async visit(url: string, init: RequestInit = {}): Promise<Visit> {
      const response = await ask(url, init)
      const bytes = new Uint8Array(await response.arrayBuffer())
      const { status, headers } = response
      return { status, headers, bytes, text: new TextDecoder().decode(bytes), behaviour: headers.get('x-rehearsed-behaviour') ?? '' }
    },
    /** The school's own client, as a page has it. `heard` is told of each answer. */
    client: (origin: string, token?: string, heard: (response: Response) => void = () => {}): Client =>
      createORPCClient(
        new OpenAPILink(contract, {
          url: `${origin}/api`,
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
          fetch: async (request) => {
            const body = request.body === null ? {} : { body: await request.arrayBuffer() }
            const response = await ask(request.url, { method: request.method, headers: request.headers, ...body })
            heard(response)
            if (response.status >= 500) throw new Error(`${new URL(request.url).pathname} was answered ${response.status}: ${await response.text()}`)
            const behaviour = response.headers.get('x-rehearsed-behaviour')
            if (behaviour !== '/api/*') throw new Error(`${new URL(request.url).pathname} was to be answered by the behaviour /api/*, and was by ${behaviour}.`)
            return response
          },
        }),
      ),
  }
}
export type Browser = ReturnType<typeof browserOf>

const PASSWORD = 'Four-quiet-words-1'

const Tokens = z.object({ access_token: z.string(), id_token: z.string() })
export type Tokens = z.infer<typeof Tokens>

const formOf = (fields: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

/** Signs somebody up on the pool's own pages and comes back with their tokens, by code and PKCE. `asInstructor`: put into that group by an operator. */
export const signUp = async (
  { people, login }: Cloud,
  { url, email, name, group }: { url: string; email: string; name: string; group?: string },
): Promise<Tokens> => {
  const verifier = randomBytes(32).toString('base64url')
  const redirect = `${url}/signed-in`
  const query = new URLSearchParams({
    ...{ client_id: people.clientId, redirect_uri: redirect, response_type: 'code', scope: 'openid profile email', state: 's' },
    ...{ code_challenge_method: 'S256', code_challenge: createHash('sha256').update(verifier).digest('base64url') },
  })
  const sent = await fetch(`${login.domain}/signup?${query}`, formOf({ name, username: email, password: PASSWORD }))
  if (sent.status !== 302) throw new Error(`The sign-up page said: ${(await sent.text()).replace(/<[^>]+>/g, ' ')}`)
  if (group !== undefined) people.users.group(people.users.get(email), group, true)
  const confirmed = await fetch(new URL(sent.headers.get('location') ?? '', login.domain), formOf({ code: people.codeFor(email) }))
  if (confirmed.status !== 302) throw new Error(`The confirmation page said: ${(await confirmed.text()).replace(/<[^>]+>/g, ' ').trim()}`)
  const code = new URL(confirmed.headers.get('location') ?? '').searchParams.get('code') ?? ''
  const exchanged = await fetch(
    `${login.domain}/oauth2/token`,
    formOf({ grant_type: 'authorization_code', client_id: people.clientId, code, redirect_uri: redirect, code_verifier: verifier }),
  )
  return Tokens.parse(await exchanged.json())
}
