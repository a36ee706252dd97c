import { isIPv6 } from 'node:net'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

export type Limit = { points: number; seconds: number }
export type Limits = {
  /** Wrong passwords for one account. */
  signInPerAccount: Limit
  /** Wrong codes for one account. A million codes, three of them right at a time: at this pace a guess takes years. */
  codesPerAccount: Limit
  /** Forms sent from one network address. */
  formsPerAddress: Limit
  /** Letters asked for to one mail address. */
  lettersPerAccount: Limit
  signUpPerAddress: Limit
  /** New passwords weighed for somebody who is signed in: each takes a third of a second of a core. */
  weighedPerAccount: Limit
}

export const LIMITS: Limits = {
  signInPerAccount: { points: 5, seconds: 15 * 60 },
  codesPerAccount: { points: 5, seconds: 15 * 60 },
  formsPerAddress: { points: 20, seconds: 60 },
  lettersPerAccount: { points: 3, seconds: 3600 },
  signUpPerAddress: { points: 10, seconds: 3600 },
  weighedPerAccount: { points: 10, seconds: 15 * 60 },
}

/** The first four groups, whichever of them are left out as zeros (RFC 5952 §4.2). */
const firstHalf = (address: string): string => {
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ?? '').split(':')].slice(0, 4).join(':')
}

/** An IPv6 network gives a household a /64: all of it is one caller. */
export const networkOf = (key: string): string => (isIPv6(key) && !key.startsWith('::ffff:') ? firstHalf(key) : key)

export type Gate = ReturnType<typeof gate>

export const gate = (limits: Limits) => {
  const made = (name: keyof Limits): RateLimiterMemory =>
    new RateLimiterMemory({ keyPrefix: name, points: limits[name].points, duration: limits[name].seconds })
  const limiters = {
    signInPerAccount: made('signInPerAccount'),
    codesPerAccount: made('codesPerAccount'),
    formsPerAddress: made('formsPerAddress'),
    lettersPerAccount: made('lettersPerAccount'),
    signUpPerAddress: made('signUpPerAddress'),
    weighedPerAccount: made('weighedPerAccount'),
  }
  return {
    /** Takes one point; answers the seconds to wait when there is none left. */
    async take(name: keyof Limits, key: string): Promise<number | undefined> {
      try {
        await limiters[name].consume(networkOf(key))
        return undefined
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
        throw refused
      }
    },
    /** Gives all points back: whoever knows the password was not guessing. */
    forgive: async (name: keyof Limits, key: string): Promise<void> => void (await limiters[name].delete(networkOf(key))),
  }
}
