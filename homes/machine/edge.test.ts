import assert from 'node:assert/strict'
import { mkdir, mkdtemp, open, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { COOKIES, newSigningKey, playbackCookies } from '#core/delivery/signer.ts'
import type { Settings } from '#ports/world.ts'
import { edge } from './edge.ts'
import { type MachineObjects, objects as openObjects } from './objects.ts'

const folder = await mkdtemp(join(tmpdir(), 'lectern-edge-'))
const webRoot = join(folder, 'dist')
const SECRET = 'SECRET-'
const SHELL = `<!doctype html><title>Lectern</title>${'<!-- shell -->'.repeat(100)}`
const SCRIPT = `export const lessons = ${JSON.stringify('watch and learn '.repeat(500))}`
const VIDEO_FILES = [
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

const clock = { time: new Date('2026-11-22T10:00:00Z'), now: () => clock.time }
const key = newSigningKey({ make: () => 'K1' })

const server = createServer()
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
// A server that listens on TCP has an address with a port.
const { port } = server.address() as AddressInfo
const url = `http://127.0.0.1:${port}`
const settings: Pick<Settings, 'url' | 'signingKeys' | 'playbackTtlSeconds'> = { url, signingKeys: [key], playbackTtlSeconds: 600 }

const store: MachineObjects = await openObjects({ folder: join(folder, 'objects'), url, clock })
const serve = edge({ objects: store, settings, clock, webRoot })
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
  store.close()
  await rm(folder, { recursive: true })
  assert.deepEqual(faults, [])
})

const pairs = (video: string): Record<string, string> =>
  Object.fromEntries(playbackCookies({ settings, video, now: clock.now() }).cookies.map((line) => (line.split(';')[0] ?? '').split('=', 2)))
const cookie = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
const forA = cookie(pairs('vid_a'))

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer }
const ask = (path: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }))
      response.on('error', reject)
    })
    sent.on('error', reject).end()
  })
const watch = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  ask(path, { method, headers: { cookie: forA, ...headers } })

/** The whole answer to a request target that no client library would send as it is. */
const raw = (target: string, headers: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}Connection: close\r\n\r\n`))
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', reject).on('close', () => resolve(text))
  })

const codeOf = ({ status, headers, body }: Answer): string | undefined => {
  assert.equal(status, 403)
  assert.equal(headers['content-type'], 'text/xml')
  assert.equal(headers['cache-control'], 'no-store')
  return /^<\?xml version="1.0" encoding="UTF-8"\?><Error><Code>(\w+)<\/Code><Message>[\w -]+<\/Message><\/Error>$/.exec(body.toString())?.[1]
}

test('a learner with a grant gets every object of the video, and of no other', async () => {
  for (const name of VIDEO_FILES) {
    const { status, headers, body } = await watch(`/media/vid_a/${name}`)
    assert.equal(status, 200)
    assert.equal(body.toString(), `${SECRET}vid_a/${name}`)
    assert.equal(headers['cache-control'], 'private, no-cache')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['accept-ranges'], 'bytes')
  }
  const { items } = await store.list('media/')
  const others = items.filter(({ key: name }) => !name.startsWith('media/vid_a/'))
  assert.equal(others.length, 2 * VIDEO_FILES.length)
  for (const { key: name } of others) assert.equal(codeOf(await watch(`/${name}`)), 'AccessDenied', name)
})

test('every object is refused, each for its own reason, to whoever has no right to it', async () => {
  const own = pairs('vid_a')
  const name = (part: keyof typeof COOKIES): string => COOKIES[part]
  const altered = (part: keyof typeof COOKIES): string => {
    const value = own[name(part)] ?? ''
    return cookie({ ...own, [name(part)]: `${value.slice(0, 40)}${value[40] === 'A' ? 'B' : 'A'}${value.slice(41)}` })
  }
  clock.time = new Date('2026-11-22T09:00:00Z')
  const expired = cookie(pairs('vid_a'))
  clock.time = new Date('2026-11-22T10:00:00Z')
  const cases: [string, Record<string, string>, string[]][] = [
    ['no cookies', {}, ['MissingKey']],
    ['another video’s cookies', { cookie: cookie(pairs('vid_b')) }, ['AccessDenied']],
    ['a sibling’s cookies', { cookie: cookie(pairs('vid_a1')) }, ['AccessDenied']],
    ['an altered policy', { cookie: altered('policy') }, ['AccessDenied', 'MalformedPolicy']],
    ['an altered signature', { cookie: altered('signature') }, ['AccessDenied']],
    ['an unknown key', { cookie: cookie({ ...own, [name('key')]: 'K2' }) }, ['InvalidKey']],
    ['expired cookies', { cookie: expired }, ['AccessDenied']],
  ]
  const { items } = await store.list('media/vid_a/')
  assert.equal(items.length, VIDEO_FILES.length)
  for (const { key: object } of items) {
    for (const [label, headers, codes] of cases) {
      for (const extra of [{}, { range: 'bytes=0-3' }, { 'if-none-match': '*' }]) {
        const code = codeOf(await ask(`/${object}`, { headers: { ...headers, ...extra } }))
        assert.ok(codes.includes(code ?? ''), `${object} with ${label}: ${code}`)
      }
    }
    const head = await ask(`/${object}`, { method: 'HEAD' })
    assert.deepEqual([head.status, head.body.length], [403, 0])
  }
})

test('with or without a grant, nobody learns which files exist', async () => {
  assert.equal(codeOf(await watch('/media/vid_a/none.m3u8')), 'AccessDenied')
  const [there, not] = [await ask('/media/vid_a/master.m3u8'), await ask('/media/vid_a/none.m3u8')]
  assert.deepEqual([there.status, there.body.toString()], [not.status, not.body.toString()])
  const other = { headers: { cookie: cookie(pairs('vid_b')) } }
  assert.deepEqual((await ask('/media/vid_a/master.m3u8', other)).body, (await ask('/media/vid_a/none.m3u8', other)).body)
})

test('a signed URL’s parameters make good cookies count for nothing', async () => {
  assert.equal(codeOf(await watch('/media/vid_a/master.m3u8?Policy=x')), 'MissingKey')
  assert.equal((await watch('/media/vid_a/master.m3u8?v=1')).status, 200)
})

test('players may ask for heads, parts and only what has changed, and for nothing else', async () => {
  const path = '/media/vid_a/720p/1.m4s'
  const whole = `${SECRET}vid_a/720p/1.m4s`
  const head = await watch(path, {}, 'HEAD')
  assert.deepEqual([head.status, head.headers['content-length'], head.body.length], [200, String(whole.length), 0])
  const etag = head.headers.etag ?? ''
  const rows: [Record<string, string>, number, string, string | undefined][] = [
    [{ range: 'bytes=0-5' }, 206, whole.slice(0, 6), `bytes 0-5/${whole.length}`],
    [{ range: 'bytes=7-' }, 206, whole.slice(7), `bytes 7-${whole.length - 1}/${whole.length}`],
    [{ range: 'bytes=-4' }, 206, whole.slice(-4), `bytes ${whole.length - 4}-${whole.length - 1}/${whole.length}`],
    [{ range: 'bytes=-9999' }, 206, whole, `bytes 0-${whole.length - 1}/${whole.length}`],
    [{ range: 'bytes=3-9999' }, 206, whole.slice(3), `bytes 3-${whole.length - 1}/${whole.length}`],
    [{ range: `bytes=${whole.length}-` }, 416, '', `bytes */${whole.length}`],
    [{ range: 'bytes=5-2' }, 416, '', `bytes */${whole.length}`],
    [{ range: 'bytes=-0' }, 416, '', `bytes */${whole.length}`],
    [{ range: 'bytes=x' }, 416, '', `bytes */${whole.length}`],
    [{ range: 'bytes=0-1,4-5' }, 200, whole, undefined],
    [{ range: 'lines=0-1' }, 200, whole, undefined],
    [{ range: 'bytes=0-5', 'if-range': etag }, 206, whole.slice(0, 6), `bytes 0-5/${whole.length}`],
    [{ range: 'bytes=0-5', 'if-range': '"other"' }, 200, whole, undefined],
    [{ 'if-none-match': etag }, 304, '', undefined],
    [{ 'if-none-match': `"x", W/${etag}` }, 304, '', undefined],
    [{ 'if-none-match': '"x"' }, 200, whole, undefined],
  ]
  for (const [headers, status, body, contentRange] of rows) {
    const answer = await watch(path, headers)
    assert.deepEqual(
      [answer.status, answer.body.toString(), answer.headers['content-range'], answer.headers.etag],
      [status, body, contentRange, etag],
      JSON.stringify(headers),
    )
  }
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const answer = await watch(path, {}, method)
    assert.deepEqual([answer.status, answer.headers.allow], [405, 'GET, HEAD'], method)
    assert.ok(!answer.body.includes(SECRET))
  }
})

/** Ways to spell a slash and a step upwards that some server somewhere has fallen for. */
const SLASHES = ['/', '//', '%2f', '%2F', '\\', '%5c', '/./', '/%2e/', ';/', '/;x=1/', '%252f', '%c0%af', '%ef%bc%8f', '\u2215', '/%00/']
const UPS = ['..', '%2e%2e', '.%2e', '%2E.', '..;', '...', '%252e%252e', '%c0%ae%c0%ae', '..%00', '\uff0e\uff0e', '..%20', '..\t']
const ENDINGS = [
  '%00',
  '.',
  '/',
  '//',
  '/.',
  '/..',
  '%20',
  ';',
  '~',
  '%',
  '\\',
  ':',
  '%0a',
  '%0d%0aX:1',
  '%00.vtt',
  '#x',
  '*',
  '+',
  '@',
  '!',
  '\u00e9',
  '&',
  "'",
  '"',
  '$',
  '%3f',
  '%23',
]
const percent = (text: string, at: number): string => `${text.slice(0, at)}%${text.charCodeAt(at).toString(16)}${text.slice(at + 1)}`

const variants = (): string[] => {
  const goal = 'master.m3u8'
  const climbs = SLASHES.flatMap((slash) =>
    UPS.flatMap((up) => [`/media/vid_a${slash}${up}${slash}vid_b/${goal}`, `/media/vid_a${slash}${up}${slash}${up}${slash}sources/vid_a/original.mp4`]),
  )
  const spelled = [...goal]
    .map((_, at) => `/media/vid_a/${percent(goal, at)}`)
    .concat([...'media/vid_a'].map((_, at) => `/${percent('media/vid_a', at)}/${goal}`))
  const slashed = SLASHES.slice(1).flatMap((slash) => [`/media${slash}vid_a/${goal}`, `/media/vid_a${slash}${goal}`, `${slash}media/vid_a/${goal}`])
  const roundabout = ['/catalogue/..', '/assets/..', '/courses/..', '/x/..', '/.', '/catalogue/%2e%2e', '/assets/..%2f..', '/courses/..%2f..'].flatMap(
    (start) => [`${start}/media/vid_a/${goal}`, `${start}/sources/vid_a/original.mp4`],
  )
  const cased = ['/Media/vid_a/', '/MEDIA/vid_a/', '/media/VID_A/', '/media/Vid_a/'].map((start) => start + goal)
  const absolute = [`http://127.0.0.1:${port}/media/vid_a/${goal}`, `//127.0.0.1:${port}/media/vid_a/${goal}`, `media/vid_a/${goal}`, `*/media/vid_a/${goal}`]
  return [
    ...climbs,
    ...spelled,
    ...slashed,
    ...roundabout,
    ...cased,
    ...absolute,
    ...ENDINGS.map((ending) => `/media/vid_a/${goal}${ending}`),
    '/sources/vid_a/original.mp4',
  ]
}

test('no other spelling of a path gets a byte of any video, whatever cookies come with it', async () => {
  const all = [...new Set(variants())]
  assert.ok(all.length >= 400, String(all.length))
  const good = await raw('/media/vid_a/master.m3u8', `Cookie: ${forA}\r\n`)
  assert.ok(good.startsWith('HTTP/1.1 200 ') && good.includes(SECRET))
  for (const target of all) {
    const answer = await raw(target, `Cookie: ${forA}\r\n`)
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, JSON.stringify(target))
    assert.ok(!answer.includes(SECRET), JSON.stringify(target))
  }
})

test('headers that name another address change nothing', async () => {
  const answer = await raw(
    '/media/vid_b/master.m3u8',
    `Cookie: ${forA}\r\nX-Original-URL: /media/vid_a/master.m3u8\r\nX-Rewrite-URL: /media/vid_a/master.m3u8\r\nX-Forwarded-Host: evil\r\n`,
  )
  assert.match(answer, /^HTTP\/1\.1 403 /)
})

test('the catalogue is open to everyone, compressed, and nothing else of the store is', async () => {
  const plain = await ask('/catalogue/index.json')
  assert.equal(plain.headers['cache-control'], 'public, max-age=30')
  assert.match(String(plain.headers['content-security-policy']), /^default-src 'none'.*sandbox$/)
  const small = await ask('/catalogue/index.json', { headers: { 'accept-encoding': 'gzip, br' } })
  assert.equal(small.headers['content-encoding'], 'br')
  assert.equal(small.headers.vary, 'Accept-Encoding')
  assert.deepEqual(brotliDecompressSync(small.body), plain.body)
  assert.equal((await ask('/catalogue/index.json', { headers: { 'accept-encoding': 'br', 'if-none-match': small.headers.etag ?? '' } })).status, 304)
  assert.notEqual(small.headers.etag, plain.headers.etag)
  for (const path of [
    '/catalogue/none.json',
    '/catalogue/',
    '/catalogue/../sources/vid_a/original.mp4',
    '/catalogue/%2e%2e/media/vid_a/master.m3u8',
    '/catalogue//index.json',
    '/catalogue/index.json%00',
    '/catalogue/..\\index.json',
  ]) {
    assert.match(await raw(path, ''), /^HTTP\/1\.1 404 .*<Code>NoSuchKey<\/Code>/s, path)
  }
})

test('a published course has a page of its own, and every other address is the app', async () => {
  const page = await ask('/courses/chess')
  assert.match(page.body.toString(), /Chess for everyone/)
  for (const path of ['/', '/courses', '/courses/none', '/courses/chess/lessons/les_1', '/teach', '/courses/chess?x=1']) {
    const { status, headers, body } = await ask(path)
    assert.equal(status, 200, path)
    assert.match(body.toString(), path.startsWith('/courses/chess?') ? /Chess/ : /shell/)
    assert.equal(headers['cache-control'], 'no-cache')
    const csp = String(headers['content-security-policy'])
    for (const wanted of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"])
      assert.ok(csp.includes(wanted))
    assert.ok(!csp.includes('unsafe-eval'))
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    assert.equal(headers['referrer-policy'], 'strict-origin-when-cross-origin')
  }
})

test('the app’s files are sent compressed and kept for ever, and nothing around them is sent', async () => {
  const packed = await ask('/assets/app-1a2b.js', { headers: { 'accept-encoding': 'gzip;q=1, br;q=0' } })
  assert.equal(packed.headers['content-encoding'], 'gzip')
  assert.equal(packed.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(packed.headers['content-type'], 'text/javascript; charset=utf-8')
  assert.equal(gunzipSync(packed.body).toString(), SCRIPT)
  assert.ok(packed.body.length < SCRIPT.length / 10)
  const part = await ask('/assets/app-1a2b.js', { headers: { 'accept-encoding': 'br', range: 'bytes=0-5' } })
  assert.deepEqual([part.status, part.body.toString()], [206, 'export'])
  assert.equal((await ask('/favicon.svg')).headers['content-type'], 'image/svg+xml')
  const outside = [
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/assets/%2e%2e/%2e%2e/outside.txt',
    '/assets/..\\..\\outside.txt',
    '/.vite/manifest.json',
    '/assets/',
    '/assets/none.js',
    '/none.js',
    '/assets//app-1a2b.js',
  ]
  for (const path of outside) {
    const answer = await raw(path, '')
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, path)
    assert.ok(!answer.includes(SECRET), path)
  }
})

test('a new build is served without a restart', async () => {
  await writeFile(join(webRoot, 'robots.txt'), 'one')
  assert.equal((await ask('/robots.txt')).body.toString(), 'one')
  await writeFile(join(webRoot, 'robots.txt'), 'another')
  assert.equal((await ask('/robots.txt')).body.toString(), 'another')
})

test('what the program answers is left to it, with any method', async () => {
  for (const path of ['/api/health', '/auth/x', '/hooks/stripe', '/uploads/sources/vid_a/original.mp4', '/sandbox', '/sandbox/mail']) {
    for (const method of ['GET', 'POST']) assert.equal((await ask(path, { method })).status, 418, path)
  }
})

const eventually = async (holds: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  const deadline = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > deadline) assert.fail(`It never came to be that ${what}.`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Adopts a file of that many bytes which takes no room on the disk. */
const large = async (name: string, bytes: number): Promise<void> => {
  const path = join(folder, 'large.tmp')
  const file = await open(path, 'w')
  await file.truncate(bytes)
  await file.close()
  await store.adopt(name, path, { type: 'video/mp4' })
}

test('a large file is streamed, not gathered in memory', async () => {
  const size = 256 * 1024 * 1024
  await large('media/vid_a/large.mp4', size)
  const before = process.memoryUsage().rss
  let [received, most] = [0, 0]
  await new Promise<void>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/media/vid_a/large.mp4', headers: { cookie: forA } }, (response) => {
      response.on('data', (chunk: Buffer) => {
        received += chunk.length
        if (received % (4 * 1024 * 1024) < chunk.length) most = Math.max(most, process.memoryUsage.rss())
      })
      response.on('end', resolve).on('error', reject)
    })
    sent.on('error', reject).end()
  })
  assert.equal(received, size)
  assert.ok(most > before && most - before < 128 * 1024 * 1024, `grew by ${Math.round((most - before) / 1024 / 1024)} MiB`)
})

test('viewers who leave in the middle leave no file open', { skip: process.platform !== 'linux' && 'counts open files in /proc' }, async () => {
  const openBlobs = async (): Promise<number> => {
    const targets = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
    return targets.filter((target) => target.startsWith(join(folder, 'objects', 'blobs'))).length
  }
  const leave = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path: '/media/vid_a/large.mp4', headers: { cookie: forA } }, (response) => {
        response.once('data', () => response.destroy())
        response.on('close', resolve).on('error', () => {})
      })
      sent.on('error', reject).end()
    })
  await Promise.all(Array.from({ length: 20 }, leave))
  await eventually(async () => (await openBlobs()) === 0, 'all files were closed')
  assert.equal((await watch('/media/vid_a/master.m3u8')).status, 200)
})

test('a viewer keeps receiving what was there when an object is replaced or removed', async () => {
  await large('media/vid_a/replaced.mp4', 8 * 1024 * 1024)
  const received = await new Promise<number>((resolve, reject) => {
    let bytes = 0
    const sent = request({ host: '127.0.0.1', port, path: '/media/vid_a/replaced.mp4', headers: { cookie: forA } }, (response) => {
      response.once('data', () => store.remove('media/vid_a/replaced.mp4'))
      response.on('data', (chunk: Buffer) => (bytes += chunk.length))
      response.on('end', () => resolve(bytes)).on('error', reject)
    })
    sent.on('error', reject).end()
  })
  assert.equal(received, 8 * 1024 * 1024)
  assert.equal(codeOf(await watch('/media/vid_a/replaced.mp4')), 'AccessDenied')
})
