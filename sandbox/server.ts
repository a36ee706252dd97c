import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a stand-in says; without one the connection is cut. */
export type Reply = { status: number; body: string | Uint8Array; headers: Record<string, string> }

/** @throws when it is larger than so many bytes */
export const readBody = async (request: IncomingMessage, mostBytes: number): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    chunks.push(chunk)
    size += chunk.length
    if (size > mostBytes) throw new Error('The request is too large.')
  }
  return Buffer.concat(chunks).toString()
}

export const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/**
 * Whether a page of somewhere else presses a button here. Browsers say so themselves (Fetch Metadata), old ones by `Origin`; a program says neither,
 * and is no page.
 */
export const isFromElsewhere = (request: IncomingMessage): boolean => {
  if (request.method === 'GET' || request.method === 'HEAD') return false
  const [site, origin] = [header(request, 'sec-fetch-site'), header(request, 'origin')]
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return origin !== undefined && URL.parse(origin)?.host !== request.headers.host
}

/** Ends after so long, or (true) when the stand-in stops; without seconds only then. */
export const wait = (seconds: number | undefined, stopping: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = seconds === undefined ? undefined : setTimeout(() => resolve(false), seconds * 1000)
    const cut = (): void => {
      clearTimeout(timer)
      resolve(true)
    }
    stopping.addEventListener('abort', cut, { once: true })
  })

type Options = {
  respond(request: IncomingMessage, response: ServerResponse): Promise<Reply | undefined>
  /** In the words of the company that is stood in for. */
  fault(message: string): Reply
  port: number
}

/** A stand-in's server on this machine alone; `close` cuts off whoever is still connected. */
export const openServer = async ({ respond, fault, port }: Options): Promise<{ origin: string; close(): Promise<void> }> => {
  const server = createServer((request, response) => {
    const send = (reply: Reply | undefined): void => {
      if (!reply) return void response.destroy()
      response.writeHead(reply.status, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...reply.headers }).end(reply.body)
    }
    respond(request, response).then(send, (error: unknown) => {
      if (!response.headersSent) send(fault(error instanceof Error ? error.message : String(error)))
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on TCP has an address with a port.
  const { port: taken } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${taken}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
