import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { aCourse, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'
import { nodeApi } from './node.ts'

const school = await openSchool()
const api = nodeApi(school.world)
const server = createServer((request, response) => void api({ request, response }))
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
after(async () => {
  server.close()
  server.closeAllConnections()
  await school.close()
})
const teacher = await school.person('Theo', 'instructor')
const address = server.address()
if (address === null || typeof address === 'string') throw new Error('No port.')
const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${address.port}/api${path}`, { ...init, headers: { authorization: `Bearer ${teacher.id}`, 'content-type': 'application/json' } })

test('the cookies that open a video arrive as lines of their own, and nothing that is answered may be kept', async () => {
  const place = await aCourse(teacher)
  const video = await anUploadedVideo(school, teacher, place)
  await encode(school, video)
  await school.settle()
  const answer = await ask(`/lessons/${video.lesson}/playback`, { method: 'POST' })
  assert.equal(answer.status, 200)
  const cookies = answer.headers.getSetCookie()
  assert.equal(cookies.length, 5)
  assert.ok(cookies.every((cookie) => cookie.includes(`; Path=/media/${video.video}/; HttpOnly`)))
  assert.equal(answer.headers.get('cache-control'), 'no-store')
})

test('a refusal, a path no endpoint has and a body past the limit are answered in JSON, with no cookie and not to be kept', async () => {
  const told = async (answer: Response) => {
    const code = /"code":"([a-z-]+)"/.exec(await answer.text())?.[1]
    return [answer.status, code, answer.headers.get('cache-control'), answer.headers.getSetCookie()]
  }
  assert.deepEqual(await told(await ask('/lessons/les_00000000/playback', { method: 'POST' })), [404, 'not-found', 'no-store', []])
  assert.deepEqual(await told(await ask('/nowhere')), [404, 'not-found', 'no-store', []])
  const large = JSON.stringify({ title: 'x'.repeat(1024 * 1024) })
  assert.deepEqual(await told(await ask('/teach/courses', { method: 'POST', body: large })), [413, 'too-large', 'no-store', []])
  assert.deepEqual(await told(await ask('/teach/courses', { method: 'POST', body: '{"title":' })), [422, 'bad-input', 'no-store', []])
})
