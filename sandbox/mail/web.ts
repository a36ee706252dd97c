import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { NO_MARKUP } from '../markup.ts'
import { isFromElsewhere } from '../server.ts'
import { type Faults, isFault } from './faults.ts'
import { letterPage, listPage, messagePage, missingPage, VIEWS } from './pages.ts'
import type { Store } from './store.ts'
import { STYLE_HASH } from './style.ts'
import { styled } from './styled.ts'

const FONT = readFileSync(createRequire(import.meta.url).resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'))

const PAGE_POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; ${NO_MARKUP}`
/** A stranger's markup: it may look like something and lead somewhere, and do nothing. Its styles are let in one by one, by their hashes. */
const letterPolicy = (styles: readonly string[]): string =>
  [
    'sandbox allow-top-navigation-by-user-activation allow-top-navigation allow-popups',
    `default-src 'none'; style-src ${styles.map((hash) => `'${hash}'`).join(' ')}; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; ${NO_MARKUP}`,
  ].join('; ')

const MOST_BODY_BYTES = 16 * 1024
const MOST_WAIT_SECONDS = 60

type Say = { status?: number; type?: string; policy?: string; body: string }

const say = (response: ServerResponse, { status = 200, type = 'text/html; charset=utf-8', policy = PAGE_POLICY, body }: Say): void => {
  const headers = {
    'content-type': type,
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

const json = (response: ServerResponse, value: unknown, status = 200): void => say(response, { status, type: 'application/json', body: JSON.stringify(value) })

const seeOther = (response: ServerResponse): void => {
  response.writeHead(303, { location: '/sandbox/mail', 'content-length': 0 })
  response.end()
}

const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = []
  let size = 0
  // An IncomingMessage without an encoding yields buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const parsed = (body: string | undefined): unknown => {
  try {
    return JSON.parse(body ?? '')
  } catch {
    // Not JSON is as wrong as the wrong JSON.
    return undefined
  }
}

type Parts = { store: Store; faults: Faults }
type Call = { request: IncomingMessage; response: ServerResponse; url: URL }

const text = (url: URL, name: string): string | undefined => url.searchParams.get(name) || undefined

const api = async ({ store, faults }: Parts, { request, response, url }: Call): Promise<void> => {
  const route = `${request.method} ${url.pathname.slice('/sandbox/mail/api'.length)}`
  if (route === 'GET /messages') {
    const [to, since] = [text(url, 'to'), text(url, 'since')]
    const seconds = Math.min(MOST_WAIT_SECONDS, Number(text(url, 'wait') ?? 0) || 0)
    return json(response, await store.wait({ ...(to && { to }), ...(since && { since }) }, seconds * 1000))
  }
  if (route === 'DELETE /messages') {
    await store.clear()
    return json(response, { done: true })
  }
  if (route === 'GET /faults') return json(response, faults.get())
  if (route === 'POST /faults') {
    const fault = parsed(await readBody(request))
    if (!isFault(fault)) return json(response, { message: 'Send {"mode": "none" | "down" | "slow" | "reject", "count"?: a whole number above 0}.' }, 422)
    faults.set(fault)
    return json(response, faults.get())
  }
  json(response, { message: 'There is no such thing here.' }, 404)
}

const setFault = async ({ faults }: Parts, { request, response }: Call): Promise<void> => {
  const form = new URLSearchParams(await readBody(request))
  const count = form.get('count')
  const fault = { mode: form.get('mode'), ...(count && { count: Number(count) }) }
  if (isFault(fault)) faults.set(fault)
  seeOther(response)
}

const page = async (parts: Parts, call: Call): Promise<void> => {
  const { store, faults } = parts
  const { request, response, url } = call
  const path = url.pathname.slice('/sandbox/mail'.length).replace(/\/$/, '')
  if (request.method === 'POST') {
    if (path === '/faults') return setFault(parts, call)
    if (path !== '/clear') return say(response, { status: 404, body: missingPage() })
    await store.clear()
    return seeOther(response)
  }
  const to = text(url, 'to')
  if (path === '') return say(response, { body: listPage(store.list(to === undefined ? {} : { to }), faults.get(), to) })
  if (path === '/inter.woff2') {
    response.writeHead(200, { 'content-type': 'font/woff2', 'cache-control': 'public, max-age=31536000, immutable', 'content-length': FONT.byteLength })
    return void response.end(FONT)
  }
  const [, id = '', rest] = /^\/messages\/([0-9a-f]{16})(\/html)?$/.exec(path) ?? []
  const message = store.find(id)
  if (!message) return say(response, { status: 404, body: missingPage() })
  if (rest) {
    const { page: body, styles } = styled(letterPage(message))
    response.setHeader('x-frame-options', 'SAMEORIGIN')
    return say(response, { policy: letterPolicy(styles), body })
  }
  const view = VIEWS.find((each) => each === text(url, 'view')) ?? (message.html === '' ? 'text' : 'html')
  say(response, { body: messagePage(message, view) })
}

/** The inbox over HTTP, below `/sandbox/mail`. */
export const web =
  (parts: Parts) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = URL.parse(request.url ?? '/', 'http://inbox.invalid')
    if (!url || !/^\/sandbox\/mail(\/|$)/.test(url.pathname)) return say(response, { status: 404, body: missingPage() })
    // Another site's page must not empty the inbox of someone who happens to have it open.
    if (isFromElsewhere(request)) return say(response, { status: 403, body: missingPage() })
    const call = { request, response, url }
    return url.pathname.startsWith('/sandbox/mail/api/') ? api(parts, call) : page(parts, call)
  }
