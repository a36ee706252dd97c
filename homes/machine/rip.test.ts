import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import { openSchool } from '#test/school.ts'
import type { Wait } from './pace.ts'
import { aFilm, aPayer, aPlayer, edgeOf, type Film } from './viewers.fixture.ts'

const school = await openSchool()
/** How viewers are held up: by default the school's clock passes instead. */
const pass: Wait = async (seconds) => school.clock.pass(seconds)
const holding: { by: Wait } = { by: pass }
const edge = await edgeOf(school, { wait: (seconds, signal) => holding.by(seconds, signal) })
after(async () => {
  await edge.close()
  await school.close()
})
const teacher = await school.person('Theo', 'instructor')
const film = await aFilm(school, teacher)
const SEGMENT_SECONDS = 4
const NAMES = ['720p/00000.m4s', '480p/00000.m4s', '720p/00001.m4s', '480p/00001.m4s']
type Player = { stream: string; cookie: string }

const seconds = (): number => school.clock.now().getTime() / 1000

/** Loads one segment after the other at so many times the speed of the film; answers when each came, in seconds from the start. */
const rip = async (player: Player, of: Film, { speed, forSeconds }: { speed: number; forSeconds: number }): Promise<number[]> => {
  const [began, came]: [number, number[]] = [seconds(), []]
  while (seconds() - began < forSeconds) {
    const status = await edge.segment(player, of, NAMES[came.length % NAMES.length])
    assert.equal(status, 200)
    came.push(seconds() - began)
    school.clock.pass(SEGMENT_SECONDS / speed)
  }
  return came
}

test('a rip at twenty times the speed is told of within a minute, once a day, and slowed to four times after the burst', async () => {
  const lena = await aPayer(school, 'Lena', film)
  const player = await aPlayer(school, { token: lena.id, lesson: film.lesson })
  const heard = () => lena.client.watching.beat({ stream: player.stream, positionSeconds: 0, watched: [] })
  const told = async () => {
    await school.settle()
    return [school.letters.filter(({ to, subject }) => to === lena.email && subject.includes('faster')), school.told] as const
  }
  assert.equal((await heard()).isSlowed, false)
  const came = await rip(player, film, { speed: 20, forSeconds: 60 })
  assert.equal((await heard()).isSlowed, true, 'its player is told within the minute')
  const [letters, alerts] = await told()
  assert.deepEqual([letters.length, alerts.length], [1, 1])
  assert.match(letters[0]?.text ?? '', /no faster.*Nobody accuses you/s)
  assert.match(alerts[0]?.text ?? '', /Lena <lena@lectern\.test>/)
  assert.ok(came.length * SEGMENT_SECONDS <= 480 + 4 * 60 + SEGMENT_SECONDS)
  const later = await rip(player, film, { speed: 20, forSeconds: 120 })
  const speed = (later.length * SEGMENT_SECONDS) / 120
  assert.ok(speed > 3.9 && speed < 4.1, `${speed} times the speed`)
  assert.equal((await heard()).isSlowed, true, 'and as long as it goes on')
  school.clock.pass(7200)
  assert.equal((await heard()).isSlowed, false)
  const again = await aPlayer(school, { token: lena.id, lesson: film.lesson })
  await rip(again, film, { speed: 20, forSeconds: 60 })
  assert.deepEqual(
    (await told()).map(({ length }) => length),
    [1, 1],
    'a second rip of the same day is no second letter',
  )
  school.clock.pass(24 * 3600)
  await rip(await aPlayer(school, { token: lena.id, lesson: film.lesson }), film, { speed: 20, forSeconds: 60 })
  assert.deepEqual(
    (await told()).map(({ length }) => length),
    [2, 2],
  )
})

test('what is no film, and what was loaded already, is not counted; a part of a segment is counted as a part', async () => {
  const mia = await aPayer(school, 'Mia', film)
  const player = await aPlayer(school, { token: mia.id, lesson: film.lesson })
  const held: number[] = []
  holding.by = async (waited) => void held.push(waited)
  const ask = (name: string, { method = 'GET', ...more }: Record<string, string> = {}) =>
    edge.ask(`/media/${film.video}/${name}`, { method, headers: { cookie: player.cookie, ...more } })
  const { headers } = await ask(NAMES[0] ?? '')
  for (let number = 0; number < 150; number += 1) {
    await Promise.all(['audio/00000.m4s', '720p/init.mp4', '720p/index.m3u8', 'poster.jpg'].map((name) => ask(name)))
    assert.equal((await ask('720p/00000.m4s', { 'if-none-match': headers.etag ?? '' })).status, 304)
    assert.equal((await ask('720p/00000.m4s', { method: 'HEAD' })).status, 200)
    assert.equal((await ask('720p/00000.m4s', { range: 'bytes=90000-' })).status, 416)
  }
  // One was whole; of the others each is a quarter.
  for (let number = 0; number < 4 * 119; number += 1) assert.equal((await ask('720p/00000.m4s', { range: 'bytes=10000-19999' })).status, 206)
  assert.deepEqual(held, [])
  assert.equal((await ask('720p/00000.m4s', { range: 'bytes=0-19999' })).status, 206)
  assert.deepEqual(held, [0.5])
  holding.by = pass
})

const spend = async (player: Player): Promise<void> => {
  for (let number = 0; number < 120; number += 1) assert.equal(await edge.segment(player, film), 200)
}

test('whoever has to wait is asked about again before they are served', async () => {
  const nora = await aPayer(school, 'Nora', film)
  const player = await aPlayer(school, { token: nora.id, lesson: film.lesson })
  await spend(player)
  holding.by = async () => {
    const before = await enrolmentOf(school.world.tables, nora.id, film.course)
    const fact = { id: school.world.ids.make('fct'), kind: 'refunded' as const, at: school.clock.now().toISOString(), order: 'ord_nora' }
    await school.world.tables.commit([withFact(before, { learner: nora.id, course: film.course }, fact)])
    school.clock.pass(5)
  }
  assert.equal(await edge.segment(player, film), 403)
  holding.by = pass
})

test('past those who wait, others are told when to come back, until one who waited leaves', async () => {
  const olga = await aPayer(school, 'Olga', film)
  const player = await aPlayer(school, { token: olga.id, lesson: film.lesson })
  await spend(player)
  const waiting: (() => void)[] = []
  const next: { waits(): void } = { waits: () => undefined }
  holding.by = (_, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve())
      waiting.push(resolve)
      next.waits()
    })
  /** Asks for a segment; answers whether the edge holds the question up, and what becomes of it. */
  const ask = async (signal?: AbortSignal) => {
    const held = new Promise<'held'>((resolve) => {
      next.waits = () => resolve('held')
    })
    const answer = edge.ask(`/media/${film.video}/720p/00000.m4s`, { headers: { cookie: player.cookie }, ...(signal && { signal }) })
    const settled = answer.catch((error: unknown) => error)
    return { isHeld: (await Promise.race([held, settled])) === 'held', answer }
  }
  const leaving = new AbortController()
  const first = await ask(leaving.signal)
  const others = []
  for (let number = 0; number < 7; number += 1) others.push(await ask())
  assert.ok([first, ...others].every(({ isHeld }) => isHeld))
  const refused = await (await ask()).answer
  assert.deepEqual([refused.status, refused.headers['retry-after'], /<Code>(\w+)</.exec(refused.body.toString())?.[1]], [503, '8', 'SlowDown'])
  leaving.abort()
  await assert.rejects(first.answer)
  const deadline = performance.now() + 10_000
  while (others.length < 8 && performance.now() < deadline) {
    const another = await ask()
    if (another.isHeld) others.push(another)
  }
  for (const go of waiting) go()
  assert.deepEqual(
    (await Promise.all(others.map(({ answer }) => answer))).map(({ status }) => status),
    Array.from({ length: 8 }, () => 200),
  )
  holding.by = pass
})
