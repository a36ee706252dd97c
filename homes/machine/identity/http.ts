import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerHeaders, NO_MARKUP, transportHeaders } from '#core/delivery/headers.ts'
import type { Html } from './html.ts'
import { SCRIPT } from './layout.ts'
import { STYLE_HASH } from './style.ts'

/** What a page of ours answers. `undefined` elsewhere means that the provider has answered already. */
export type Answer = { status?: number; page: Html; retryAfterSeconds?: number; hasScript?: boolean } | { location: string }

const MOST_FORM_BYTES = 16 * 1024

/** `script`: the whole address of the one file that may run, and of nothing else from the same place. */
const policy = (script = ''): string =>
  [
    ...[
      "default-src 'none'",
      `style-src '${STYLE_HASH}'`,
      "font-src 'self'",
      "img-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ],
    // Without a source: nothing may run. The provider adds the hash of its one line where it must post a form by itself.
    `script-src ${script}`.trimEnd(),
    NO_MARKUP,
  ].join('; ')

/**
 * How a cookie of the sign-in is called. Browsers take a name that begins so only with `Secure`, so that nobody on a plain line can plant one
 * (RFC 6265bis §4.1.3.1). Not `__Host-`: their path is not `/`.
 */
export const cookieName = (url: string, what: string): string => `${url.startsWith('https:') ? '__Secure-' : ''}lectern_${what}`

/** For every answer below `/auth`, beside what all of the school's say. `same-origin`, since `no-referrer` would make browsers send `Origin: null` with our own forms. */
export const guard = (response: ServerResponse, url: string): void => {
  const headers = { ...answerHeaders, ...transportHeaders({ url }), 'content-security-policy': policy(), 'referrer-policy': 'same-origin' }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.setHeader('cache-control', 'no-store')
}

export const send = (response: ServerResponse, answer: Answer, url: string): void => {
  if ('location' in answer) {
    response.writeHead(303, { location: answer.location, 'content-length': 0 })
    response.end()
    return
  }
  if (answer.hasScript) response.setHeader('content-security-policy', policy(`${url}${SCRIPT}`))
  if (answer.retryAfterSeconds !== undefined) response.setHeader('retry-after', answer.retryAfterSeconds)
  response.writeHead(answer.status ?? 200, { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(answer.page.markup) })
  response.end(answer.page.markup)
}

/** The fields of a posted form; undefined when it is none or too long. */
export const readForm = async (request: IncomingMessage): Promise<URLSearchParams | undefined> => {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) return undefined
  const chunks: Buffer[] = []
  let size = 0
  // An IncomingMessage without an encoding yields buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_FORM_BYTES) return undefined
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

/** Whether a form was sent from a page of ours. Browsers say so themselves; one that says neither is refused. */
export const isOwnForm = ({ headers }: IncomingMessage, origin: string): boolean => {
  const site = headers['sec-fetch-site']
  return site === undefined ? headers.origin === origin : site === 'same-origin'
}

/** A path of the school itself, whatever was sent: never another site. */
export const ownPath = (given: unknown, url: string): string => {
  if (typeof given !== 'string' || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(given) || given.length > 2000) return '/'
  const target = URL.parse(given, url)
  return target?.origin === new URL(url).origin ? `${target.pathname}${target.search}${target.hash}` : '/'
}
