import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { beginSpan, callHeaders } from './tracing.ts'

type Begun = NonNullable<ReturnType<typeof beginSpan>>

/** A host that is told nothing: AWS's own, whose requests are signed with what they bear. */
const isAws = (host: string): boolean => /(^|\.)amazonaws\.com$/.test(host)

/** By the host alone: paths and queries hold what people have typed. */
const asCall = (method: string, host: string, status?: number) => ({
  name: method,
  attributes: { 'http.request.method': method, 'server.address': host, ...(status !== undefined && { 'http.response.status_code': status }) },
})

// What Node tells of its own `fetch` and of the package of the same name (https://undici.nodejs.org/#/docs/api/DiagnosticsChannel).
type Fetched = { origin: string | URL; method: string; addHeader(name: string, value: string): void }
type FetchNews = { request: Fetched; response?: { statusCode: number }; error?: Error }
type CallNews = { request: ClientRequest; response?: IncomingMessage; error?: Error }

/** Whatever goes wrong here is no fault of the call. */
const quietly =
  <T>(hear: (news: T) => void) =>
  (news: unknown): void => {
    try {
      // What each channel tells is said in Node's documentation.
      hear(news as T)
    } catch {}
  }

const hostOf = (origin: string | URL): string => new URL(origin).hostname

/**
 * Every call of this thread to the outside bears the number of the request it is made for, and is a span of its trace, whichever client makes it:
 * Node tells of each. None of the clients knows of it.
 */
export const markOutgoing = (): void => {
  const underWay = new WeakMap<object, Begun>()
  const begin = (request: object, host: string, set: (name: string, value: string) => void): void => {
    if (isAws(host)) return
    const span = beginSpan('client')
    if (span) underWay.set(request, span)
    for (const [name, value] of Object.entries(callHeaders()))
      set(name, name === 'traceparent' && span ? value.replace(/-[0-9a-f]{16}-/, `-${span.id}-`) : value)
  }
  const end = (request: object, { method, host, status }: { method: string; host: string; status?: number | undefined }): void => {
    underWay.get(request)?.end(asCall(method, host, status), status === undefined || status >= 500)
    underWay.delete(request)
  }
  const fetched = quietly<FetchNews>(({ request, response }) =>
    end(request, { method: request.method, host: hostOf(request.origin), status: response?.statusCode }),
  )
  subscribe(
    'undici:request:create',
    quietly<FetchNews>(({ request }) => begin(request, hostOf(request.origin), (name, value) => request.addHeader(name, value))),
  )
  subscribe('undici:request:headers', fetched)
  subscribe('undici:request:error', fetched)
  const called = quietly<CallNews>(({ request, response }) => end(request, { method: request.method, host: request.host, status: response?.statusCode }))
  subscribe(
    'http.client.request.created',
    quietly<CallNews>(({ request }) =>
      // What hands a request on to a stand-in hands its number on as well.
      begin(request, request.host, (name, value) => void (request.hasHeader(name) || request.headersSent || request.setHeader(name, value))),
    ),
  )
  subscribe('http.client.response.finish', called)
  subscribe('http.client.request.error', called)
}
