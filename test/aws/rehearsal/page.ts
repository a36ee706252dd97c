import http from 'node:http'
import { buffer } from 'node:stream/consumers'

/**
 * Asks a host of AWS as a page does, at an address of this machine and under the host's own name, which is part of what is signed: `fetch`
 * would name the address. Any other host is asked as it is.
 */
export const askingAt =
  (address: () => string) =>
  async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const asked = new Request(input, init)
    const { pathname, search, host } = new URL(asked.url)
    if (!host.endsWith('.amazonaws.com')) return fetch(asked)
    const body = Buffer.from(await asked.arrayBuffer())
    const headers = { ...Object.fromEntries(asked.headers), host, 'content-length': body.length }
    const request = http.request(new URL(pathname + search, address()), { method: asked.method, headers })
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => request.on('response', resolve).on('error', reject).end(body))
    const told = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)])
    return new Response(await buffer(answer), { status: answer.statusCode ?? 0, headers: told })
  }
