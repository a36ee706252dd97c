import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Secret } from '#ports/secret.ts'

/** What the proxy in front of a school shows with each request. amplify/cloudflare sets it. */
export const PROXY_HEADER = 'x-lectern-proxy'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** How the secret stands where it may be read: in a template, in the program at the edge, in the environment of a function. */
export const digestOf = (text: string): string => digest(text).toString('hex')

/** Whether a header shows the secret of this digest (hex). */
export const showsSecret = (shown: string | undefined, hex: string): boolean => {
  const wanted = Buffer.from(hex, 'hex')
  return shown !== undefined && wanted.length === 32 && timingSafeEqual(digest(shown), wanted)
}

/**
 * Lets in what comes through the proxy; everybody while there is no secret. The header goes no further than here: what is behind
 * hands requests on, and logs them.
 */
export const proxyDoor = (secret: Secret | undefined): ((headers: IncomingHttpHeaders) => boolean) => {
  if (!secret) return () => true
  const hex = digestOf(secret.reveal())
  return (headers) => {
    const shown = headers[PROXY_HEADER]
    delete headers[PROXY_HEADER]
    return typeof shown === 'string' && showsSecret(shown, hex)
  }
}

/** For who calls the school on its own machine, past the proxy. */
export const headersFor = (secret: Secret | undefined): Record<string, string> => (secret ? { [PROXY_HEADER]: secret.reveal() } : {})
