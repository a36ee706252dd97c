import { type IncomingMessage, request as requestPlainly } from 'node:http'
import { request as requestSecurely } from 'node:https'
import type { Duplex } from 'node:stream'
import { hostOf, type LineOptions, publicLine, within } from './line.ts'

export type GuardedOptions = LineOptions & {
  /** Hosts that the operator has named, in lower case: these may lie within, and be asked over plain HTTP and at any port. */
  allowedHosts?: readonly string[]
  /** For the whole of it, redirects and all. */
  seconds?: number
  mostBytes?: number
  /** An answer that is larger ends there, instead of being none. */
  isCut?: boolean
}

export type Request = { method?: 'GET' | 'HEAD' | 'POST'; headers?: Record<string, string>; body?: string | Uint8Array }
export type Answer = { status: number; headers: Headers; body: Uint8Array; url: string }

/** `because`: `address` is none of the public internet, or no address at all · `size`: the answer is too large · `redirects`: too many of them. */
export class Unreachable extends Error {
  readonly code = 'unreachable'
  readonly because: 'address' | 'size' | 'redirects'
  constructor(because: Unreachable['because'], message: string) {
    super(message)
    this.because = because
  }
}

const SECONDS = 10
const MOST_BYTES = 1024 * 1024
const MOST_REDIRECTS = 3
/** What is meant for one host alone. */
const OF_ONE_HOST = /^(authorization|cookie|proxy-authorization|.*-signature|x-.*)$/i

type Bounds = { mostBytes: number; isCut: boolean }

const wholeOf = async (response: IncomingMessage, { mostBytes, isCut }: Bounds): Promise<Uint8Array> => {
  const chunks: Buffer[] = []
  let size = 0
  // An IncomingMessage without an encoding yields buffers.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    // Leaving the loop closes the connection.
    if (size > mostBytes && !isCut) throw new Unreachable('size', `The answer is larger than ${mostBytes} bytes.`)
    chunks.push(chunk)
    if (size > mostBytes) break
  }
  return Buffer.concat(chunks).subarray(0, mostBytes)
}

type Call = Request & { url: URL; socket: Duplex; signal: AbortSignal; bounds: Bounds }

const call = ({ url, method = 'GET', headers = {}, body, socket, signal, bounds }: Call): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const all = { 'user-agent': 'Lectern', accept: '*/*', ...headers, host: url.host, 'accept-encoding': 'identity', connection: 'close' }
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const send = url.protocol === 'https:' ? requestSecurely : requestPlainly
    // Without an agent: one of its own would make its own connection, to an address that it looks up itself.
    const asked = send(url, { method, headers: { ...all, ...length }, signal, createConnection: () => socket }, (response) => {
      const told = new Headers(Object.entries(response.headersDistinct).map(([name, values]): [string, string] => [name, (values ?? []).join(', ')]))
      wholeOf(response, bounds).then((whole) => resolve({ status: response.statusCode ?? 0, headers: told, body: whole, url: url.href }), reject)
    })
    asked.on('error', (error) => {
      socket.destroy()
      reject(error)
    })
    asked.end(body)
  })

/** Whether an address may be asked, by how it is written; where its host lies is looked at when it is. */
export const isAskable = (url: URL, allowedHosts: readonly string[] = []): boolean => {
  if (url.username !== '' || url.password !== '') return false
  return allowedHosts.includes(hostOf(url)) ? /^https?:$/.test(url.protocol) : url.protocol === 'https:' && url.port === ''
}

/**
 * Asks one address that somebody has typed in, and no other: over HTTPS at its usual port, of a public host, at the address that was checked. What
 * is wrong with the address itself throws `Unreachable`; whatever else goes wrong on the way throws as Node does.
 */
export const guardedCall = ({ allowedHosts = [], mostBytes = MOST_BYTES, isCut = false, ...outside }: Omit<GuardedOptions, 'seconds'>) => {
  const lineTo = publicLine(outside)
  return async (url: URL, asked: Request, signal: AbortSignal): Promise<Answer> => {
    const isTrusted = allowedHosts.includes(hostOf(url))
    if (!isAskable(url, allowedHosts)) throw new Unreachable('address', 'That is no address that the school asks: https, and a public host.')
    const line = await lineTo(url, { signal, isTrusted })
    if (line === 'refused') throw new Unreachable('address', 'That address lies within a network, where the school asks nothing.')
    return within(signal, call({ ...asked, url, socket: line(), signal, bounds: { mostBytes, isCut } }))
  }
}

/** Where an answer leads on, as it is written. */
export const leadsTo = ({ status, headers }: Answer): string | undefined => (status >= 300 && status < 400 ? (headers.get('location') ?? undefined) : undefined)

/** The same, and on to where it is sent; each redirect is an address anew. Only GET and HEAD go on; another origin is told no key and no signature. */
export const guardedFetch = ({ seconds = SECONDS, ...options }: GuardedOptions = {}) => {
  const ask = guardedCall(options)
  return async (address: string, asked: Request = {}): Promise<Answer> => {
    const signal = AbortSignal.timeout(seconds * 1000)
    const mayGoOn = asked.method === undefined || asked.method === 'GET' || asked.method === 'HEAD'
    let next = URL.parse(address)
    let said = asked
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      if (!next) throw new Unreachable('address', 'That is no address.')
      const answer = await ask(next, said, signal)
      const location = leadsTo(answer)
      if (!mayGoOn || location === undefined) return answer
      const from = next
      next = URL.parse(location, from)
      if (next?.origin !== from.origin)
        said = { ...said, headers: Object.fromEntries(Object.entries(said.headers ?? {}).filter(([name]) => !OF_ONE_HOST.test(name))) }
    }
    throw new Unreachable('redirects', `That address leads on more than ${MOST_REDIRECTS} times.`)
  }
}
