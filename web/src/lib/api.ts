import { type ClientLink, createORPCClient, ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { JsonifiedClient } from '@orpc/openapi-client'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import type { RefusalData } from '#contract/base.ts'
import type { Contract } from '#contract/contract.ts'
import type { RefusalCode } from '#contract/refusals.ts'
import { text } from './i18n.ts'
import { inside } from './inside.ts'
import { refusalCode } from './refusal-code.ts'
import { isKnown, routes } from './routes.ts'
import { accessToken, forget, renew } from './tokens.ts'

/** `isParting`: the page may be about to close; the request should outlive it. */
type CallContext = { isParting?: boolean }

/** Sends the bearer token along; a 401 leads to one renewal and one more try. */
const fetchSigned = async (request: Request, init?: RequestInit): Promise<Response> => {
  const token = await accessToken()
  if (!token) return fetch(request, init)
  const again = request.clone()
  request.headers.set('authorization', `Bearer ${token}`)
  const response = await fetch(request, init)
  if (response.status !== 401) return response
  const renewed = await renew(token)
  if (!renewed) return response
  again.headers.set('authorization', `Bearer ${renewed}`)
  const second = await fetch(again, init)
  // A provider may renew what the school has ended, as with a new password: then it is over here too.
  if (second.status === 401) await forget()
  return second
}

const asking = new OpenAPILink<CallContext>(routes, {
  url: () => `${location.origin}/api`,
  fetch: (request, init, { context }) => fetchSigned(request, { ...init, keepalive: context.isParting ?? false }),
})

/** What visitors' pages do not call is known inside: whoever calls it is early, and waits for that. */
const link: ClientLink<CallContext> = {
  async call(path, input, options) {
    if (!isKnown(path)) await inside()
    return asking.call(path, input, options)
  },
}

/**
 * The school's endpoints: `await client.learning.mine({})`.
 * Queries are keyed feature, verb, ids: `useQuery({ queryKey: ['learning', 'lesson', id], queryFn: () => client.learning.lesson({ lesson: id }) })`.
 */
export const client: JsonifiedClient<ContractRouterClient<Contract, CallContext>> = createORPCClient(link)

/** What an error of the client means: a refusal's code, or `offline` when no answer came at all. */
export const refusalOf = (error: unknown): RefusalCode | 'offline' => {
  if (error instanceof ORPCError) return refusalCode(error)
  return error instanceof TypeError ? 'offline' : 'fault'
}

/** A word that a refusal has beside its code. */
const said = (error: unknown, what: keyof RefusalData): string | undefined => {
  const data: unknown = error instanceof ORPCError ? error.data : undefined
  const found: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, what) : undefined
  return typeof found === 'string' ? found : undefined
}

/** Which case of its code a refusal is, where there are several. */
export const caseOf = (error: unknown): string | undefined => said(error, 'because')

/** When what was refused opens by itself, where the school says so. */
export const opensAtOf = (error: unknown): string | undefined => said(error, 'opensAt')

/** What it means in words for people; of a fault with the number by which it is found again. */
export const wordsOf = (error: unknown): string => {
  const [words, request] = [text(`refusals.${refusalOf(error)}`), said(error, 'request')]
  return request === undefined ? words : `${words} ${text('app.quote', { request })}`
}
