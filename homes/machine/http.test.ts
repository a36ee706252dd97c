import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { MOST_HOOK_BYTES } from '#api/webhooks.ts'
import { randomIds, systemClock } from './clock.ts'
import { openHome } from './home.ts'
import { schoolServer } from './http.ts'
import { silentLog } from './log.ts'
import { readSettings } from './settings.ts'

const data = await mkdtemp(join(tmpdir(), 'lectern-http-'))
const webRoot = join(data, 'dist')
await mkdir(webRoot)
await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>School</title>')
const home = await openHome({ settings: readSettings({ LECTERN_DATA: data }), clock: systemClock, ids: randomIds(systemClock), log: silentLog })
const server = schoolServer(home, webRoot)
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
after(async () => {
  server.close()
  server.closeAllConnections()
  await home.stop()
  await rm(data, { recursive: true })
})
const address = server.address()
if (address === null || typeof address === 'string') throw new Error('No port.')
const { port } = address
const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, init)

/** What the school says to a webhook whose sender announces no length and never ends. */
const answerToEndless = (): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let said = ''
    socket.on('data', (bytes) => {
      said += bytes.toString()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(said))
    socket.write('POST /hooks/stripe HTTP/1.1\r\nHost: school\r\nTransfer-Encoding: chunked\r\n\r\n')
    const chunk = 'x'.repeat(64 * 1024)
    for (let sent = 0; sent <= MOST_HOOK_BYTES; sent += chunk.length) socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`)
  })

test('a webhook that is not signed is refused, one too long is told so while it is still being sent', async () => {
  assert.equal((await ask('/hooks/stripe', { method: 'POST', body: '{}' })).status, 400)
  assert.equal((await ask('/hooks/stripe')).status, 405)
  assert.match(await answerToEndless(), /^HTTP\/1\.1 413 /)
})

test('what is nowhere is not found, as JSON below /api and as a page elsewhere', async () => {
  const api = await ask('/api/nowhere')
  assert.deepEqual([api.status, api.headers.get('content-type')], [404, 'application/json'])
  assert.equal((await ask('/hooks/other')).status, 404)
  assert.equal((await ask('/anything')).status, 200)
})

test('the contract is served as a document, with a page to try it on', async () => {
  const document = await ask('/api/openapi.json')
  assert.match(await document.text(), /"\/teach\/courses"/)
  assert.match(await (await ask('/api/docs')).text(), /swagger-ui-bundle\.js/)
})

test('a visitor who opens previews on and on is told to wait, and those beside them who have signed in are not', async () => {
  const open = (headers: Record<string, string> = {}): Promise<Response> =>
    ask('/api/lessons/les_nowhere12/playback', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' })
  const statuses: number[] = []
  for (let asked = 0; asked < 120; asked += 1) statuses.push((await open()).status)
  assert.ok(!statuses.includes(429))
  const refused = await open()
  assert.deepEqual([refused.status, /"code":"too-many"/.test(await refused.text())], [429, true])
  assert.ok(Number(refused.headers.get('retry-after')) >= 1)
  assert.equal((await ask('/api/streams/str_nowhere12/beats', { method: 'POST', body: '{}' })).status, 429)
  assert.notEqual((await open({ authorization: 'Bearer of-somebody' })).status, 429)
  assert.equal((await open({ 'x-forwarded-for': '192.0.2.7' })).status === 429, false)
})
