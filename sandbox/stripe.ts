import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { api } from './stripe/api.ts'
import { type CardForm, checkoutPage, endedPage, refusalOf, TEST_CARD, unknownPage } from './stripe/checkout-page.ts'
import { dashboardPage, faultsPage, refusedPage } from './stripe/dashboard-page.ts'
import { type Deliveries, deliveries } from './stripe/deliveries.ts'
import { smallest } from './stripe/html.ts'
import { refundedOf } from './stripe/payments.ts'
import type { ApiRequest } from './stripe/request.ts'
import { ApiError, makeId, type NewRefund, type PaidWith, type Sessions, sessions } from './stripe/sessions.ts'
import { API_FAULTS, type Faults, openStore, type Refund, type Session, type Store, WEBHOOK_FAULTS } from './stripe/store.ts'

export type StripeSandboxOptions = {
  /** Where its state lies, so that it survives a restart. */
  folder: string
  webhookUrl: string
  webhookSecret: string
  /** Origin the browser uses; it must lead `/sandbox/stripe…` here, unchanged. */
  publicUrl: string
  schoolName?: string
  /** Any free one when left out. */
  port?: number
  /** For tests: milliseconds, as `Date.now`. */
  now?: () => number
}

const ROOT = '/sandbox/stripe'
const MOST_BODY_BYTES = 1024 * 1024
const STYLES = new Map(['style.css', 'checkout.css', 'board.css'].map((name) => [name, readFileSync(new URL(`./stripe/${name}`, import.meta.url), 'utf8')]))

type Answer = { status: number; body: string; headers: Record<string, string> }
type Parts = { store: Store; sessions: Sessions; deliveries: Deliveries; schoolName: string; webhookUrl: string; now: () => number }
type Asked = { method: string; path: string; query: URLSearchParams; body: string; isForm: boolean }

const json = (value: unknown, status = 200): Answer => ({ status, body: JSON.stringify(value, null, 2), headers: { 'content-type': 'application/json' } })
const goTo = (location: string): Answer => ({ status: 303, body: '', headers: { location } })

/** `onward`: where a form may lead after its answer; browsers hold redirects to the policy too. */
const shown = (body: string, status = 200, onward: string[] = []): Answer => {
  const origins = onward.map((url) => new URL(url).origin).join(' ')
  const policy = `default-src 'none'; style-src 'self'; img-src data:; form-action 'self' ${origins}; base-uri 'none'; frame-ancestors 'none'`
  return { status, body, headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, 'referrer-policy': 'no-referrer' } }
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MOST_BODY_BYTES) throw new Error('The request is too large.')
  }
  return Buffer.concat(chunks).toString()
}

const checkout = ({ sessions, schoolName, now }: Parts, { method, body }: Asked, id: string): Answer => {
  const session = sessions.get(id)
  if (!session) return shown(unknownPage(), 404)
  if (session.status !== 'open') return shown(endedPage({ session, schoolName }))
  const expiry = `12 / ${String(new Date(now()).getUTCFullYear() + 2).slice(2)}`
  if (method !== 'POST') {
    const form: CardForm = { email: session.customer_email ?? '', number: TEST_CARD, expiry, cvc: '123', name: 'Test Learner' }
    return shown(checkoutPage({ session, schoolName, form }), 200, [session.success_url])
  }
  const sent = new URLSearchParams(body)
  const said = (name: string): string => sent.get(name) ?? ''
  const form: CardForm = { email: said('email'), number: said('number'), expiry: said('expiry'), cvc: said('cvc'), name: said('name') }
  const problem = refusalOf(form, now())
  if (problem) return shown(checkoutPage({ session, schoolName, form, problem }), 402, [session.success_url])
  sessions.pay(session, { email: form.email, name: form.name })
  return goTo(session.success_url)
}

const readFaults = (asked: Record<string, unknown>, before: Faults): Faults => {
  const whole = (value: unknown, kept: number): number => (value !== undefined && Number.isInteger(Number(value)) && Number(value) >= 0 ? Number(value) : kept)
  const api = API_FAULTS.find((name) => name === asked['api']) ?? before.api
  const webhooks = WEBHOOK_FAULTS.find((name) => name === asked['webhooks']) ?? before.webhooks
  return { api, webhooks, times: Math.min(100, whole(asked['times'], before.times)), seconds: whole(asked['seconds'], before.seconds) }
}

const faults = ({ store, deliveries }: Parts, { method, body, query, isForm }: Asked): Answer => {
  if (method === 'POST') store.putFaults(readFaults(isForm ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body || '{}'), store.faults()))
  if (method === 'POST') deliveries.wake()
  if (!isForm) return json(store.faults())
  return method === 'POST' ? goTo(`${ROOT}/faults?saved`) : shown(faultsPage(store.faults(), query.has('saved')))
}

/** What the API would refuse is the refusal's words; everything else thrown is a fault. */
const unlessRefused = <T>(work: () => T): T | ApiError => {
  try {
    return work()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

const refundFromBoard = ({ sessions }: Parts, { body }: Asked, session: Session): Answer => {
  const said = new URLSearchParams(body).get('amount')?.trim() ?? ''
  const amount = said === '' ? undefined : smallest(said, session.currency)
  const refund = unlessRefused(() => sessions.refund(session, { amount }))
  return refund instanceof ApiError ? shown(refusedPage(refund.message), refund.status) : goTo(ROOT)
}

const refundFromControl = ({ sessions, store }: Parts, { body }: Asked, session: Session): Answer => {
  // What tests send is what they mean: this is a switch, not an API.
  const asked = JSON.parse(body || '{}') as NewRefund
  const refund = unlessRefused((): Refund => sessions.refund(session, asked))
  if (refund instanceof ApiError) return json({ error: refund.message }, refund.status)
  const { id, amount, payment_intent: payment } = refund
  return json({ id, amount, payment_intent: payment, amount_refunded: refundedOf(store.refunds(payment)) })
}

/** For tests, and for whoever would rather not fill in a form. */
const control = (parts: Parts, asked: Asked, [what, id, verb]: string[]): Answer => {
  const { sessions, store } = parts
  if (what === 'faults') return faults(parts, { ...asked, isForm: false })
  if (what === 'deliveries') return json({ deliveries: store.deliveries(1000) })
  if (what !== 'sessions' || (verb !== 'pay' && verb !== 'refund') || asked.method !== 'POST') return json({ error: 'There is no such control.' }, 404)
  const session = sessions.get(id ?? '')
  if (!session) return json({ error: 'There is no such session.' }, 404)
  if (verb === 'refund') return refundFromControl(parts, asked, session)
  // What tests send is what they mean: this is a switch, not an API.
  const paid: Session = sessions.pay(session, JSON.parse(asked.body || '{}') as PaidWith)
  return json({ id: paid.id, status: paid.status, payment_status: paid.payment_status, success_url: paid.success_url })
}

const page = (parts: Parts, asked: Asked): Answer => {
  const { store, sessions, deliveries, webhookUrl } = parts
  const [first, second, third, fourth] = asked.path.slice(ROOT.length + 1).split('/')
  if (!first) {
    const listed = sessions
      .list(50)
      .map((session) => ({ session, refunded: session.payment_intent === null ? 0 : refundedOf(store.refunds(session.payment_intent)) }))
    return shown(dashboardPage({ sessions: listed, deliveries: store.deliveries(100), faults: store.faults(), webhookUrl }))
  }
  const style = STYLES.get(first)
  if (style !== undefined) return { status: 200, body: style, headers: { 'content-type': 'text/css', 'cache-control': 'no-cache' } }
  if (first === 'checkout' && second !== undefined) return checkout(parts, asked, second)
  if (first === 'faults') return faults(parts, { ...asked, isForm: true })
  if (first === 'api') return control(parts, asked, [second ?? '', third ?? '', fourth ?? ''])
  const session = first === 'sessions' && third === 'refund' && asked.method === 'POST' ? sessions.get(second ?? '') : undefined
  if (session) return refundFromBoard(parts, asked, session)
  if (first === 'deliveries' && third === 'again' && asked.method === 'POST' && store.event(second ?? '')) {
    deliveries.again(second ?? '')
    return goTo(ROOT)
  }
  return shown(unknownPage(), 404)
}

type Calls = { parts: Parts; call: ReturnType<typeof api>; stopping: AbortSignal }

/** One call of the API, with whichever fault is switched on. Undefined: the connection is to be cut. */
const answerCall = async ({ parts, call, stopping }: Calls, request: ApiRequest): Promise<Answer | undefined> => {
  const { api: fault, seconds } = parts.store.faults()
  if (fault === 'down') return undefined
  if (fault === '500') return json({ error: { type: 'api_error', message: 'Something went wrong on Stripe’s end (a fault that is switched on).' } }, 500)
  if (fault === 'slow') {
    const isCut = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), seconds * 1000)
      const cut = (): void => {
        clearTimeout(timer)
        resolve(true)
      }
      stopping.addEventListener('abort', cut, { once: true })
    })
    if (isCut) return undefined
  }
  const answer = call(request)
  return fault === 'lost' ? undefined : answer
}

const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

const respond = async (calls: Calls, request: IncomingMessage): Promise<Answer | undefined> => {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://stand-in')
  const method = request.method ?? 'GET'
  // A page of another site must not press buttons here.
  if (method === 'POST' && header(request, 'sec-fetch-site') === 'cross-site') return json({ error: 'Not from another site.' }, 403)
  const body = await readBody(request)
  if (path.startsWith('/v1/')) {
    const asked = {
      authorization: request.headers.authorization,
      idempotencyKey: header(request, 'idempotency-key'),
      version: header(request, 'stripe-version'),
    }
    return answerCall(calls, { method, path, query, body, ...asked })
  }
  if (path === ROOT || path.startsWith(`${ROOT}/`)) return page(calls.parts, { method, path, query, body, isForm: true })
  return json({ error: { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${path}).` } }, 404)
}

const serve = (calls: Calls): Server =>
  createServer((request: IncomingMessage, response: ServerResponse) => {
    const send = (answer: Answer | undefined): void => {
      if (!answer) return void response.destroy()
      response.writeHead(answer.status, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...answer.headers }).end(answer.body)
    }
    respond(calls, request).then(send, (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      if (!response.headersSent)
        send({ ...json({ error: { type: 'api_error', message } }, 500), headers: { 'content-type': 'application/json', 'request-id': makeId('req', 8) } })
    })
  })

/**
 * A stand-in for Stripe: the API calls a school makes, a hosted checkout page, and signed webhooks, with fault switches.
 * `apiUrl` is for the school's client; `url` is where its pages are on this machine, for a home to lead `/sandbox/stripe…` to.
 */
export const startStripeSandbox = async (options: StripeSandboxOptions): Promise<{ apiUrl: string; url: string; close(): Promise<void> }> => {
  const { folder, webhookUrl, webhookSecret, publicUrl, schoolName = 'School', port = 0, now = Date.now } = options
  const store = openStore(folder)
  const sender = deliveries({ store, url: webhookUrl, secret: webhookSecret, now })
  const parts: Parts = { store, sessions: sessions({ store, deliveries: sender, publicUrl, now }), deliveries: sender, schoolName, webhookUrl, now }
  const stopping = new AbortController()
  const server = serve({ parts, call: api(parts), stopping: stopping.signal })
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(port, '127.0.0.1', resolve)
  await listening
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The stand-in has no port.')
  const apiUrl = `http://127.0.0.1:${address.port}`
  sender.wake()
  return {
    apiUrl,
    url: `${apiUrl}${ROOT}`,
    async close() {
      stopping.abort()
      await sender.close()
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeAllConnections()
      await closed
      store.close()
    },
  }
}
