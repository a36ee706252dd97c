import { lookup } from 'node:dns/promises'
import { connect as connectPlainly, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectSecurely } from 'node:tls'
import { isPublicAddress } from './addresses.ts'

/** How the world outside is reached; tests give their own. */
export type LineOptions = {
  /** All addresses of a host. */
  resolve?: (host: string) => Promise<readonly string[]>
  /** A way to a port of an address, secured for the host where the address is one of HTTPS. */
  connect?: (address: string, url: URL) => Duplex
}

const addressesOf = async (host: string): Promise<string[]> => (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address)

export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80)

const connecting = (address: string, url: URL): Duplex =>
  url.protocol === 'https:'
    ? connectSecurely({ host: address, port: portOf(url), servername: isIP(hostOf(url)) ? '' : hostOf(url), ALPNProtocols: ['http/1.1'] })
    : connectPlainly({ host: address, port: portOf(url) })

/** The time is up, also for what cannot be called off. */
export const within = <T>(signal: AbortSignal, doing: Promise<T>): Promise<T> =>
  Promise.race([doing, new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))])

type Asked = { signal: AbortSignal; isTrusted?: boolean }

/**
 * Finds out where a host is and answers how to connect to exactly that address: a name that changes its mind afterwards leads nowhere. Refused
 * is a host of which any address is not public, unless the operator has named it.
 */
export const publicLine =
  ({ resolve = addressesOf, connect = connecting }: LineOptions) =>
  async (url: URL, { signal, isTrusted = false }: Asked): Promise<(() => Duplex) | 'refused'> => {
    const host = hostOf(url)
    const addresses = isIP(host) ? [host] : await within(signal, resolve(host))
    const [address] = addresses
    if (address === undefined || !(isTrusted || addresses.every(isPublicAddress))) return 'refused'
    return () => connect(address, url)
  }
