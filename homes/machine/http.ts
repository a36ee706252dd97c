import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { docs, isDocs } from '#api/docs.ts'
import { nodeApi } from '#api/node.ts'
import { SECURITY_TXT, securityTxt } from '#api/security-txt.ts'
import { behaviourIn, behavioursOf } from '#core/delivery/behaviours.ts'
import { answerHeaders, transportHeaders } from '#core/delivery/headers.ts'
import { during } from '../during.ts'
import { callerBehind } from '../proxies.ts'
import { proxyDoor } from '../proxy-door.ts'
import { rootSpanned } from '../tracing.ts'
import { admission } from './admission.ts'
import { edge } from './edge.ts'
import type { Home as WholeHome } from './home.ts'
import { type HookLimits, hooks, isHook } from './hooks.ts'
import { METRICS, measuring, methodOf, metricsDoor, PROMETHEUS_TEXT } from './metrics.ts'
import { cutWhenStalled } from './serve.ts'
import type { MachineSettings } from './settings.ts'
import { whyUnkept } from './unkept.ts'
import { visits } from './visits.ts'

/** A part of 8 MiB over a line of 20 kbit/s takes about an hour, which is how long its URL holds. */
const SLOWEST_REQUEST_MS = 3_600_000

/** What of a home is reached over HTTP. */
type Home = Pick<WholeHome, 'world' | 'objects' | 'standIns' | 'registry'> & {
  identity: Pick<WholeHome['identity'], 'handle'>
  settings: Pick<MachineSettings, 'url' | 'trustedProxies' | 'proxySecret' | 'accelPlace' | 'metrics'>
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

type Exchange = { request: IncomingMessage; response: ServerResponse; id: string }

const REQUEST_ID = 'x-request-id'

/** What every answer says that is not the edge's; whoever makes one may say otherwise. */
const telling = (site: Pick<MachineSettings, 'url'>): ((response: ServerResponse) => void) => {
  const headers = Object.entries({ ...answerHeaders, ...transportHeaders(site) })
  return (response) => {
    for (const [name, value] of headers) response.setHeader(name, value)
  }
}

const say = (response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void => {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

const UNKEPT = {
  full: 'The school’s disk is full, so nothing was saved.',
  shut: 'The school’s disk takes no writing at this moment, so nothing was saved.',
  busy: 'The school can save nothing at this moment. Try again in a while.',
} as const

const parts = (home: Home): Handle => {
  return async (request, response) => {
    if (request.method !== 'PUT') return say(response, 405, 'PUT only')
    const answer = await home.objects.receivePart(new URL(request.url ?? '/', home.settings.url), request)
    if (answer.status === 200) response.setHeader('etag', `"${answer.etag}"`)
    say(response, answer.status, '')
  }
}

/** Hands a request on, unchanged, to a stand-in on this machine. */
const forward = (target: string): Handle => {
  const { hostname, port } = new URL(target)
  return (request, response) =>
    new Promise((resolve) => {
      const onward = httpRequest({ hostname, port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        pipeline(answer, response).then(resolve, () => resolve())
      })
      onward.on('error', () => {
        if (!response.headersSent) say(response, 502, 'The stand-in does not answer.')
        resolve()
      })
      // A browser that goes away takes its question with it.
      response.on('close', () => onward.destroy())
      request.pipe(onward)
    })
}

const STAND_INS = { mail: 'Mail inbox', stripe: 'Checkout', github: 'Repository', chatbot: 'Chatbot' } as const
type StandInName = keyof typeof STAND_INS
const NAMES = ['mail', 'stripe', 'github', 'chatbot'] as const satisfies readonly StandInName[]

const sandbox = ({ standIns }: Home): Handle => {
  const inUse = NAMES.flatMap((name) => {
    const standIn = standIns[name]
    return standIn ? [{ name, to: forward(standIn.url) }] : []
  })
  return (request, response) => {
    const named = /^\/sandbox\/([a-z]+)(?:[/?]|$)/.exec(request.url ?? '')?.[1]
    const found = inUse.find(({ name }) => name === named)
    if (found) return found.to(request, response)
    if (inUse.length === 0) return say(response, 404, 'There is no stand-in in use.')
    const links = inUse.map(({ name }) => `<li><a href="/sandbox/${name}">${STAND_INS[name]}</a></li>`)
    say(
      response,
      200,
      `<!doctype html><meta name="viewport" content="width=device-width"><title>Stand-ins</title><h1>Stand-ins in use</h1><ul>${links.join('')}</ul>`,
      'text/html; charset=utf-8',
    )
  }
}

/** The contract as a document, and a page to try it on. */
const documents = (): Handle => {
  const answerTo = docs(dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')))
  return async (request, response) => {
    const { type, body, headers } = await answerTo((request.url ?? '').split('?', 1)[0] ?? '')
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    say(response, 200, body, type)
  }
}

const sayFault = (response: ServerResponse, error: unknown, id: string): void => {
  const why = whyUnkept(error)
  if (response.headersSent) return void response.destroy()
  response.setHeader(REQUEST_ID, id)
  if (why === undefined) say(response, 500, `Something went wrong on our side. Should you tell us of it, give this number: ${id}`)
  else say(response, why === 'full' ? 507 : 503, UNKEPT[why])
}

/** What one answer was, by the template of its route: an address may hold what somebody has typed. */
const answering = ({ request, response }: Pick<Exchange, 'request' | 'response'>, route: () => string): Parameters<typeof rootSpanned>[0] => ({
  kind: 'server',
  describe: () => {
    const method = methodOf(request)
    return {
      name: `${method} ${route()}`,
      attributes: { 'http.request.method': method, 'http.route': route(), 'http.response.status_code': response.statusCode },
    }
  },
})

/** Everything the school says over HTTP: webhooks by an entrance of their own, the edge first of the rest, then what needs a program. `stalledMs` is after how long an answer that stands still is cut. */
export const schoolServer = (home: Home, webRoot: string, { stalledMs, hookLimits }: { stalledMs?: number; hookLimits?: Partial<HookLimits> } = {}): Server => {
  const { settings, keys, clock } = home.world
  const callerOf = callerBehind(home.settings.trustedProxies)
  const admits = proxyDoor(home.settings.proxySecret)
  const { accelPlace } = home.settings
  const atEdge = edge({ objects: home.objects, settings, keys, clock, admission: admission(home.world), webRoot, stalledMs, callerOf, accelPlace })
  const [api, document, webhooks, uploads, standIns] = [nodeApi(home.world), documents(), hooks(home.world, hookLimits, callerOf), parts(home), sandbox(home)]
  const programs: [RegExp, Handle][] = [
    [/^\/auth\//, (request, response) => home.identity.handle(request, response)],
    [/^\/uploads\//, uploads],
    [/^\/sandbox(?:[/?]|$)/, standIns],
  ]
  const { refuses } = visits({}, callerOf)
  const tell = telling(home.settings)
  const mayMeasure = metricsDoor(home.settings.metrics)
  const isMeasured = home.settings.metrics !== 'off'
  const table = behavioursOf(settings)
  /** What needs a program. */
  const program = (path: string, { request, response, id }: Exchange, found: (template: string) => void): Promise<void> | void => {
    if (isDocs(path)) return document(request, response)
    if (path === SECURITY_TXT) return say(response, 200, securityTxt(home.world))
    if (path.startsWith('/api/')) return api({ request, response, id, found })
    const program = programs.find(([below]) => below.test(path))?.[1]
    if (program) return program(request, response)
    say(response, 404, 'Not found')
  }
  const route = async ({ request, response, id }: Exchange): Promise<void> => {
    const path = request.url ?? '/'
    if (path === METRICS && mayMeasure(request)) return say(response, 200, await home.registry.text(), PROMETHEUS_TEXT)
    const found = isMeasured ? measuring(home.registry.measure, { request, response, table }) : () => {}
    const isAdmitted = admits(request.headers)
    if (isAdmitted && !isHook(path) && (await atEdge(request, response))) return
    tell(response)
    response.setHeader(REQUEST_ID, id)
    if (!isAdmitted) return say(response, 403, 'This address is reached by the school’s own.')
    // Nobody needs their own words back (RFC 9110 §9.3.8).
    if (request.method === 'TRACE') return say(response, 501, 'There is no TRACE.')
    if (isHook(path)) return webhooks(request, response)
    if (await refuses(request, response)) return
    let route = behaviourIn(table, path.split('?', 1)[0] ?? '').pattern
    const known = (template: string): void => {
      route = template
      found(template)
    }
    await rootSpanned(
      answering({ request, response }, () => route),
      () => program(path, { request, response, id }, known),
    )
  }
  return createServer({ requestTimeout: SLOWEST_REQUEST_MS }, (request, response) => {
    // The edge does so from its first byte on; what a program answers may be long in the making.
    response.once('prefinish', () => cutWhenStalled(response, stalledMs))
    const id = home.world.ids.make('req')
    during(id, () => route({ request, response, id })).catch((error: unknown) => {
      // A browser that went away is no fault of ours.
      if (!request.destroyed || !response.destroyed) home.world.log.error('request failed', error, { method: request.method, request: id })
      sayFault(response, error, id)
    })
  })
}
