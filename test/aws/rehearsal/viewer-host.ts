import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DistributionPlay } from './distribution.ts'
import type { Asked } from './gateway.ts'

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  // An IncomingMessage without an encoding yields buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const askedIn = async (request: IncomingMessage): Promise<Asked> => {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s, 2)
  const headers = Object.fromEntries(Object.entries(request.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const])))
  return { method: request.method ?? 'GET', path, query, headers, body: await bodyOf(request) }
}

/** Serves one host of a distribution at an address of this machine. `current`: the distribution as it is deployed at the moment. */
export const openHost = async (host: string, current: () => DistributionPlay): Promise<{ url: string; close(): void }> => {
  const server: Server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      const { status, headers, body } = await current().answer(host, await askedIn(request))
      const cookies = headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value)
      const plain = headers.filter(([name]) => name !== 'set-cookie' && name !== 'content-length')
      response.writeHead(status, { ...Object.fromEntries(plain), ...(cookies.length > 0 && { 'set-cookie': cookies }) })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    take().catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' })
      response.end(error instanceof Error ? error.message : String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server that listens has an address.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
