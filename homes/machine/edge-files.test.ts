import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COOKIES, policyText, toEdgeBase64 } from '#core/delivery/signer.ts'
import { ask, clock, codeOf, cookie, FILE, fileTarget, pairs, SECRET, store, watch } from './edge.fixture.ts'
import type { Answer } from './edge-server.fixture.ts'

const NAMED = `attachment; filename="Ubungsblatt No 1 _ __.html"; filename*=UTF-8''%C3%9Cbungsblatt%20%E2%84%96%201%20%E2%80%93%20%E7%B7%B4%E7%BF%92.html`
const whole = `${SECRET}${FILE}`
const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> => ask(path, { method, headers })
const queryOf = (target: string): string => target.slice(target.indexOf('?'))

/** Whatever it is that was asked for: saved, never shown, never kept, never run. */
const isInert = ({ headers }: Answer): void => {
  assert.match(String(headers['content-disposition']), /^attachment/)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['cache-control'], 'private, no-store')
  assert.match(String(headers['content-security-policy']), /^default-src 'none'.*sandbox$/)
}

test('a file’s own URL gives the file, to be saved under its name, and never to be shown', async () => {
  const answer = await get(fileTarget())
  assert.deepEqual([answer.status, answer.body.toString()], [200, whole])
  assert.equal(answer.headers['content-disposition'], NAMED)
  isInert(answer)
  await store.put('files/fil_c/content', 'x', { type: 'text/plain' })
  const unnamed = await get(fileTarget('files/fil_c/content'))
  assert.equal(unnamed.headers['content-disposition'], 'attachment')
})

test('whatever a file is called, its answer has one plain header that names it, and no other that it brought along', async () => {
  const names = [
    'x"; filename="evil.exe',
    "x'; filename*=UTF-8''evil.exe",
    '../../etc/passwd',
    '..\\..\\evil.exe',
    '\u202egpj.exe',
    '\u{1F469}\u200D\u{1F3A8}.png',
    '%0d%0aSet-Cookie: x=1',
    '\u{20BB7}'.repeat(200),
    'é'.repeat(200),
  ]
  const key = 'files/fil_d/content'
  await store.put(key, 'x', { type: 'text/plain' })
  const usual = Object.keys((await get(fileTarget(key))).headers)
  for (const name of names) {
    await store.nameFile(key, name)
    const { status, headers } = await get(fileTarget(key))
    assert.deepEqual([status, Object.keys(headers)], [200, usual], name)
    const [, saved = ''] =
      /^attachment; filename="[A-Za-z0-9 ._()+,=@-]*"; filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+)$/.exec(headers['content-disposition'] ?? '') ?? []
    assert.equal(decodeURIComponent(saved), name.replace(/[\\/]/g, '_'))
  }
  for (const name of ['a\r\nSet-Cookie: x=1', 'a\nb', 'a\u0000', 'x'.repeat(201)]) await assert.rejects(store.nameFile(key, name), { code: 'bad-name' })
})

test('a download that was cut off goes on with the same URL until it expires', async () => {
  const target = fileTarget()
  const head = await get(target, {}, 'HEAD')
  assert.deepEqual([head.status, head.headers['content-length'], head.body.length], [200, String(whole.length), 0])
  isInert(head)
  const etag = head.headers.etag ?? ''
  const rest = await get(target, { range: 'bytes=7-', 'if-range': etag })
  assert.deepEqual([rest.status, rest.body.toString(), rest.headers['content-range']], [206, whole.slice(7), `bytes 7-${whole.length - 1}/${whole.length}`])
  isInert(rest)
  assert.equal((await get(target, { range: `bytes=${whole.length}-` })).status, 416)
  clock.pass(299)
  assert.equal((await get(target, { range: 'bytes=-3' })).status, 206)
  clock.pass(1)
  for (const headers of [{}, { range: 'bytes=7-' }, { 'if-none-match': etag }]) assert.equal(codeOf(await get(target, headers)), 'AccessDenied')
})

test('a file’s URL opens that one file: no other, no video, and no longer than it says', async () => {
  const query = queryOf(fileTarget())
  const { items } = await store.list('')
  const others = items.filter(({ key }) => key !== FILE && /^(media|files)\//.test(key))
  assert.ok(others.length > 30)
  for (const { key } of others) assert.equal(codeOf(await get(`/${key}${query}`)), 'AccessDenied', key)
  const target = fileTarget()
  const later = target.replace(/Expires=(\d+)/, (_, seconds) => `Expires=${Number(seconds) + 1}`)
  const variants = [
    ...[later, `${target}&x=1`, target.replace('?', '?x=1&'), target.replace(FILE, `${FILE}/`), target.replace(FILE, `files//fil_a/content`)],
    ...[target.replace('fil_a', 'fil_%61'), target.replace(FILE, 'files/fil_b/../fil_a/content'), target.replace('&Hash-Algorithm=SHA256', '')],
  ]
  for (const variant of variants) {
    const answer = await get(variant)
    assert.equal(answer.status, 403, variant)
    assert.ok(!answer.body.includes(SECRET))
  }
  assert.equal(codeOf(await get(target.replace(/Key-Pair-Id=[^&]+/, 'Key-Pair-Id=K2'))), 'InvalidKey')
  assert.equal(codeOf(await get(target.replace(/&Signature=[^&]+/, ''))), 'AccessDenied')
})

test('no cookie opens a file, not even one whose policy would', async () => {
  assert.equal(codeOf(await get(`/${FILE}`)), 'MissingKey')
  assert.equal(codeOf(await watch(`/${FILE}`)), 'MissingKey')
  const wide = { ...pairs('vid_a'), [COOKIES.policy]: toEdgeBase64(policyText('*', 1_900_000_000)) }
  assert.equal(codeOf(await get(`/${FILE}`, { cookie: cookie(wide) })), 'MissingKey')
  assert.equal((await watch(fileTarget())).status, 200, 'cookies beside a URL do no harm')
})

test('files are only read, and nobody learns which there are', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const answer = await get(fileTarget(), {}, method)
    assert.deepEqual([answer.status, answer.headers.allow], [405, 'GET, HEAD'], method)
    assert.ok(!answer.body.includes(SECRET))
  }
  const query = queryOf(fileTarget())
  const [there, not] = [await get(`/files/fil_b/content${query}`), await get(`/files/fil_none/content${query}`)]
  assert.deepEqual([there.status, there.body], [not.status, not.body])
  assert.equal(codeOf(await get(fileTarget('files/fil_none/content'))), 'AccessDenied', 'signed, but gone')
})
