import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import { codeOf, FILE, fileTarget, forA, SECRET, school, store, watch, webRoot } from './edge.fixture.ts'
import { type Answer, edgeServer } from './edge-server.fixture.ts'

const PLACE = '/lectern-blobs/'
const NGINX = join(import.meta.dirname, '..', '..', 'selfhost', 'nginx.conf')
const behind = await edgeServer(school, { webRoot, accelPlace: PLACE })
after(() => behind.close())

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> => behind.ask(path, { method, headers })
const placeOf = ({ headers }: Answer): string => String(headers['x-accel-redirect'])

/** Names the file that holds the object, below the place, and nothing else. */
const leadsTo = (place: string, key: string): void => {
  assert.match(place, /^\/lectern-blobs\/[0-9a-f]{32}$/)
  assert.equal(place, `${PLACE}${basename(store.locate(key)?.path ?? '')}`)
}

test('a server in front is told which file to send, and is given no byte of it', async () => {
  const video = await get('/media/vid_a/720p/1.m4s', { cookie: forA })
  assert.deepEqual([video.status, video.headers['content-length'], video.body.length], [200, '0', 0])
  leadsTo(placeOf(video), 'media/vid_a/720p/1.m4s')
  const file = await get(fileTarget())
  leadsTo(placeOf(file), FILE)
  assert.match(String(file.headers['content-disposition']), /^attachment; filename=/)
})

test('whoever has no grant is told nothing of any file', async () => {
  const none = await get('/media/vid_a/720p/1.m4s')
  assert.deepEqual([codeOf(none), none.headers['x-accel-redirect']], ['MissingKey', undefined])
  for (const path of [
    '/media/vid_b/720p/1.m4s',
    '/media/vid_a/nothing.m4s',
    '/media/vid_a/../vid_b/720p/1.m4s',
    '/media/vid_a/%2e%2e/vid_b/720p/1.m4s',
    PLACE,
  ]) {
    const answer = await get(path, { cookie: forA })
    assert.equal(answer.headers['x-accel-redirect'], undefined, path)
    assert.ok(!answer.body.includes(SECRET), path)
  }
})

test('a part is cut by whoever sends it, and what the browser has is not sent again', async () => {
  const plain = await watch('/media/vid_a/720p/1.m4s')
  const part = await get('/media/vid_a/720p/1.m4s', { cookie: forA, range: 'bytes=0-3' })
  assert.deepEqual([part.status, part.headers['content-range'], part.headers.etag], [200, undefined, plain.headers.etag])
  const known = await get('/media/vid_a/720p/1.m4s', { cookie: forA, 'if-none-match': String(plain.headers.etag) })
  assert.deepEqual([known.status, known.headers['x-accel-redirect']], [304, undefined])
  assert.equal((await get('/media/vid_a/720p/1.m4s', { cookie: forA, range: 'bytes=999999-' })).status, 416)
})

test('pages and catalogue are sent by the school itself', async () => {
  for (const path of ['/', '/courses/chess', '/catalogue/index.json', '/assets/app-1a2b.js']) {
    const answer = await get(path)
    assert.deepEqual([answer.status, answer.headers['x-accel-redirect']], [200, undefined], path)
    assert.ok(answer.body.length > 0)
  }
})

test('the example for nginx hands on each header that it would drop by itself', async () => {
  const config = await readFile(NGINX, 'utf8')
  // nginx keeps these of an answer that it is redirected by, or makes them itself.
  const kept = [
    'content-type',
    'content-disposition',
    'cache-control',
    'content-length',
    'accept-ranges',
    'date',
    'connection',
    'keep-alive',
    'x-accel-redirect',
  ]
  const names = [...Object.keys((await get('/media/vid_a/master.m3u8', { cookie: forA })).headers), ...Object.keys((await get(fileTarget())).headers)]
  for (const name of new Set(names)) if (!kept.includes(name)) assert.ok(config.includes(`$upstream_http_${name.replaceAll('-', '_')}`), `${name} is handed on`)
})
