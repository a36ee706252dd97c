import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { store, watch } from './edge.fixture.ts'

/** Conditions and ranges as RFC 9110 has them (§13 and §14), on a file that is sent in several turns. */
const path = '/media/vid_a/film.mp4'
const whole = randomBytes(2_500_001)
await store.put(path.slice(1), whole, { type: 'video/mp4' })
const etag = `"${createHash('md5').update(whole).digest('hex')}"`

type Headers = Record<string, string>
const bodyOf = async (headers: Headers, method = 'GET'): Promise<[status: number, bytes: Buffer, range: string | undefined]> => {
  const answer = await watch(path, headers, method)
  assert.equal(answer.headers.etag, etag)
  return [answer.status, answer.body, answer.headers['content-range']]
}

test('a part that crosses from one turn to the next is the very part', async () => {
  const MIB = 1024 * 1024
  for (const [first, last] of [
    [0, 65_535],
    [0, 65_536],
    [1, MIB],
    [MIB - 1, MIB],
    [MIB, 2 * MIB - 1],
    [7, whole.length - 1],
    [whole.length - 1, whole.length - 1],
  ] as const) {
    const [status, bytes, range] = await bodyOf({ range: `bytes=${first}-${last}` })
    assert.deepEqual([status, range], [206, `bytes ${first}-${last}/${whole.length}`])
    assert.ok(bytes.equals(whole.subarray(first, last + 1)), `${first}-${last}`)
  }
  const [, suffix] = await bodyOf({ range: 'bytes=-2000000' })
  assert.ok(suffix.equals(whole.subarray(-2_000_000)))
})

test('what was begun is gone on with only for the very same bytes (If-Range)', async () => {
  const range = 'bytes=1000-1999'
  const rows: [ifRange: string, status: number][] = [
    [etag, 206],
    [`W/${etag}`, 200],
    ['"another"', 200],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 200],
    ['Sun, 22 Nov 2099 09:00:00 GMT', 200],
    ['nonsense', 200],
  ]
  for (const [ifRange, status] of rows) {
    const answer = await bodyOf({ range, 'if-range': ifRange })
    assert.deepEqual([answer[0], answer[1].length], [status, status === 206 ? 1000 : whole.length], ifRange)
  }
  assert.equal((await bodyOf({ range: 'bytes=9999999-', 'if-range': '"another"' }))[0], 200, 'a part of what is no more cannot be out of its bounds')
  assert.equal((await bodyOf({ range: 'bytes=9999999-', 'if-range': etag }))[0], 416)
})

test('what a viewer has already is not sent again, however it is asked for (If-None-Match)', async () => {
  const same: Headers[] = [
    { 'if-none-match': etag },
    { 'if-none-match': `W/${etag}` },
    { 'if-none-match': '*' },
    { 'if-none-match': `"another",${etag} , W/"third"` },
    { 'if-none-match': etag, range: 'bytes=0-99' },
    { 'if-none-match': etag, range: 'bytes=9999999-' },
    { 'if-none-match': etag, 'if-modified-since': 'Sun, 22 Nov 1999 09:00:00 GMT' },
  ]
  for (const headers of same) {
    for (const method of ['GET', 'HEAD']) {
      const [status, bytes] = await bodyOf(headers, method)
      assert.deepEqual([status, bytes.length], [304, 0], `${method} ${JSON.stringify(headers)}`)
    }
  }
  const kept = await watch(path, { 'if-none-match': etag })
  assert.equal(kept.headers['cache-control'], 'private, no-cache')
  for (const headers of [{ 'if-none-match': '"another"' }, { 'if-none-match': etag.slice(1, -1) }, { 'if-modified-since': 'Sun, 22 Nov 2099 09:00:00 GMT' }])
    assert.equal((await bodyOf(headers))[0], 200, JSON.stringify(headers))
})

test('who insists on other bytes than there are gets none (If-Match)', async () => {
  for (const [ifMatch, status] of [
    [etag, 200],
    ['*', 200],
    [`"another", ${etag}`, 200],
    ['"another"', 412],
    [`W/${etag}`, 412],
  ] as const) {
    const [answered, bytes] = await bodyOf({ 'if-match': ifMatch })
    assert.deepEqual([answered, bytes.length], [status, status === 200 ? whole.length : 0], ifMatch)
  }
  assert.equal((await bodyOf({ 'if-match': '"another"', 'if-none-match': etag }))[0], 412, 'it is asked first')
})

test('a head says what a body would, and takes no part of it', async () => {
  const head = await watch(path, { range: 'bytes=0-99' }, 'HEAD')
  assert.deepEqual([head.status, head.headers['content-length'], head.headers['content-range'], head.body.length], [200, String(whole.length), undefined, 0])
  assert.equal(head.headers['accept-ranges'], 'bytes')
})

test('several parts at once, and units nobody knows, are answered with the whole', async () => {
  for (const range of ['bytes=0-1,4-5', 'bytes=0-1, -1', 'lines=0-1', 'bytes', '']) {
    const [status, bytes] = await bodyOf({ range })
    assert.ok(status === 200 && bytes.equals(whole), range)
  }
})
