import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { HEALTH, MASTER, ME, PLAYLIST, SEGMENTS } from './files.ts'

/** A process with the least a Node server does: segments piped from a read stream, everything else from memory; it asks nobody who they are. */
const folder = process.argv[2] ?? ''
const CHUNK_BYTES = 1024 * 1024

const sizes = new Map(await Promise.all(SEGMENTS.map(async (name) => [name, (await stat(join(folder, name))).size] as const)))
const bodies = new Map(await Promise.all([MASTER, PLAYLIST, HEALTH, ME].map(async (name) => [name, await readFile(join(folder, name))] as const)))

const server = createServer((request, response) => {
  const name = basename(request.url ?? '')
  const [size, body] = [sizes.get(name), bodies.get(name)]
  if (size !== undefined) {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': size })
    createReadStream(join(folder, name), { highWaterMark: CHUNK_BYTES }).pipe(response)
  } else if (body) response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length }).end(body)
  else response.writeHead(404).end()
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
// A server that listens on TCP has an address with a port.
process.send?.({ port: (server.address() as AddressInfo).port })
// Nobody is left to measure for.
process.on('disconnect', () => process.exit(0))
