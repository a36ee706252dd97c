import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { World } from '#ports/world.ts'
import type { School } from '#test/school.ts'
import { admission } from './admission.ts'
import { edge } from './edge.ts'
import type { Wait } from './pace.ts'

export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer }
type Question = { method?: string; headers?: Record<string, string>; signal?: AbortSignal }

type EdgeServerOptions = { webRoot?: string; world?: World; wait?: Wait; stalledMs?: number; accelPlace?: string }

/** The machine's edge over a school in memory, on a port of its own; `wait` holds viewers up who load too fast. */
export const edgeServer = async (school: School, { webRoot = '', world = school.world, wait, stalledMs, accelPlace }: EdgeServerOptions = {}) => {
  const { settings, keys, clock } = world
  const serve = edge({ objects: school.store, settings, keys, clock, admission: admission(world, wait ? { wait } : {}), webRoot, stalledMs, accelPlace })
  const faults: unknown[] = []
  const server = createServer((incoming, response) => {
    serve(incoming, response).then(
      (isServed) => isServed || response.writeHead(418).end('the program'),
      (error: unknown) => {
        faults.push(error)
        response.destroy()
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo

  const ask = (path: string, question: Question = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, ...question }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }))
        response.on('error', reject)
      })
      sent.on('error', reject).end()
    })

  /** The whole answer to a request target that no client library would send as it is. */
  const raw = (target: string, headers: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}Connection: close\r\n\r\n`))
      let text = ''
      socket.on('data', (chunk) => (text += chunk.toString('latin1')))
      socket.on('error', reject).on('close', () => resolve(text))
    })

  const connections = (): Promise<number> => new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))))

  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    assert.deepEqual(faults, [])
  }
  return { port, ask, raw, connections, close }
}
