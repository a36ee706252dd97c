import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { GITHUB_HEADERS, githubHook, type HookAnswer, MOST_GITHUB_HOOK_BYTES, MOST_HOOK_BYTES, stripeHook } from '#api/webhooks.ts'
import type { World } from '#ports/world.ts'
import { type CallerOf, peerOf } from '../proxies.ts'
import { networkOf } from './identity/limits.ts'

export type HookLimits = {
  /** Bodies being read or stored at once, with the cap on each 16 MiB at either entrance. Who comes on top of that is asked to come again. */
  atOnce: number
  /**
   * Bodies of one network that have not arrived whole. The provider's come in one go, so that hundreds a second from one address
   * are hardly ever on their way together; who takes every place by sending halves gets a quarter of them.
   */
  readingOfNetwork: number
  /** For a body to arrive whole. */
  bodyMs: number
  /** How often a minute a network may send what is not signed before nothing of it is read any more. */
  forgeries: number
}
const LIMITS: HookLimits = { atOnce: 64, readingOfNetwork: 16, bodyMs: 10_000, forgeries: 60 }
/** Bodies may be four times as large, and far fewer of them come. */
const GITHUB_LIMITS: HookLimits = { ...LIMITS, atOnce: 16, readingOfNetwork: 4 }
/** A body that never ended has held a place for as long as it could: it counts as so many forgeries. */
const LATE_WEIGHS = 10

const say = (response: ServerResponse, { status, body }: HookAnswer, headers: Record<string, string> = {}): void => {
  response.writeHead(status, {
    ...{ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
    ...{ 'content-length': Buffer.byteLength(body), ...headers },
  })
  response.end(body)
}

/** The raw body, whole; `large` past the cap, with the rest still to come, `late` for one that does not end, `gone` where its sender is. */
const rawBody = async (request: IncomingMessage, most: number, bodyMs: number): Promise<Uint8Array | 'large' | 'late' | 'gone'> => {
  const chunks: Buffer[] = []
  let size = 0
  let isLate = false
  const late = setTimeout(() => {
    isLate = true
    request.destroy()
  }, bodyMs)
  try {
    // An IncomingMessage without an encoding yields buffers.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > most) return 'large'
      chunks.push(chunk)
    }
    return isLate ? 'late' : Buffer.concat(chunks)
  } catch (error) {
    // Cut off, by us or by its sender: there is nobody to answer.
    if (request.destroyed) return isLate ? 'late' : 'gone'
    throw error
  } finally {
    clearTimeout(late)
  }
}

/** How long a body that nobody wants is read to its end. */
const LINGER_MS = 2000

/**
 * Reads on and forgets what comes. A connection closed on bytes that nobody has read is reset, and the answer may be lost
 * with it: who sends too much shall hear so. Who never ends is cut off.
 */
const outlast = (request: IncomingMessage): void => {
  const over = setTimeout(() => request.socket.destroy(), LINGER_MS)
  const stop = (): void => clearTimeout(over)
  request.once('end', stop).once('close', stop).resume()
}

const pathOf = (url: string): string | undefined => url.split('?')[0]

const STRIPE = '/hooks/stripe'
const GITHUB = '/hooks/github'

export const isHook = (url: string): boolean => [STRIPE, GITHUB].some((path) => path === pathOf(url))

/** How much of each network is going on. */
const countsOf = () => {
  const counts = new Map<string, number>()
  const of = (network: string): number => counts.get(network) ?? 0
  return {
    of,
    async during<T>(network: string, work: () => Promise<T>): Promise<T> {
      counts.set(network, of(network) + 1)
      try {
        return await work()
      } finally {
        if (of(network) === 1) counts.delete(network)
        else counts.set(network, of(network) - 1)
      }
    },
  }
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** What waits behind an entrance: the largest body it takes, and what becomes of one. */
type Receiver = { most: number; receive(body: Uint8Array, headers: IncomingHttpHeaders): Promise<HookAnswer> }

/**
 * An entrance of its own for the webhooks of one sender. It has limits of its own and takes no place in anybody else's, so that a
 * flood of hooks is turned away here and a school that is busy does not keep a payment from being heard of.
 */
const entrance = ({ most, receive }: Receiver, { atOnce, readingOfNetwork, bodyMs, forgeries }: HookLimits, callerOf: CallerOf): Handle => {
  const forged = new RateLimiterMemory({ keyPrefix: 'forged', points: forgeries, duration: 60 })
  const reading = countsOf()
  let underWay = 0

  const refuse = (request: IncomingMessage, response: ServerResponse, answer: HookAnswer, headers?: Record<string, string>): void => {
    outlast(request)
    say(response, answer, headers)
  }

  const take = async (request: IncomingMessage, response: ServerResponse, network: string): Promise<void> => {
    const body = await reading.during(network, () => rawBody(request, most, bodyMs))
    if (body === 'late' || body === 'gone') return void (await forged.penalty(network, body === 'late' ? LATE_WEIGHS : 1))
    if (body === 'large') {
      await forged.penalty(network)
      return refuse(request, response, { status: 413, body: 'Too large' })
    }
    const answer = await receive(body, request.headers)
    if (answer.status === 400) await forged.penalty(network)
    say(response, answer)
  }

  return async (request, response) => {
    if (request.method !== 'POST') return say(response, { status: 405, body: 'POST only' })
    const network = networkOf(callerOf(request))
    const known = await forged.get(network)
    if (known !== null && known.consumedPoints >= forgeries)
      return refuse(request, response, { status: 429, body: 'Too much of this is not signed' }, { 'retry-after': String(Math.ceil(known.msBeforeNext / 1000)) })
    if (reading.of(network) >= readingOfNetwork) return refuse(request, response, { status: 429, body: 'Too many at once' }, { 'retry-after': '5' })
    if (underWay >= atOnce) return refuse(request, response, { status: 503, body: 'Busy, send it again' }, { 'retry-after': '5' })
    underWay += 1
    try {
      await take(request, response, network)
    } finally {
      underWay -= 1
    }
  }
}

/** A header that is sent twice counts as one that holds both. */
const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(',') : value)

/** Where webhooks come in, by their paths. */
export const hooks = (world: World, limits: Partial<HookLimits> = {}, callerOf: CallerOf = peerOf): Handle => {
  const [takeStripe, takeGithub] = [stripeHook(world), githubHook(world)]
  const stripe: Receiver = { most: MOST_HOOK_BYTES, receive: (body, headers) => takeStripe({ body, signature: one(headers['stripe-signature']) }) }
  const { signature, event, delivery } = GITHUB_HEADERS
  const github: Receiver = {
    most: MOST_GITHUB_HOOK_BYTES,
    receive: (body, headers) => takeGithub({ body, signature: one(headers[signature]), event: one(headers[event]), delivery: one(headers[delivery]) }),
  }
  const doors: Record<string, Handle> = {
    [STRIPE]: entrance(stripe, { ...LIMITS, ...limits }, callerOf),
    [GITHUB]: entrance(github, { ...GITHUB_LIMITS, ...limits }, callerOf),
  }
  return async (request, response) => {
    const door = doors[pathOf(request.url ?? '') ?? '']
    return door ? door(request, response) : say(response, { status: 404, body: 'Not found' })
  }
}
