import type { IncomingMessage, ServerResponse } from 'node:http'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { type HookAnswer, MOST_HOOK_BYTES, stripeHook } from '#api/webhooks.ts'
import type { World } from '#ports/world.ts'
import { type CallerOf, peerOf } from '../proxies.ts'
import { networkOf } from './identity/limits.ts'

export type HookLimits = {
  /** Bodies being read or stored at once: with the cap on each, 16 MiB. Who comes on top of that is asked to come again. */
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

export const isHook = (url: string): boolean => url.split('?')[0] === '/hooks/stripe'

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

/**
 * The webhooks' own entrance. It has limits of its own and takes no place in anybody else's, so that a flood of hooks is
 * turned away here and a school that is busy does not keep a payment from being heard of.
 */
export const hooks = (
  world: World,
  limits: Partial<HookLimits> = {},
  callerOf: CallerOf = peerOf,
): ((request: IncomingMessage, response: ServerResponse) => Promise<void>) => {
  const { atOnce, readingOfNetwork, bodyMs, forgeries } = { ...LIMITS, ...limits }
  const receive = stripeHook(world)
  const forged = new RateLimiterMemory({ keyPrefix: 'forged', points: forgeries, duration: 60 })
  const reading = countsOf()
  let underWay = 0

  const refuse = (request: IncomingMessage, response: ServerResponse, answer: HookAnswer, headers?: Record<string, string>): void => {
    outlast(request)
    say(response, answer, headers)
  }

  const take = async (request: IncomingMessage, response: ServerResponse, network: string): Promise<void> => {
    const body = await reading.during(network, () => rawBody(request, MOST_HOOK_BYTES, bodyMs))
    if (body === 'late' || body === 'gone') return void (await forged.penalty(network, body === 'late' ? LATE_WEIGHS : 1))
    if (body === 'large') {
      await forged.penalty(network)
      return refuse(request, response, { status: 413, body: 'Too large' })
    }
    const signature = request.headers['stripe-signature']
    const answer = await receive({ body, signature: Array.isArray(signature) ? signature.join(',') : signature })
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
