import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { refusalOf } from '#test/school.ts'
import { standingIndex } from '#test/standing-index.ts'
import { DAY_SECONDS, type Desk, openDesk } from './series.fixture.ts'

const startDue = async ({ school, world }: Desk): Promise<void> => school.timers.find(({ name }) => name === 'series.start-due')?.run(world)

let desk: Desk
before(async () => {
  desk = await openDesk()
})
after(() => desk.school.close())

/** From nine in the morning of Berlin on a day (the school's clock stands at eleven there). */
const nextMorning = (): void => desk.pass(DAY_SECONDS - 2 * 3600)
const restOfDay = (): void => desk.pass(2 * 3600)

const anActiveSeries = async (of: Parameters<Desk['aSeries']>[0] = {}) => {
  const { id } = await desk.aSeries(of)
  await desk.series.resume({ series: id })
  return id
}

test('at its moment one lesson is begun, though two clocks come to it at once and again', async () => {
  const series = await anActiveSeries()
  await desk.fire()
  assert.deepEqual(await desk.runs(series), [])
  nextMorning()
  await Promise.all([startDue(desk), startDue(desk), startDue(desk)])
  await desk.fire()
  const [run, ...more] = await desk.runs(series)
  assert.deepEqual([run?.state, run?.kind, run?.point, run?.dueAt, more.length], ['writing', 'scheduled', 'Aperture', '2026-05-05T07:00:00.000Z', 0])
  assert.deepEqual(desk.school.tasks, [{ name: 'writer', id: `${run?.id}.1.writer`, run: run?.id }])
  assert.match(run?.id ?? '', /^run_[0-9a-z]{26}$/)
  restOfDay()
  nextMorning()
  await desk.fire()
  assert.deepEqual(
    (await desk.runs(series)).map(({ point }) => point),
    ['Shutter', 'Aperture'],
  )
  await desk.series.remove({ series })
  restOfDay()
})

test('the program is told all that it needs to know, and the file that the lesson will be', async () => {
  const { course, section } = desk.place
  await desk.teacher.client.courses.addLesson({ course, section, title: 'Before it', kind: 'article' })
  const series = await anActiveSeries({ audience: 'Beginners' })
  nextMorning()
  await desk.fire()
  const [run] = await desk.runs(series)
  const brief = await desk.briefOf(run?.id ?? '')
  assert.deepEqual([brief.attempt, brief.isTrial, brief.point, brief.series.audience], [1, false, 'Aperture', 'Beginners'])
  assert.equal(brief.lesson.path, 'courses/light/01-beginnings/02-aperture.md')
  assert.match(brief.lesson.id, /^les_/)
  assert.deepEqual(brief.limits, { tokens: 20_000, micros: 100_000 })
  assert.deepEqual(brief.proposals, { branch: 'main', aDay: 3, folder: 'courses' })
  assert.deepEqual(
    brief.earlier.map(({ title }) => title),
    ['Before it'],
  )
  await desk.series.remove({ series })
  restOfDay()
})

test('a school that was away for a week writes one lesson, not seven', async () => {
  const series = await anActiveSeries()
  desk.pass(7 * DAY_SECONDS)
  await desk.fire()
  await desk.fire()
  assert.deepEqual(
    (await desk.runs(series)).map(({ point }) => point),
    ['Aperture'],
  )
  await desk.series.remove({ series })
})

test('nothing is written by the clock while a series is paused, nor for the days it was paused', async () => {
  const series = await anActiveSeries()
  await desk.series.pause({ series })
  desk.pass(3 * DAY_SECONDS)
  await desk.fire()
  await desk.series.resume({ series })
  await desk.fire()
  assert.deepEqual(await desk.runs(series), [])
  nextMorning()
  await desk.fire()
  assert.equal((await desk.runs(series)).length, 1)
  await desk.series.remove({ series })
  restOfDay()
})

test('nobody writes for a teacher whose account is closed, or while nobody could be asked', async () => {
  const other = await desk.school.person('Ines', 'instructor')
  const { id: course } = await other.client.courses.create({ title: 'Colour' })
  const { sections } = await other.client.courses.addSection({ course, title: 'Red' })
  const { brief } = await desk.aSeries()
  const { id: series } = await other.client.series.create({ ...brief, course, section: sections[0]?.id ?? '' })
  await other.client.series.resume({ series })
  const { chatbot } = desk.world.settings
  desk.world.settings.chatbot = undefined
  nextMorning()
  await desk.fire()
  assert.deepEqual((await other.client.series.runs({ series })).runs, [])
  desk.world.settings.chatbot = chatbot
  const admin = (await desk.school.person('Ada', 'admin')).client.series
  await desk.world.identity.disable(other.id)
  await desk.fire()
  assert.deepEqual((await admin.runs({ series })).runs, [])
  for (const { id } of (await admin.list({})).series) await admin.remove({ series: id })
  restOfDay()
})

test('when the outline is used up the series is done and its teacher is told; with more to write it goes on when they say so', async () => {
  const series = await anActiveSeries({ outline: ['Aperture'] })
  nextMorning()
  await desk.fire()
  const done = await desk.series.get({ series })
  assert.deepEqual([done.status, done.nextAt], ['done', undefined])
  assert.equal(desk.school.letters.filter(({ subject }) => subject === 'The outline is used up: Light, daily').length, 1)
  assert.equal(await refusalOf(desk.series.resume({ series })), 'conflict')
  assert.equal(await refusalOf(desk.series.start({ series, isTrial: false })), 'conflict')
  const more = await desk.series.update({ series, brief: { ...done.brief, outline: ['Aperture', 'Shutter'] } })
  assert.deepEqual(more.points, [{ text: 'Aperture', state: 'writing' }, { text: 'Shutter' }])
  assert.equal(more.status, 'paused')
  await desk.series.resume({ series })
  restOfDay()
  nextMorning()
  await desk.fire()
  assert.equal((await desk.series.get({ series })).newest?.point, 'Shutter')
  await desk.series.remove({ series })
  restOfDay()
})

test('a lesson that has just been asked for is seen at once, though an index may not know of it yet', async () => {
  const series = await anActiveSeries()
  const tables = desk.world.tables
  desk.world.tables = await standingIndex(tables, `runs-of#${series}`)
  const run = await desk.series.start({ series, isTrial: false })
  assert.equal((await desk.series.get({ series })).newest?.id, run.id)
  assert.deepEqual(
    (await desk.runs(series)).map(({ id }) => id),
    [run.id],
  )
  desk.world.tables = tables
  await desk.series.remove({ series })
})

test('the owner is told, once for each moment, when nothing has come of what was due more than a day ago', async () => {
  const told = () => desk.school.told.filter(({ subject }) => subject === 'A series is silent: Light, daily').length
  const before = told()
  const series = await anActiveSeries({ outline: ['Aperture', 'Shutter', 'Film speed', 'Focus', 'Flash'] })
  const listen = () => desk.turn('series.silent')
  nextMorning()
  await desk.fire()
  desk.pass(25 * 3600)
  await desk.fire()
  await listen()
  assert.equal(told(), before)
  desk.pass(2 * 3600)
  await listen()
  await listen()
  assert.equal(told(), before + 1)
  // The lesson of the second day is there: that of the third is still to come.
  const [second] = await desk.runs(series)
  await desk.write(second?.id ?? '')
  desk.pass(22 * 3600)
  await listen()
  assert.equal(told(), before + 1)
  await desk.fire()
  desk.pass(27 * 3600)
  await listen()
  assert.equal(told(), before + 2)
  await desk.series.pause({ series })
  desk.pass(27 * 3600)
  await listen()
  assert.equal(told(), before + 2)
  await desk.series.remove({ series })
})
