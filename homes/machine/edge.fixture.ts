import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { after } from 'node:test'
import { playbackCookies } from '#core/delivery/signer.ts'
import type { Settings } from '#ports/world.ts'
import { randomIds } from './clock.ts'
import { edge } from './edge.ts'
import { keys as openKeys } from './keys.ts'
import { silentLog } from './log.ts'
import { type MachineObjects, objects as openObjects } from './objects.ts'
import { scratchFolder } from './scratch.fixture.ts'
import { openSecrets } from './secrets.ts'

/** An edge of its own on loopback for each file of tests, with three videos, a course page and a small web app behind it. */
export const folder = await scratchFolder()
export const webRoot = join(folder, 'dist')
export const SECRET = 'SECRET-'
const SHELL = `<!doctype html><title>Lectern</title>${'<!-- shell -->'.repeat(100)}`
export const SCRIPT = `export const lessons = ${JSON.stringify('watch and learn '.repeat(500))}`
export const VIDEO_FILES = [
  'master.m3u8',
  '720p/index.m3u8',
  '720p/init.mp4',
  '720p/1.m4s',
  'audio/1.m4s',
  'captions/en.vtt',
  'storyboard.vtt',
  'storyboard/1.jpg',
  'poster.jpg',
  'chapters.vtt',
]

export const clock = {
  time: new Date('2026-11-22T10:00:00Z'),
  now: () => clock.time,
  pass: (seconds: number) => {
    clock.time = new Date(clock.time.getTime() + seconds * 1000)
  },
}
export const ids = randomIds(clock)
await openSecrets(folder, { ids, clock })
export const keys = await openKeys({ folder, clock, log: silentLog })
const firstKeys = await keys.live()

const server = createServer()
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
// A server that listens on TCP has an address with a port.
export const { port } = server.address() as AddressInfo
const url = `http://127.0.0.1:${port}`
export const settings: Pick<Settings, 'url' | 'playbackTtlSeconds'> = { url, playbackTtlSeconds: 600 }

export const store: MachineObjects = await openObjects({ folder: join(folder, 'objects'), url, clock })
const serve = edge({ objects: store, settings, keys, clock, webRoot })
const faults: unknown[] = []
server.on('request', (incoming, response) => {
  serve(incoming, response).then(
    (isServed) => isServed || response.writeHead(418).end('the program'),
    (error: unknown) => {
      faults.push(error)
      response.destroy()
    },
  )
})

await mkdir(join(webRoot, 'assets'), { recursive: true })
await mkdir(join(webRoot, '.vite'))
await writeFile(join(webRoot, 'index.html'), SHELL)
await writeFile(join(webRoot, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
await writeFile(join(webRoot, 'assets', 'app-1a2b.js'), SCRIPT)
await writeFile(join(webRoot, '.vite', 'manifest.json'), `{"${SECRET}":1}`)
await writeFile(join(folder, 'outside.txt'), `${SECRET}outside`)
for (const video of ['vid_a', 'vid_a1', 'vid_b'])
  for (const name of VIDEO_FILES)
    await store.put(`media/${video}/${name}`, `${SECRET}${video}/${name}`, { type: 'text/vtt', cacheControl: 'public, max-age=31536000' })
await store.put('sources/vid_a/original.mp4', `${SECRET}source`, { type: 'video/mp4' })
await store.put('catalogue/index.json', JSON.stringify({ courses: Array.from({ length: 200 }, (_, number) => ({ id: `crs_${number}` })) }), {
  type: 'application/json',
  cacheControl: 'public, max-age=30',
})
await store.put('catalogue/pages/chess.html', '<!doctype html><title>Chess for everyone</title>', { type: 'text/html; charset=utf-8' })

after(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await store.close()
  await rm(folder, { recursive: true })
  assert.deepEqual(faults, [])
})

export const pairs = (video: string, live = firstKeys): Record<string, string> => {
  const { cookies } = playbackCookies({ settings, keys: live, video, stream: 'str_1', now: clock.now() })
  return Object.fromEntries(cookies.map((line) => (line.split(';')[0] ?? '').split('=', 2)))
}
export const cookie = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
export const forA = cookie(pairs('vid_a'))

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer }
export const ask = (path: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }))
      response.on('error', reject)
    })
    sent.on('error', reject).end()
  })
export const watch = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  ask(path, { method, headers: { cookie: forA, ...headers } })

/** The whole answer to a request target that no client library would send as it is. */
export const raw = (target: string, headers: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}Connection: close\r\n\r\n`))
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', reject).on('close', () => resolve(text))
  })

export const codeOf = ({ status, headers, body }: Answer): string | undefined => {
  assert.equal(status, 403)
  assert.equal(headers['content-type'], 'text/xml')
  assert.equal(headers['cache-control'], 'no-store')
  return /^<\?xml version="1.0" encoding="UTF-8"\?><Error><Code>(\w+)<\/Code><Message>[\w -]+<\/Message><\/Error>$/.exec(body.toString())?.[1]
}
