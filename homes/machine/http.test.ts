import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { MOST_HOOK_BYTES } from '#api/webhooks.ts'
import { schoolServer } from './http.ts'
import { aServedHome } from './served.fixture.ts'

const { home, webRoot, port, close } = await aServedHome({ LECTERN_TRUSTED_PROXIES: 'loopback' })
after(close)
const portOf = (listening: ReturnType<typeof schoolServer>): number => {
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return address.port
}
const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, init)

const CHUNK = `${(64 * 1024).toString(16)}\r\n${'x'.repeat(64 * 1024)}\r\n`

/** A webhook whose sender announces no length and sends so many chunks, more than may be; `heard` is what the school says to it. */
const sender = (chunks: number): { socket: Socket; heard(what: RegExp): Promise<void>; over: Promise<unknown> } => {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  socket.on('data', (bytes) => {
    said += bytes.toString()
  })
  const over = once(socket, 'close')
  const heard = async (what: RegExp): Promise<void> => {
    while (!what.test(said)) await Promise.race([once(socket, 'data'), over.then(() => assert.fail(`closed after "${said}"`))])
  }
  socket.write('POST /hooks/stripe HTTP/1.1\r\nHost: school\r\nTransfer-Encoding: chunked\r\n\r\n')
  for (let sent = 0; sent < chunks; sent += 1) socket.write(CHUNK)
  return { socket, heard, over }
}
const TOO_MANY = MOST_HOOK_BYTES / (64 * 1024) + 1

test('a webhook that is not signed is refused, one too long is told so while it is still being sent', async () => {
  assert.equal((await ask('/hooks/stripe', { method: 'POST', body: '{}' })).status, 400)
  assert.equal((await ask('/hooks/stripe')).status, 405)
  const endless = sender(TOO_MANY)
  await endless.heard(/^HTTP\/1\.1 413 /)
  await endless.over
})

test('one far too long may be sent to its end, and the next one on the same connection is heard', async () => {
  const long = sender(20 * TOO_MANY)
  await long.heard(/^HTTP\/1\.1 413 /)
  long.socket.write('0\r\n\r\nPOST /hooks/stripe HTTP/1.1\r\nHost: school\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}')
  await long.heard(/HTTP\/1\.1 400 /)
  await long.over
})

/** All that the school says to these bytes before it closes. */
const saidTo = (bytes: string): Promise<string> =>
  new Promise((resolve) => {
    let said = ''
    const socket = connect(port, '127.0.0.1')
    socket.on('data', (some) => {
      said += some.toString()
    })
    // What counts is what was said until then.
    socket.on('error', () => {})
    socket.once('close', () => resolve(said))
    socket.write(bytes)
  })

test('a request of which two readers could find two ends is refused, and nothing behind it is heard', async () => {
  const behind = 'GET /api/health HTTP/1.1\r\nHost: school\r\nConnection: close\r\n\r\n'
  const framings = [
    ...['Content-Length: 5\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 5', 'Content-Length: 5\r\nContent-Length: 6'],
    ...['Transfer-Encoding: chunked, identity', 'Transfer-Encoding : chunked', 'Content-Length: +5'],
  ]
  for (const framing of framings) {
    const said = await saidTo(`POST /api/nowhere HTTP/1.1\r\nHost: school\r\n${framing}\r\n\r\n0\r\n\r\n${behind}`)
    assert.deepEqual(said.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 400'], framing)
  }
})

test('whoever asks by TRACE is not told what they have sent, wherever they ask', async () => {
  const places = [
    ...['/', '/courses/none', '/assets/none.js', '/catalogue/index.json', '/media/vid_none0001/master.m3u8', '/files/fil_none0001/content'],
    ...['/api/health', '/api/nowhere', '/api/docs', '/auth/sign-in/none', '/uploads/none', '/hooks/stripe', '/sandbox/mail', '/.well-known/security.txt'],
  ]
  for (const path of places) {
    const asked = request({ port, path, method: 'TRACE', headers: { cookie: 'own=words-of-my-own', 'x-own': 'words-of-my-own' } }).end()
    const [answer] = await once(asked, 'response')
    assert.ok([405, 501].includes(answer.statusCode), `${path}: ${answer.statusCode}`)
    assert.doesNotMatch(JSON.stringify(answer.headers) + (await text(answer)), /words-of-my-own/, path)
  }
})

test('whoever asks for much and reads none of it is cut off', async (t) => {
  const impatient = schoolServer(home, webRoot, { stalledMs: 200 })
  await new Promise<void>((listening) => impatient.listen(0, '127.0.0.1', listening))
  const socket = connect(portOf(impatient), '127.0.0.1').pause()
  t.after(() => {
    socket.destroy()
    impatient.close()
  })
  const [accepted] = await once(impatient, 'connection')
  // More than the system holds for somebody who does not read.
  for (let asked = 0; asked < 20; asked += 1) socket.write('GET /api/docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: school\r\n\r\n')
  await once(accepted, 'close')
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
