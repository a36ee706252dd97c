import { lookup } from 'node:dns/promises'
import { type IncomingMessage, request } from 'node:http'
import { connect as connectPlainly, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectSecurely } from 'node:tls'
import { WEBHOOK_LIMITS, type WebhookAnswer, type WebhookPost, type Webhooks } from '#ports/webhooks.ts'
import { isPublicAddress } from '../links/addresses.ts'

export type WebhookOptions = {
  /** Hosts as they stand in an address (`n8n:5678`) that are told wherever they are, by HTTP too: the owner's own. */
  hosts?: readonly string[]
  /** All addresses of a host. */
  resolve?: (host: string) => Promise<readonly string[]>
  /** A way to a port of an address; secured for the host where one is given. */
  connect?: (place: { address: string; port: number; secureFor: string | undefined }) => Duplex
  seconds?: number
}

const addressesOf = async (host: string): Promise<string[]> => (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address)

const connectTo: NonNullable<WebhookOptions['connect']> = ({ address, port, secureFor }) =>
  secureFor === undefined
    ? connectPlainly(port, address)
    : // A name for what is an address alone is none by RFC 6066 §3.
      connectSecurely({ host: address, port, ALPNProtocols: ['http/1.1'], ...(isIP(secureFor) === 0 && { servername: secureFor }) })

/** As much of an answer as is kept; the rest is not read. */
const firstBytes = async (answer: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= WEBHOOK_LIMITS.saidBytes) break
  }
  return Buffer.concat(chunks).subarray(0, WEBHOOK_LIMITS.saidBytes).toString('utf8')
}

type Call = { url: URL; socket: Duplex; signal: AbortSignal; headers: WebhookPost['headers']; body: string }

const call = ({ url, socket, signal, headers, body }: Call): Promise<WebhookAnswer> =>
  new Promise((resolve, reject) => {
    const sent = { ...headers, host: url.host, 'content-length': Buffer.byteLength(body), connection: 'close' }
    // Without an agent: one of its own would make its own connection, to an address that it looks up itself.
    const asked = request({ method: 'POST', path: `${url.pathname}${url.search}`, headers: sent, signal, createConnection: () => socket }, (answer) => {
      firstBytes(answer)
        .then((said) => resolve({ status: answer.statusCode ?? 0, said }), reject)
        .finally(() => socket.destroy())
    })
    asked.on('error', (error) => {
      socket.destroy()
      reject(error)
    })
    asked.end(body)
  })

/** The time is up, also for what cannot be called off. */
const within = <T>(signal: AbortSignal, doing: Promise<T>): Promise<T> =>
  Promise.race([doing, new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))])

/**
 * Tells other programs. It connects to no address but one that it has checked: a host of which any address is not public is not asked, and a name
 * that changes its mind leads nowhere.
 */
export const openWebhooks = ({ hosts = [], resolve = addressesOf, connect = connectTo, seconds = WEBHOOK_LIMITS.seconds }: WebhookOptions = {}): Webhooks => {
  const isNamed = ({ host }: URL): boolean => hosts.includes(host)
  const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

  const allows = (text: string): boolean => {
    if (!URL.canParse(text)) return false
    const url = new URL(text)
    if (url.username !== '' || url.password !== '' || url.hash !== '') return false
    if (isNamed(url)) return url.protocol === 'https:' || url.protocol === 'http:'
    return url.protocol === 'https:' && (isIP(hostOf(url)) === 0 || isPublicAddress(hostOf(url)))
  }

  const post = async ({ url: text, headers, body }: WebhookPost): Promise<WebhookAnswer> => {
    const url = new URL(text)
    const [host, isSecure, signal] = [hostOf(url), url.protocol === 'https:', AbortSignal.timeout(seconds * 1000)]
    const addresses = isIP(host) ? [host] : await within(signal, resolve(host))
    const [address] = addresses
    if (address === undefined || !(isNamed(url) || addresses.every(isPublicAddress))) {
      return { fault: 'not-public', says: 'Its name leads to an address that is not on the public internet.' }
    }
    const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port)
    return within(signal, call({ url, socket: connect({ address, port, secureFor: isSecure ? host : undefined }), signal, headers, body }))
  }

  return {
    allows,
    post: async (wanted) => {
      if (!allows(wanted.url)) return { fault: 'not-public', says: 'It is no address that may be told.' }
      try {
        return await post(wanted)
      } catch (error) {
        return { fault: 'no-answer', says: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}
