import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { COOKIES } from '#core/delivery/signer.ts'
import { ask, clock, codeOf, cookie, pairs, raw, SCRIPT, SECRET, store, VIDEO_FILES, watch, webRoot } from './edge.fixture.ts'

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
  const expired = cookie(pairs('vid_a', { now: new Date(clock.now().getTime() - 3600_000) }))
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
  // A free preview has one too; no other lesson, and nothing beside it.
  const preview = await ask('/learn/chess/les_1')
  assert.match(preview.body.toString(), /The board/)
  for (const path of [
    '/',
    '/courses',
    '/courses/none',
    '/courses/chess/lessons/les_1',
    '/learn/chess/les_2',
    '/learn/chess',
    '/learn/_home',
    '/teach',
    '/courses/chess?x=1',
  ]) {
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
  await writeFile(join(webRoot, 'humans.txt'), 'one')
  assert.equal((await ask('/humans.txt')).body.toString(), 'one')
  await writeFile(join(webRoot, 'humans.txt'), 'another')
  assert.equal((await ask('/humans.txt')).body.toString(), 'another')
})

test('what the program answers is left to it, with any method', async () => {
  for (const path of ['/api/health', '/auth/x', '/hooks/stripe', '/uploads/sources/vid_a/original.mp4', '/sandbox', '/sandbox/mail']) {
    for (const method of ['GET', 'POST']) assert.equal((await ask(path, { method })).status, 418, path)
  }
})
