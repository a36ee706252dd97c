import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { aCourse } from '#test/builders.ts'
import { caseOf, refusalOf } from '#test/school.ts'
import { aBrief, type Desk, openDesk } from './series.fixture.ts'

let desk: Desk
before(async () => {
  desk = await openDesk()
})
after(() => desk.school.close())

test('a teacher describes a series; it is paused at first, and says where it writes to and what it may spend', async () => {
  const made = await desk.aSeries()
  assert.deepEqual(
    [made.status, made.place, made.written, made.spentThisMonth, made.newest],
    ['paused', { course: 'Light', section: 'Beginnings' }, 0, { tokens: 0, micros: 0 }, undefined],
  )
  assert.equal(made.nextAt, undefined)
  const resumed = await desk.series.resume({ series: made.id })
  assert.deepEqual([resumed.status, resumed.nextAt], ['active', '2026-05-05T07:00:00.000Z'])
  const { series, setUp } = await desk.series.list({})
  assert.deepEqual(series, [resumed])
  assert.deepEqual(setUp.chatbot, { model: 'test-model', inputMicros: 150_000, outputMicros: 600_000, isStandIn: false })
  assert.deepEqual(setUp.repository, { name: 'school/courses', url: 'https://github.test/school/courses', isStandIn: false })
  const paused = await desk.series.pause({ series: made.id })
  assert.deepEqual([paused.status, paused.nextAt], ['paused', undefined])
  await desk.series.remove({ series: made.id })
})

test('another teacher’s series, and its runs, are as if they did not exist; an admin may do everything', async () => {
  const other = (await desk.school.person('Otto', 'instructor')).client.series
  const learner = (await desk.school.person('Lena')).client.series
  const admin = (await desk.school.person('Ada', 'admin')).client.series
  const { id: series, brief } = await desk.aSeries()
  const { id: run } = await desk.series.start({ series, isTrial: true })
  await desk.school.settle()
  await desk.write(run)
  const asked = (by: typeof other) => [
    ...[
      by.get({ series }),
      by.update({ series, brief }),
      by.pause({ series }),
      by.resume({ series }),
      by.start({ series, isTrial: true }),
      by.runs({ series }),
    ],
    ...[by.draft({ run }), by.retry({ run }), by.propose({ run }), by.discard({ run }), by.remove({ series })],
  ]
  for (const call of asked(other)) assert.equal(await refusalOf(call), 'not-found')
  for (const call of asked(learner)) assert.equal(await refusalOf(call), 'not-allowed')
  assert.deepEqual((await other.list({})).series, [])
  assert.deepEqual(
    (await admin.list({})).series.map(({ id }) => id),
    [series],
  )
  assert.equal((await admin.draft({ run })).title, 'What an aperture is')
  assert.equal(await refusalOf(other.create(brief)), 'not-found')
  await admin.remove({ series })
  assert.equal(await refusalOf(desk.series.get({ series })), 'not-found')
})

test('what an admin asks for in a teacher’s course is that teacher’s', async () => {
  const admin = (await desk.school.person('Anna', 'admin')).client.series
  const { id } = await admin.create(aBrief(desk.place))
  assert.equal((await desk.series.get({ series: id })).id, id)
  await desk.series.remove({ series: id })
})

test('what could never be written is refused as it is described', async () => {
  const wrong = (of: Parameters<Desk['aSeries']>[0]) => caseOf(desk.aSeries(of))
  const budget = { runTokens: 20_000, runMicros: 100_000, monthTokens: 200_000, monthMicros: 1_000_000 }
  assert.equal(await wrong({ schedule: { cron: '*/10 * * * *', zone: 'UTC' } }), 'too-often')
  assert.equal(await wrong({ schedule: { cron: '0 0 31 6 *', zone: 'UTC' } }), 'schedule')
  assert.equal(await wrong({ schedule: { cron: '0 9 * * *', zone: 'Europe/Atlantis' } }), 'zone')
  assert.equal(await wrong({ budget: { ...budget, monthTokens: 10_000 } }), 'budget')
  assert.equal(await wrong({ budget: { ...budget, monthMicros: 10_000 } }), 'budget')
  assert.equal(await wrong({ outline: ['Aperture', 'Aperture'] }), 'outline')
  assert.equal(await wrong({ section: `sec_${'0'.repeat(26)}` }), 'section')
  assert.equal(await refusalOf(desk.aSeries({ course: `crs_${'0'.repeat(26)}` })), 'not-found')
  const { course } = await aCourse(await desk.school.person('Ole', 'instructor'))
  assert.equal(await refusalOf(desk.aSeries({ course })), 'not-found')
  assert.deepEqual((await desk.series.list({})).series, [])
})

test('a series is changed while it goes on, and counts from then on by its new schedule', async () => {
  const { id: series, brief } = await desk.aSeries()
  await desk.series.resume({ series })
  const changed = await desk.series.update({ series, brief: { ...brief, schedule: { cron: '0 8 * * *', zone: 'UTC' }, tone: 'Lively' } })
  assert.deepEqual([changed.nextAt, changed.brief.tone, changed.status], ['2026-05-05T08:00:00.000Z', 'Lively', 'active'])
  // Eight o'clock of this morning was before anybody asked for it.
  await desk.fire()
  assert.deepEqual(await desk.runs(series), [])
  await desk.series.remove({ series })
})

test('nothing is asked of a chatbot, or of a repository, that nobody has set up', async () => {
  const { id: series } = await desk.aSeries()
  desk.world.repository = undefined
  assert.equal(await refusalOf(desk.series.resume({ series })), 'not-set-up')
  assert.equal(await refusalOf(desk.series.start({ series, isTrial: false })), 'not-set-up')
  const trial = await desk.series.start({ series, isTrial: true })
  await desk.school.settle()
  await desk.write(trial.id)
  assert.equal(await refusalOf(desk.series.propose({ run: trial.id })), 'not-set-up')
  desk.world.repository = desk.repository
  const { chatbot } = desk.world.settings
  desk.world.settings.chatbot = undefined
  assert.equal(await refusalOf(desk.series.start({ series, isTrial: true })), 'not-set-up')
  assert.equal((await desk.series.list({})).setUp.chatbot, undefined)
  desk.world.settings.chatbot = chatbot
  await desk.series.remove({ series })
})

test('one who asks again and again is stopped before the chatbot is asked for more than a few at once', async () => {
  const { id: series } = await desk.aSeries()
  for (let asked = 0; asked < 5; asked += 1) await desk.series.start({ series, isTrial: true })
  assert.equal(await refusalOf(desk.series.start({ series, isTrial: true })), 'too-many')
  await desk.series.remove({ series })
})
