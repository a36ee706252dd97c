import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { CLOUDFLARE } from './cloudflare-networks.ts'

/** What has to be known of a request to say whom it is from. */
export type Asked = { socket: { remoteAddress?: string | undefined }; headers: IncomingHttpHeaders }

/** The caller's network address. */
export type CallerOf = (request: Asked) => string

const WORDS: Record<string, readonly string[]> = { cloudflare: CLOUDFLARE.networks, loopback: ['127.0.0.0/8', '::1/128'] }

/** `[address, bits]`; undefined for what is no network, and for one that holds everybody. */
const networkIn = (written: string): [address: string, bits: number, family: 'ipv4' | 'ipv6'] | undefined => {
  const [, address = '', bits] = /^([\da-f.:]+?)(?:\/(\d{1,3}))?$/i.exec(written) ?? []
  const version = isIP(address)
  const most = version === 6 ? 128 : 32
  const length = bits === undefined ? most : Number(bits)
  if (version === 0 || length < 1 || length > most) return undefined
  return [address, length, version === 6 ? 'ipv6' : 'ipv4']
}

const wordsIn = (list: string): string[] => list.split(',').flatMap((each) => each.trim() || [])

/** Whether a list of networks and the words `cloudflare` and `loopback` can be read, and believes less than everybody. */
export const isProxyList = (list: string): boolean => wordsIn(list).every((each) => each in WORDS || networkIn(each) !== undefined)

/** Networks, with those the words stand for. @throws for a list that cannot be read */
export const proxyNetworks = (list: string): string[] => {
  if (!isProxyList(list)) throw new Error('A list of proxies is made of networks, and of the words cloudflare and loopback.')
  return wordsIn(list).flatMap((each) => WORDS[each] ?? [each])
}

const blockOf = (networks: readonly string[]): BlockList => {
  const block = new BlockList()
  for (const network of networks) {
    const found = networkIn(network)
    if (!found) throw new Error(`${network} is no network.`)
    block.addSubnet(...found)
  }
  return block
}

/** An address as it is compared: without the zone of an interface, and IPv4 as such where a socket of both kinds tells it. */
const plain = (address: string): string => address.replace(/%.*$/, '').replace(/^::ffff:(?=[\d.]+$)/i, '')

/** One hop as a proxy writes it: some add the port. Undefined for a word, or anything else that is no address. */
const hopIn = (written: string | undefined): string | undefined => {
  const text = written?.trim() ?? ''
  const [, bare] = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? /^([\d.]+):\d+$/.exec(text) ?? []
  const address = plain(bare ?? text)
  return isIP(address) === 0 ? undefined : address
}

const isIn = (block: BlockList, address: string): boolean => isIP(address) !== 0 && block.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

const joined = (header: string | string[] | undefined): string => (Array.isArray(header) ? header.join(',') : (header ?? ''))

/**
 * Whom a request is from. Headers are believed as far as whoever wrote them is: from the connection backwards through `X-Forwarded-For`,
 * while each hop lies in the trusted networks; the first that does not is the caller, and what stands before it is hearsay. A hop of
 * Cloudflare's, where that is trusted, names the visitor itself in `CF-Connecting-IP`.
 */
export const callerBehind = (trusted: readonly string[]): CallerOf => {
  const [proxies, cloudflare] = [blockOf(trusted), blockOf(CLOUDFLARE.networks)]
  return ({ socket, headers }) => {
    const hops = joined(headers['x-forwarded-for']).split(',')
    let nearest = plain(socket.remoteAddress ?? 'unknown')
    while (isIn(proxies, nearest)) {
      const told = isIn(cloudflare, nearest) ? hopIn(joined(headers['cf-connecting-ip'])) : undefined
      if (told !== undefined) return told
      const before = hopIn(hops.pop())
      if (before === undefined) return nearest
      nearest = before
    }
    return nearest
  }
}

/** Who believes nobody takes the connection's own address. */
export const peerOf: CallerOf = callerBehind([])
