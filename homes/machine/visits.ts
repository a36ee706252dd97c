import type { IncomingMessage, ServerResponse } from 'node:http'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { type CallerOf, peerOf } from '../proxies.ts'
import { networkOf } from './identity/limits.ts'

/** What writes a row for whoever asks, signed in or not. */
const WATCHING = /^\/api\/(?:lessons\/[^/?]+\/playback|streams\/[^/?]+\/beats)(?:\?|$)/

/** What lets coupons be guessed, and what may ask the payment provider something. */
const QUOTING = /^\/api\/quotes(?:\?|$)/
const ORDERING = /^\/api\/orders(?:\/[^/?]+\/checkout)?(?:\?|$)/

export type Visits = {
  /** Takes the request when its address has asked for too much in this minute, and answers it. */
  refuses(request: IncomingMessage, response: ServerResponse): Promise<boolean>
}

type Limits = { visitors: number; people: number; quotes: number; quotesOfPeople: number; orders: number }
/** A minute and network. A classroom of thirty may look at a price together, and buy. */
const LIMITS: Limits = { visitors: 120, people: 1200, quotes: 60, quotesOfPeople: 240, orders: 120 }

const kindOf = (url: string, isSignedIn: boolean): keyof Limits | undefined => {
  if (WATCHING.test(url)) return isSignedIn ? 'people' : 'visitors'
  if (QUOTING.test(url)) return isSignedIn ? 'quotesOfPeople' : 'quotes'
  return ORDERING.test(url) ? 'orders' : undefined
}

/**
 * Bounds what one network address writes by watching, and asks of prices and the payment provider. Who says who they are may sit
 * in a classroom with others: there is more room for such requests. Whether what they say is true is found out later.
 */
export const visits = (limits: Partial<Limits> = {}, callerOf: CallerOf = peerOf): Visits => {
  const made = (kind: keyof Limits) => new RateLimiterMemory({ keyPrefix: kind, points: limits[kind] ?? LIMITS[kind], duration: 60 })
  const limiters = {
    ...{ visitors: made('visitors'), people: made('people') },
    ...{ quotes: made('quotes'), quotesOfPeople: made('quotesOfPeople'), orders: made('orders') },
  }
  return {
    refuses: async (request, response) => {
      const kind = request.method === 'POST' ? kindOf(request.url ?? '', request.headers.authorization !== undefined) : undefined
      if (kind === undefined) return false
      try {
        await limiters[kind].consume(networkOf(callerOf(request)))
        return false
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused
        response.writeHead(429, {
          ...{ 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
          'retry-after': String(Math.max(1, Math.ceil(refused.msBeforeNext / 1000))),
        })
        response.end(JSON.stringify({ code: 'too-many', status: 429, message: 'Too much is asked for from here. Wait a minute.' }))
        return true
      }
    },
  }
}
