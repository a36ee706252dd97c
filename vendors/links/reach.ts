import { request } from 'node:https'
import type { Duplex } from 'node:stream'
import { type LineOptions, publicLine, within } from './line.ts'

/** `unknown`: nobody could be asked, they do not tell a program, or they send on to where it may not go. */
export type Reached = 'reachable' | 'missing' | 'unknown'

export type ReachOptions = LineOptions & { seconds?: number }

const MOST_REDIRECTS = 5
const SECONDS = 5
const NAMES_ITSELF = 'Lectern (looks whether a link leads somewhere)'

type Answer = { status: number; location: string | undefined }
type Call = { url: URL; method: 'HEAD' | 'GET'; socket: Duplex; signal: AbortSignal }

/** Its status and where it leads on. Nothing of a body is read, whatever its size; no cookie is kept and none is sent. */
const call = ({ url, method, socket, signal }: Call): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { host: url.host, 'user-agent': NAMES_ITSELF, accept: '*/*', 'accept-encoding': 'identity', connection: 'close' }
    // Without an agent: one of its own would make its own connection, to an address that it looks up itself.
    const asked = request(url, { method, headers, signal, createConnection: () => socket }, (response) => {
      resolve({ status: response.statusCode ?? 0, location: response.headers.location })
      response.destroy()
    })
    asked.on('error', (error) => {
      socket.destroy()
      reject(error)
    })
    asked.end()
  })

/** Servers that take no HEAD, or answer it otherwise than GET. */
const asksForGet = ({ status }: Answer): boolean => status >= 400 && status !== 429

const meaning = ({ status }: Answer): Reached => {
  if (status >= 200 && status < 300) return 'reachable'
  return status === 404 || status === 410 ? 'missing' : 'unknown'
}

/**
 * Looks whether there is something at a link, over HTTPS, and follows up to five redirects where `mayVisit` lets it. It connects to no
 * address but one that it has checked: a host of which any address is not public is not asked, and a name that changes its mind leads nowhere.
 */
export const openReach = ({ seconds = SECONDS, ...outside }: ReachOptions = {}) => {
  const lineTo = publicLine(outside)
  const answerAt = async (url: URL, signal: AbortSignal): Promise<Answer | 'refused'> => {
    const line = await lineTo(url, { signal })
    if (line === 'refused') return 'refused'
    const ask = (method: 'HEAD' | 'GET') => within(signal, call({ url, method, socket: line(), signal }))
    const answer = await ask('HEAD')
    return asksForGet(answer) ? ask('GET') : answer
  }

  const walk = async (start: string, mayVisit: (url: string) => boolean): Promise<Reached> => {
    let next = start
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      const url = new URL(next)
      if (url.protocol !== 'https:' || url.port !== '' || !mayVisit(next)) return hops === 0 ? 'missing' : 'unknown'
      const answer = await answerAt(url, AbortSignal.timeout(seconds * 1000))
      if (answer === 'refused') return 'missing'
      const isRedirect = answer.status >= 300 && answer.status < 400 && answer.location !== undefined
      if (!isRedirect || !URL.canParse(answer.location ?? '', url)) return meaning(answer)
      next = new URL(answer.location ?? '', url).href
    }
    return 'unknown'
  }

  return async (url: string, mayVisit: (url: string) => boolean): Promise<Reached> => {
    if (!URL.canParse(url)) return 'missing'
    try {
      return await walk(url, mayVisit)
    } catch {
      // Also a name that nobody knows says nothing about the link: a machine without a network is told the same.
      return 'unknown'
    }
  }
}
