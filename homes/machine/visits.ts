import type { IncomingMessage, ServerResponse } from 'node:http'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { type CallerOf, peerOf } from '../proxies.ts'
import { digestOf } from '../proxy-door.ts'
import { networkOf } from './identity/limits.ts'

/** What writes a row for whoever asks, signed in or not. */
const WATCHING = /^\/api\/(?:lessons\/[^/?]+\/playback|streams\/[^/?]+\/beats)(?:\?|$)/

/** What lets coupons be guessed, and what may ask the payment provider something. */
const QUOTING = /^\/api\/quotes(?:\?|$)/
const ORDERING = /^\/api\/orders(?:\/[^/?]+\/checkout)?(?:\?|$)/

/** What looks through all courses for whoever types. */
const SEARCHING = /^\/api\/search(?:\?|$)/
/** Questions a proxy or a monitor asks all the time. */
const FREE = /^\/api\/health(?:\?|$)/

export type Visits = {
  /** Takes the request when its address has asked for too much in this minute, and answers it. */
  refuses(request: IncomingMessage, response: ServerResponse): Promise<boolean>
}

type Limits = Record<'visitors' | 'people' | 'quotes' | 'quotesOfPeople' | 'orders' | 'searches' | 'searchesOfPeople' | 'searchesOfOne' | 'anything', number>
/**
 * A minute and network, of one token where it says so. A classroom of thirty may look at a price together, and buy; whoever types in the search
 * asks with every pause. `anything` is what visitors ask besides: each page of theirs is a file, and few of them ask anything at all.
 */
const LIMITS: Limits = {
  ...{ visitors: 120, people: 1200, quotes: 60, quotesOfPeople: 240, orders: 120 },
  ...{ searches: 240, searchesOfPeople: 1800, searchesOfOne: 120, anything: 1200 },
}

type Asked = { url: string; method: string; isSignedIn: boolean }

const kindsOf = ({ url, method, isSignedIn }: Asked): (keyof Limits)[] => {
  if (!url.startsWith('/api/') || FREE.test(url)) return []
  if (SEARCHING.test(url)) return isSignedIn ? ['searchesOfPeople', 'searchesOfOne'] : ['searches']
  if (method === 'POST') {
    if (WATCHING.test(url)) return [isSignedIn ? 'people' : 'visitors']
    if (QUOTING.test(url)) return [isSignedIn ? 'quotesOfPeople' : 'quotes']
    if (ORDERING.test(url)) return ['orders']
  }
  return isSignedIn ? [] : ['anything']
}

/**
 * Bounds what one network address writes by watching, searches for, and asks of prices and the payment provider. Who says who they are may sit
 * in a classroom with others: there is more room for such requests. Whether what they say is true is found out later.
 */
export const visits = (limits: Partial<Limits> = {}, callerOf: CallerOf = peerOf): Visits => {
  const made = (kind: keyof Limits) => new RateLimiterMemory({ keyPrefix: kind, points: limits[kind] ?? LIMITS[kind], duration: 60 })
  const limiters = {
    ...{ visitors: made('visitors'), people: made('people'), anything: made('anything') },
    ...{ quotes: made('quotes'), quotesOfPeople: made('quotesOfPeople'), orders: made('orders') },
    ...{ searches: made('searches'), searchesOfPeople: made('searchesOfPeople'), searchesOfOne: made('searchesOfOne') },
  }
  return {
    refuses: async (request, response) => {
      const { authorization } = request.headers
      const kinds = kindsOf({ url: request.url ?? '', method: request.method ?? '', isSignedIn: authorization !== undefined })
      try {
        for (const kind of kinds) await limiters[kind].consume(kind === 'searchesOfOne' ? digestOf(authorization ?? '') : networkOf(callerOf(request)))
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
