import assert from 'node:assert/strict'
import { type IncomingMessage, request } from 'node:http'
import { after, test } from 'node:test'
import { openSchool } from '#test/school.ts'
import { aFilm, aPayer, aPlayer, edgeOf } from './viewers.fixture.ts'

const STALLED_MS = 1000
const BYTES = 48 * 1024 * 1024

const school = await openSchool()
const edge = await edgeOf(school, { stalledMs: STALLED_MS })
after(async () => {
  await edge.close()
  await school.close()
})
const teacher = await school.person('Theo', 'instructor')
const film = await aFilm(school, teacher)
const lena = await aPayer(school, 'Lena', film)
const path = `/media/${film.video}/long.mp4`
await school.store.put(path.slice(1), new Uint8Array(BYTES), { type: 'video/mp4' })
const open = () => aPlayer(school, { token: lena.id, lesson: film.lesson })
const [player, other] = [await open(), await open()]

/** Somebody who asks for a long answer, takes its first bytes and reads no more; `cut` is when the line has been cut. */
const stopping = (cookie: string): Promise<{ status: number | undefined; response: IncomingMessage; cut: Promise<void> }> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: edge.port, path, agent: false, headers: { cookie } }, (response) => {
      const cut = new Promise<void>((gone) => response.on('error', () => {}).once('close', gone))
      response.once('data', () => resolve({ status: response.statusCode, response: response.pause(), cut }))
    })
    sent.on('error', reject).end()
  })

const eventually = async (holds: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  const deadline = performance.now() + 20_000
  while (!(await holds())) {
    if (performance.now() > deadline) assert.fail(`It never came to be that ${what}.`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('whoever stops reading is cut off, and whoever goes on gets everything', async () => {
  const stopped = await stopping(player.cookie)
  assert.equal(stopped.status, 200)
  const whole = await edge.ask(path, { headers: { cookie: player.cookie, connection: 'close' } })
  assert.equal(whole.body.length, BYTES)
  await eventually(async () => (await edge.connections()) === 0, 'the line was cut')
  stopped.response.resume()
  await stopped.cut
  assert.equal(stopped.response.complete, false)
})

test('a stream has sixteen answers under way at most, and one more as soon as one of them ends', async () => {
  const stopped = await Promise.all(Array.from({ length: 16 }, () => stopping(player.cookie)))
  assert.ok(stopped.every(({ status }) => status === 200))
  const refused = await edge.ask(path, { headers: { cookie: player.cookie } })
  assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1'])
  assert.match(refused.body.toString(), /<Code>SlowDown</)
  assert.equal(await edge.segment(other, film), 200, 'another stream is not held up')
  stopped[0]?.response.destroy()
  await eventually(async () => (await edge.segment(player, film)) === 200, 'there was a place again')
  for (const { response } of stopped) response.destroy()
})
