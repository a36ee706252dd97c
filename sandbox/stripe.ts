import type { IncomingMessage } from 'node:http'
import { header, isFromElsewhere, openServer, readBody, wait } from './server.ts'
import { type Answer, type Asked, json, ROOT } from './stripe/answers.ts'
import { type ApiRequest, api } from './stripe/api.ts'
import { run } from './stripe/clocks.ts'
import { control } from './stripe/control.ts'
import { type Deliveries, deliveries, type Endpoint } from './stripe/deliveries.ts'
import { type Desk, openDesk } from './stripe/desk.ts'
import { makeId } from './stripe/errors.ts'
import { apiFault, withWrongAmounts } from './stripe/faults.ts'
import { pages } from './stripe/pages.ts'
import { openStore } from './stripe/store.ts'

export type StripeSandboxOptions = {
  /** Where its state lies, so that it survives a restart. */
  folder: string
  webhookUrl: string
  webhookSecret: string
  /** Sent with each webhook to that one, for whatever stands before it. */
  webhookHeaders?: Record<string, string>
  /** Beside that one: other endpoints, or the same address once more with another secret. */
  moreWebhooks?: Endpoint[]
  /** As in Stripe's dashboard, the types the first endpoint is sent; without it, all but the steps on the way. */
  webhookEvents?: '*' | readonly string[]
  /** Origin the browser uses; it must lead `/sandbox/stripe…` here, unchanged. */
  publicUrl: string
  schoolName?: string
  /** Any free one when left out. */
  port?: number
  /** For tests: milliseconds, as `Date.now`. What comes due is then worked off at the next call, or by `run`. */
  now?: () => number
}

const MOST_BODY_BYTES = 1024 * 1024
/** How long a renewal may wait when nobody asks for anything. */
const LONGEST_NAP_MS = 60_000

type Calls = { desk: Desk; sender: Deliveries; call: ReturnType<typeof api>; look: (asked: Asked) => Answer; stopping: AbortSignal }

const failing = (status: number, message: string, type = 'api_error'): Answer =>
  json({ error: { type, message: `${message} (a fault that is switched on).` } }, status)

/** One call of the API, with whichever fault is switched on. Undefined: the connection is to be cut. */
const answerCall = async ({ desk, call, stopping }: Calls, request: ApiRequest): Promise<Answer | undefined> => {
  const faults = desk.store.faults()
  const fault = apiFault(faults, { method: request.method, path: request.path, tally: desk.store.tally })
  if (fault === 'down') return undefined
  const failed = failing(500, 'Something went wrong on Stripe’s end')
  if (fault === '500') return failed
  if (fault === 'kept') return call(request, failed)
  if (fault === '429') return failing(429, 'Request rate limit exceeded', 'invalid_request_error')
  if (fault === 'hang' || fault === 'slow') {
    const isCut = await wait(fault === 'slow' ? faults.seconds : undefined, stopping)
    if (isCut) return undefined
  }
  const answer = call(request)
  if (fault === 'lost') return undefined
  if (fault === 'malformed') return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }
  return fault === 'amounts' ? { ...answer, body: withWrongAmounts(answer.body) } : answer
}

const answerControl = ({ desk, sender }: Calls, { method, path, body }: Asked): Answer => {
  const said: unknown = JSON.parse(body || '{}')
  // What is no object says nothing.
  const { status, value } = control(
    desk,
    method,
    path.slice(`${ROOT}/api/`.length).split('/'),
    typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : {},
  )
  if (method === 'POST') sender.wake()
  return json(value, status)
}

const respond = async (calls: Calls, request: IncomingMessage): Promise<Answer | undefined> => {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://stand-in')
  const method = request.method ?? 'GET'
  // A page of another site must not press buttons here.
  if (isFromElsewhere(request)) return json({ error: 'Not from another site.' }, 403)
  const body = await readBody(request, MOST_BODY_BYTES)
  if (path.startsWith('/v1/')) {
    const asked = {
      authorization: request.headers.authorization,
      idempotencyKey: header(request, 'idempotency-key'),
      version: header(request, 'stripe-version'),
    }
    return answerCall(calls, { method, path, query, body, ...asked })
  }
  if (path.startsWith(`${ROOT}/api/`)) return answerControl(calls, { method, path, query, body })
  if (path === ROOT || path.startsWith(`${ROOT}/`)) return calls.look({ method, path, query, body })
  return json({ error: { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${path}).` } }, 404)
}

const fault = (message: string): Answer => ({
  ...json({ error: { type: 'api_error', message } }, 500),
  headers: { 'content-type': 'application/json', 'request-id': makeId('req', 8) },
})

/** Works off what comes due while nobody asks for anything. */
const clockwork = (desk: Desk) => {
  let timer: NodeJS.Timeout | undefined
  const nap = (): void => {
    const soonest = desk.store.soonest()
    const milliseconds = soonest === null ? LONGEST_NAP_MS : (soonest - desk.seconds()) * 1000
    timer = setTimeout(wake, Math.min(LONGEST_NAP_MS, Math.max(1000, milliseconds)))
    timer.unref()
  }
  const wake = (): void => {
    try {
      run(desk)
    } catch (error) {
      // Nobody is there to be answered, and the home it runs in must go on.
      process.emitWarning(error instanceof Error ? error : String(error))
    }
    nap()
  }
  return { start: nap, stop: () => clearTimeout(timer) }
}

export type StripeSandbox = {
  apiUrl: string
  url: string
  /** Works off what its clock has come to, and sends what that tells of. */
  run(): Promise<number>
  close(): Promise<void>
}

/**
 * A stand-in for Stripe: the API calls a school makes, hosted pages, and signed webhooks, with fault switches and a clock.
 * `apiUrl` is for the school's client; `url` is where its pages are on this machine, for a home to lead `/sandbox/stripe…` to.
 */
export const startStripeSandbox = async (options: StripeSandboxOptions): Promise<StripeSandbox> => {
  const {
    folder,
    webhookUrl,
    webhookSecret,
    webhookHeaders,
    moreWebhooks = [],
    webhookEvents,
    publicUrl,
    schoolName = 'School',
    port = 0,
    now = Date.now,
  } = options
  const store = openStore(folder)
  const first: Endpoint = {
    url: webhookUrl,
    secret: webhookSecret,
    ...(webhookHeaders && { headers: webhookHeaders }),
    ...(webhookEvents && { events: webhookEvents }),
  }
  const sender = deliveries({ store, endpoints: [first, ...moreWebhooks].filter(({ url }) => url !== ''), now })
  const desk = openDesk({ store, deliveries: sender, publicUrl, now })
  const stopping = new AbortController()
  const calls: Calls = { desk, sender, call: api(desk), look: pages({ desk, sender, schoolName }), stopping: stopping.signal }
  const server = await openServer({ respond: (request) => respond(calls, request), fault, port })
  const apiUrl = server.origin
  const clock = clockwork(desk)
  sender.wake()
  clock.start()
  return {
    apiUrl,
    url: `${apiUrl}${ROOT}`,
    async run() {
      const done = run(desk)
      await sender.idle()
      return done
    },
    async close() {
      stopping.abort()
      clock.stop()
      await sender.close()
      await server.close()
      store.close()
    },
  }
}
