import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import type { World } from '#ports/world.ts'
import { aCourse, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'
import { nodeApi } from './node.ts'

const school = await openSchool()
after(() => school.close())
const teacher = await school.person('Theo', 'instructor')

type Ask = (path: string, init?: RequestInit) => Promise<Response>

/** The API of a world over real HTTP, asked by the teacher. */
const served = async (world: World): Promise<Ask> => {
  const api = nodeApi(world)
  const server = createServer((request, response) => void api({ request, response }))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return (path, init = {}) =>
    fetch(`http://127.0.0.1:${address.port}/api${path}`, { ...init, headers: { authorization: `Bearer ${teacher.id}`, 'content-type': 'application/json' } })
}
const ask = await served(school.world)

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

test('a fault is answered in plain words with the number of its request, says nothing of what went wrong, and is a line of the log', async () => {
  const error = new Error('SELECT body FROM items: /srv/school.sqlite is malformed')
  const lines: unknown[][] = []
  const log = { ...school.world.log, error: (...line: unknown[]) => void lines.push(line) }
  const askBroken = await served({ ...school.world, log, tables: { ...school.world.tables, get: () => Promise.reject(error) } })
  const answer = await askBroken('/teach/courses/crs_00000000')
  const request = answer.headers.get('x-request-id') ?? ''
  assert.match(request, /^req_/)
  const told = await answer.text()
  const message = `Something went wrong on our side, and has been noted. Should you tell us of it, give this number: ${request}`
  assert.deepEqual([answer.status, JSON.parse(told).code, JSON.parse(told).message], [500, 'fault', message])
  assert.doesNotMatch(told, /SELECT|sqlite|malformed|Error|stack|node\.test|\.ts\b/)
  assert.deepEqual(lines, [['request failed', error, { request }]])
})

test('a parameter that comes twice, or in two places, is no other than the one that its endpoint names', async () => {
  assert.equal((await ask('/search?words=light')).status, 200)
  for (const query of ['words=light&words=dark', 'words[]=light', 'words[0]=light&words[1]=dark', 'words[a]=light']) {
    const answer = await ask(`/search?${query}`)
    assert.deepEqual([answer.status, /"code":"bad-input"/.test(await answer.text())], [422, true], query)
  }
  const [own, other] = [await aCourse(teacher, { title: 'Light' }), await aCourse(teacher, { title: 'Colour' })]
  const body = JSON.stringify({ title: 'Shadow', course: other.course })
  assert.equal((await ask(`/teach/courses/${own.course}?course=${other.course}&title=Dusk`, { method: 'PATCH', body })).status, 200)
  const titles = await Promise.all([own, other].map(async ({ course }) => (await teacher.client.courses.get({ course })).title))
  assert.deepEqual(titles, ['Shadow', 'Colour'])
})
