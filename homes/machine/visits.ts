import type { IncomingMessage, ServerResponse } from 'node:http'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { callerOf } from './identity/http.ts'
import { networkOf } from './identity/limits.ts'

/** What writes a row for whoever asks, signed in or not. */
const WATCHING = /^\/api\/(?:lessons\/[^/?]+\/playback|streams\/[^/?]+\/beats)(?:\?|$)/

export type Visits = {
  /** Takes the request when its address has asked for too much in this minute, and answers it. */
  refuses(request: IncomingMessage, response: ServerResponse): Promise<boolean>
}

/**
 * Bounds what one network address writes by watching. Who says who they are is bounded by their account too, and may sit in a
 * classroom with others: there is more room for such requests. Whether what they say is true is found out later.
 */
export const visits = ({ visitors = 120, people = 1200 }: { visitors?: number; people?: number } = {}): Visits => {
  const limiters = {
    visitors: new RateLimiterMemory({ keyPrefix: 'visitors', points: visitors, duration: 60 }),
    people: new RateLimiterMemory({ keyPrefix: 'people', points: people, duration: 60 }),
  }
  return {
    refuses: async (request, response) => {
      if (request.method !== 'POST' || !WATCHING.test(request.url ?? '')) return false
      try {
        await limiters[request.headers.authorization === undefined ? 'visitors' : 'people'].consume(networkOf(callerOf(request)))
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
