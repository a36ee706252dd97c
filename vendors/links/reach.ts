import { type Answer, guardedCall, leadsTo, Unreachable } from './guarded-fetch.ts'
import type { LineOptions } from './line.ts'

/** `unknown`: nobody could be asked, they do not tell a program, or they send on to where it may not go. */
export type Reached = 'reachable' | 'missing' | 'unknown'

export type ReachOptions = LineOptions & { seconds?: number }

const MOST_REDIRECTS = 5
const SECONDS = 5
const HEADERS = { 'user-agent': 'Lectern (looks whether a link leads somewhere)' }

/** Servers that take no HEAD, or answer it otherwise than GET. */
const asksForGet = ({ status }: Answer): boolean => status >= 400 && status !== 429

const meaning = ({ status }: Answer): Reached => {
  if (status >= 200 && status < 300) return 'reachable'
  return status === 404 || status === 410 ? 'missing' : 'unknown'
}

/**
 * Looks whether there is something at a link, over HTTPS, and follows up to five redirects where `mayVisit` lets it. It connects to no
 * address but one that it has checked: a host of which any address is not public is not asked, and a name that changes its mind leads nowhere.
 * Nothing of a body is read, whatever its size; no cookie is kept and none is sent.
 */
export const openReach = ({ seconds = SECONDS, ...outside }: ReachOptions = {}) => {
  const ask = guardedCall({ ...outside, mostBytes: 0, isCut: true })
  const answerAt = async (url: URL): Promise<Answer> => {
    const signal = AbortSignal.timeout(seconds * 1000)
    const answer = await ask(url, { method: 'HEAD', headers: HEADERS }, signal)
    return asksForGet(answer) ? ask(url, { method: 'GET', headers: HEADERS }, signal) : answer
  }

  const walk = async (start: string, mayVisit: (url: string) => boolean): Promise<Reached> => {
    let next = new URL(start)
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      if (next.protocol !== 'https:' || next.port !== '' || !mayVisit(hops === 0 ? start : next.href)) return hops === 0 ? 'missing' : 'unknown'
      const answer = await answerAt(next)
      const location = leadsTo(answer)
      const onward = location === undefined ? null : URL.parse(location, next)
      if (!onward) return meaning(answer)
      next = onward
    }
    return 'unknown'
  }

  return async (url: string, mayVisit: (url: string) => boolean): Promise<Reached> => {
    if (!URL.canParse(url)) return 'missing'
    try {
      return await walk(url, mayVisit)
    } catch (error) {
      if (error instanceof Unreachable) return 'missing'
      // Also a name that nobody knows says nothing about the link: a machine without a network is told the same.
      return 'unknown'
    }
  }
}
