import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import type { Served } from '#core/watching/streams.ts'
import { openSchool, refusalOf } from '#test/school.ts'
import { edgeServer } from './edge-server.fixture.ts'
import { streamGuard } from './guard.ts'
import { aFilm, aPayer, aPlayer, edgeOf, type Film } from './viewers.fixture.ts'

const school = await openSchool()
const edge = await edgeOf(school)
after(async () => {
  await edge.close()
  await school.close()
})
const teacher = await school.person('Theo', 'instructor')
const owner = await school.person('Olive', 'admin')
const film = await aFilm(school, teacher)
const other = await aFilm(school, teacher)
const lena = await aPayer(school, 'Lena', film)

const BROWSER = 'browser-of-hers'
const beat = (client: typeof lena.client, stream: string) => client.watching.beat({ stream, positionSeconds: 0, watched: [] })
const without = (cookie: string): string => cookie.replace(/; Lectern-Stream=.*/, '')

test('good signatures are served to the stream they were made for, and to no other', async () => {
  const [hers, theirs] = [await aPlayer(school, { token: lena.id, lesson: film.lesson }), await aPlayer(school, { token: teacher.id, lesson: other.lesson })]
  assert.equal(await edge.segment(hers, film), 200)
  assert.equal(await edge.segment(theirs, other), 200)
  const signatures = without(hers.cookie)
  const others = ['', '; Lectern-Stream=', '; Lectern-Stream=str_1', `; Lectern-Stream=${school.world.ids.make('str')}`, `; Lectern-Stream=${theirs.stream}`]
  for (const rest of [...others, `; Lectern-Stream=${hers.stream}; Lectern-Stream=${theirs.stream}`, `; lectern-stream=${hers.stream}`]) {
    const answer = await edge.ask(`/media/${film.video}/master.m3u8`, { headers: { cookie: signatures + rest } })
    assert.deepEqual(
      [answer.status, answer.headers['cache-control'], /<Code>(\w+)</.exec(answer.body.toString())?.[1]],
      [403, 'no-store', 'AccessDenied'],
      rest,
    )
  }
  assert.equal(await edge.segment({ cookie: `Lectern-Stream=${hers.stream}` }, film), 403, 'a stream is no signature')
})

type Story = { film: Film; payer: Awaited<ReturnType<typeof aPayer>>; stream: string }

const endings: [says: string, end: (story: Story) => Promise<unknown>][] = [
  [
    'a refund',
    async ({ film: { course }, payer }) => {
      const before = await enrolmentOf(school.world.tables, payer.id, course)
      const order = before?.value.facts[0]?.order
      assert.ok(order)
      const fact = { id: school.world.ids.make('fct'), kind: 'refunded' as const, at: school.clock.now().toISOString(), order }
      await school.world.tables.commit([withFact(before, { learner: payer.id, course }, fact)])
    },
  ],
  ['ending the stream from another device', ({ payer, stream }) => payer.client.watching.end({ stream })],
  ['signing out', ({ payer }) => payer.client.watching.leave({ browser: BROWSER })],
  ['closing the page', ({ payer, stream }) => payer.client.watching.beat({ stream, positionSeconds: 0, watched: [], isLeaving: true })],
  [
    'a new password',
    async ({ payer }) => {
      school.clock.pass(1)
      school.endSessions(payer.id)
    },
  ],
  ['closing the account', ({ payer }) => school.world.identity.disable(payer.id)],
  [
    'taking the lesson out of the course',
    async ({ film: { course, section, lesson } }) => {
      await teacher.client.courses.addLesson({ course, section, title: 'What stays', kind: 'article' })
      await teacher.client.courses.removeLesson({ lesson, isForGood: true })
      await teacher.client.courses.publish({ course })
    },
  ],
]

for (const [says, end] of endings) {
  test(`${says} stops a player whose cookies still hold, within five seconds`, async () => {
    const its = await aFilm(school, teacher)
    const payer = await aPayer(school, says.replaceAll(' ', '-'), its)
    const player = await aPlayer(school, { token: payer.id, lesson: its.lesson, browser: BROWSER })
    assert.equal(await edge.segment(player, its), 200)
    await end({ film: its, payer, stream: player.stream })
    school.clock.pass(5)
    for (const name of ['master.m3u8', '720p/00001.m4s', 'audio/00000.m4s', 'poster.jpg']) assert.equal(await edge.segment(player, its, name), 403, name)
  })
}

test('a free preview stops for visitors when the course leaves the catalogue', async () => {
  const preview = await aFilm(school, teacher, { isPreview: true })
  const visitor = await aPlayer(school, { lesson: preview.lesson })
  assert.equal(await edge.segment(visitor, preview), 200)
  await teacher.client.courses.unpublish({ course: preview.course })
  school.clock.pass(5)
  assert.equal(await edge.segment(visitor, preview), 403)
})

test('whoever is refused and let in again is served at once', async () => {
  const player = await aPlayer(school, { token: lena.id, lesson: film.lesson })
  await lena.client.watching.end({ stream: player.stream })
  school.clock.pass(2)
  assert.equal(await edge.segment(player, film), 403)
  const anew = await aPlayer(school, { token: lena.id, lesson: film.lesson })
  assert.equal(await edge.segment(anew, film), 200)
})

test('of four players whose cookies hold two are served, and the others refused within a minute', async () => {
  await owner.client.watching.putPolicy({ streams: 4, hasWatermark: false })
  const sam = await aPayer(school, 'Sam', film)
  const players = [1, 2, 3, 4].map(() => aPlayer(school, { token: sam.id, lesson: film.lesson }))
  const [first, second, third, fourth] = await Promise.all(players)
  assert.ok(first && second && third && fourth)
  for (const player of [first, second, third, fourth]) assert.equal(await edge.segment(player, film), 200)
  await owner.client.watching.putPolicy({ streams: 2, hasWatermark: false })
  assert.equal(await refusalOf(sam.client.watching.open({ lesson: film.lesson })), 'too-many-streams')
  for (let passed = 0; passed < 80; passed += 20) {
    school.clock.pass(20)
    for (const { stream } of [first, second]) await beat(sam.client, stream)
  }
  const served = await Promise.all([first, second, third, fourth].map((player) => edge.segment(player, film)))
  assert.deepEqual(served, [200, 200, 403, 403], 'those that said nothing for a minute have lost their places')
  await sam.client.watching.end({ stream: first.stream })
  school.clock.pass(1)
  assert.equal(await edge.segment(third, film), 200, 'a place that is free is anybody’s')
})

test('a player that fell silent has lost its stream to the next, and is refused when it fetches again', async () => {
  const tom = await aPayer(school, 'Tom', film)
  const open = () => aPlayer(school, { token: tom.id, lesson: film.lesson })
  const [first, second] = [await open(), await open()]
  assert.equal(await refusalOf(tom.client.watching.open({ lesson: film.lesson })), 'too-many-streams')
  school.clock.pass(50)
  await beat(tom.client, first.stream)
  school.clock.pass(20)
  const third = await open()
  assert.deepEqual(await Promise.all([first, second, third].map((player) => edge.segment(player, film))), [200, 403, 200])
})

test('bytes alone keep a stream alive, whatever its player says of itself', async () => {
  const uma = await aPayer(school, 'Uma', film)
  const player = await aPlayer(school, { token: uma.id, lesson: film.lesson })
  for (let passed = 0; passed < 120; passed += 30) {
    school.clock.pass(30)
    assert.equal(await edge.segment(player, film), 200)
  }
  assert.deepEqual(
    (await uma.client.watching.streams({})).streams.map(({ id, seenAt }) => [id, seenAt]),
    [[player.stream, school.clock.now().toISOString()]],
  )
})

test('beats and bytes that write the same stream at once do not keep each other out', async () => {
  const vera = await aPayer(school, 'Vera', film)
  const player = await aPlayer(school, { token: vera.id, lesson: film.lesson })
  for (let round = 0; round < 20; round += 1) {
    school.clock.pass(15)
    const [heard, ...served] = await Promise.all([beat(vera.client, player.stream), edge.segment(player, film), edge.segment(player, film)])
    assert.deepEqual([heard.ended, ...served], [undefined, 200, 200])
  }
})

test('a burst of requests is one question to the school', async () => {
  const player = await aPlayer(school, { token: lena.id, lesson: film.lesson })
  const { tables } = school.world
  const reads: string[] = []
  const get: typeof tables.get = (key) => {
    reads.push(key.pk)
    return tables.get(key)
  }
  const guard = streamGuard({ ...school.world, tables: { ...tables, get } })
  const questions = () => reads.filter((pk) => pk === `stream#${player.stream}`).length
  const burst = () => Promise.all(Array.from({ length: 100 }, () => guard.admits(player.cookie, film.video)))
  assert.ok((await burst()).every((served) => served?.stream === player.stream))
  assert.equal(questions(), 1)
  school.clock.pass(1.9)
  await burst()
  assert.equal(questions(), 1)
  school.clock.pass(0.2)
  await burst()
  assert.equal(questions(), 2)
  school.clock.pass(-3600)
  await burst()
  assert.equal(questions(), 3, 'a clock set back makes nothing hold longer')
  for (let number = 0; number < 10_000; number += 1) await guard.admits(`Lectern-Stream=str_${String(number).padStart(26, '0')}`, film.video)
  await burst()
  assert.equal(questions(), 4, 'and what is remembered has a bound')
  school.clock.pass(3600)
})

test('a slow question has none beside it, and whoever comes late gets what the next one finds', async () => {
  const player = await aPlayer(school, { token: lena.id, lesson: film.lesson })
  const asked: PromiseWithResolvers<Served | undefined>[] = []
  const guard = streamGuard(school.world, () => {
    const question = Promise.withResolvers<Served | undefined>()
    asked.push(question)
    return question.promise
  })
  const admits = () => guard.admits(player.cookie, film.video)
  const early = [admits(), admits()]
  school.clock.pass(2)
  const late = [admits(), admits(), admits()]
  school.clock.pass(60)
  const last = admits()
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(asked.length, 1, 'while it is under way nobody asks again')
  const served: Served = { stream: player.stream, person: lena.id, isStaff: false, lesson: film.lesson, segmentSeconds: 4 }
  asked[0]?.resolve(served)
  assert.deepEqual(await Promise.all(early), [served, served])
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(asked.length, 2, 'the late ones are one question more')
  asked[1]?.resolve(undefined)
  assert.deepEqual(await Promise.all([...late, last]), [undefined, undefined, undefined, undefined])
  assert.equal(asked.length, 2)
  school.clock.pass(1)
  const again = admits()
  asked[2]?.reject(new Error('The disk is gone.'))
  await assert.rejects(again, /disk is gone/)
  const after = admits()
  asked[3]?.resolve(served)
  assert.deepEqual(await after, served, 'a question that failed is asked again')
})

test('while the school cannot be asked nothing is served, and everything is again once it can', async (t) => {
  const player = await aPlayer(school, { token: lena.id, lesson: film.lesson })
  const { tables } = school.world
  const fault: { is: Error | undefined } = { is: new Error('The disk is gone.') }
  const get: typeof tables.get = (key) => (fault.is ? Promise.reject(fault.is) : tables.get(key))
  const logged: unknown[] = []
  const log = { ...school.world.log, error: (_: string, error: unknown, fields?: object) => logged.push(error, JSON.stringify(fields)) }
  const server = await edgeServer(school, { world: { ...school.world, log, tables: { ...tables, get } } })
  t.after(() => server.close())
  const ask = () => server.ask(`/media/${film.video}/720p/00000.m4s`, { headers: { cookie: player.cookie } })
  const refused = await ask()
  assert.deepEqual([refused.status, refused.headers['retry-after'], refused.headers['cache-control']], [503, '1', 'no-store'])
  assert.equal(refused.headers['cross-origin-resource-policy'], 'same-origin')
  assert.ok(refused.body.length < 300)
  assert.deepEqual(logged, [fault.is, JSON.stringify({ video: film.video })], 'and no cookie is in the log')
  fault.is = undefined
  assert.equal((await ask()).status, 200)
})
