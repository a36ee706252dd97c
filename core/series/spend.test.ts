import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { event } from '#core/events.ts'
import { aLesson } from '#test/builders.ts'
import { runRecords, WHOLE_SCHOOL } from './records.ts'
import { type Desk, openDesk } from './series.fixture.ts'
import { monthOf, spentIn } from './spend.ts'

let desk: Desk
before(async () => {
  desk = await openDesk()
})
after(() => desk.school.close())

const MINUTE = 60
const budget = { runTokens: 20_000, runMicros: 100_000, monthTokens: 20_000, monthMicros: 1_000_000 }

const asked = async (series: string): Promise<string> => {
  const { id } = await desk.series.start({ series, isTrial: false })
  await desk.school.settle()
  return id
}
const stateOf = async (series: string, run: string) => (await desk.runs(series)).find(({ id }) => id === run)

test('a lesson that the month’s budget has no room for waits for the next month, and its teacher is told why', async () => {
  const { id: series } = await desk.aSeries({ budget, title: 'Thrift' })
  await desk.write(await asked(series))
  const run = await asked(series)
  const held = await stateOf(series, run)
  assert.deepEqual([held?.state, held?.reason?.code, held?.can.retry], ['held', 'over-month-budget', true])
  assert.match(desk.school.letters.at(-1)?.text ?? '', /“Thrift”[\s\S]*has no room for another lesson[\s\S]*next month/)
  // From the fourth of May to the last of it.
  desk.pass(27 * 24 * 3600)
  await desk.look()
  assert.equal((await stateOf(series, run))?.state, 'held')
  desk.pass(24 * 3600)
  await desk.look()
  assert.deepEqual([(await stateOf(series, run))?.state, (await desk.series.get({ series })).spentThisMonth], ['writing', { tokens: 0, micros: 0 }])
  await desk.series.remove({ series })
})

test('a budget that is raised lets it go on at once, when somebody asks', async () => {
  const { id: series, brief } = await desk.aSeries({ budget })
  await desk.write(await asked(series))
  const run = await asked(series)
  await desk.series.retry({ run })
  await desk.school.settle()
  assert.equal((await stateOf(series, run))?.state, 'held')
  await desk.series.update({ series, brief: { ...brief, budget: { ...budget, monthTokens: 200_000 } } })
  await desk.series.retry({ run })
  await desk.school.settle()
  assert.equal((await stateOf(series, run))?.state, 'writing')
  await desk.series.remove({ series })
})

test('two lessons that begin at the same moment do not both take the last room there is', async () => {
  const { id: series } = await desk.aSeries({ budget: { ...budget, monthTokens: 39_000 } })
  await desk.series.start({ series, isTrial: false })
  await desk.series.start({ series, isTrial: false })
  for (let settled = 0; settled < 3; settled += 1) {
    await desk.school.settle()
    desk.pass(MINUTE)
  }
  assert.deepEqual((await desk.runs(series)).map(({ state }) => state).toSorted(), ['held', 'writing'])
  await desk.series.remove({ series })
})

test('all series together keep to what the school lets them cost, whatever their teachers give each, also when two begin at once', async () => {
  const { settings } = desk.school.world
  const before = settings.chatbotMonthMicros
  const [one, other] = [
    await desk.aSeries({ budget: { ...budget, monthTokens: 200_000 } }),
    await desk.aSeries({ budget: { ...budget, monthTokens: 200_000 } }),
  ]
  const spent = (await spentIn(desk.school.world.tables, WHOLE_SCHOOL, monthOf(desk.school.clock.now().toISOString()))).micros
  settings.chatbotMonthMicros = spent + budget.runMicros * 1.5
  for (const { id: series } of [one, other]) await desk.series.start({ series, isTrial: false })
  for (let settled = 0; settled < 3; settled += 1) {
    await desk.school.settle()
    desk.pass(MINUTE)
  }
  const runs = [...(await desk.runs(one.id)), ...(await desk.runs(other.id))]
  assert.deepEqual(runs.map(({ state, reason }) => [state, reason?.code]).toSorted(), [
    ['held', 'over-school-budget'],
    ['writing', undefined],
  ])
  settings.chatbotMonthMicros = before
  const held = runs.find(({ state }) => state === 'held')?.id ?? ''
  await desk.series.retry({ run: held })
  await desk.school.settle()
  assert.deepEqual(
    [...(await desk.runs(one.id)), ...(await desk.runs(other.id))].map(({ state }) => state),
    ['writing', 'writing'],
  )
  for (const { id: series } of [one, other]) await desk.series.remove({ series })
})

test('attempts at one lesson share its budget; whoever asks again by hand gives it another', async () => {
  const { id: series } = await desk.aSeries({ budget: { ...budget, runTokens: 4000 } })
  const run = await asked(series)
  await desk.fail(run)
  desk.pass(MINUTE)
  await desk.look()
  assert.deepEqual((await desk.briefOf(run)).limits, { tokens: 1000, micros: 98_500 })
  await desk.fail(run)
  desk.pass(10 * MINUTE)
  await desk.look()
  const spent = await stateOf(series, run)
  assert.deepEqual([spent?.state, spent?.reason?.code, spent?.costMicros], ['failed', 'over-run-budget', 3000])
  await desk.series.retry({ run })
  await desk.school.settle()
  assert.deepEqual((await desk.briefOf(run)).limits, { tokens: 4000, micros: 100_000 })
  await desk.series.remove({ series })
})

test('a lesson that is tried again by itself keeps to what it was told first', async () => {
  const { id: series, brief } = await desk.aSeries()
  const run = await asked(series)
  await desk.series.update({ series, brief: { ...brief, tone: 'Loud' } })
  await desk.end(run, 'writer')
  desk.pass(MINUTE)
  await desk.look()
  const told = await desk.briefOf(run)
  assert.deepEqual([told.attempt, told.series.tone], [2, 'Calm'])
  await desk.fail(run, { isFinal: true })
  await desk.series.retry({ run })
  await desk.school.settle()
  assert.equal((await desk.briefOf(run)).series.tone, 'Loud')
  await desk.series.remove({ series })
})

test('the writer is told of the lessons before it, also of those in review, so that it does not repeat them', async () => {
  const { id: series } = await desk.aSeries()
  const lesson = await aLesson(desk.teacher, { ...desk.place, title: 'What light is' })
  await desk.teacher.client.courses.updateLesson({ lesson, text: '# Light\n\nLight is what we see by. It is fast.' })
  const first = await asked(series)
  await desk.write(first, { title: 'Wide open' })
  await desk.propose(first)
  const { earlier } = await desk.briefOf(await asked(series))
  assert.deepEqual(
    earlier.map(({ title, summary }) => [title, summary]),
    [
      ['What light is', 'Light is what we see by.'],
      ['Wide open', 'Of Wide open'],
    ],
  )
  assert.ok(earlier.every(({ fingerprint }) => fingerprint.length === 64))
  await desk.series.remove({ series })
})

test('a lesson is live once the school shows it, wherever a reviewer has put it, and withdrawn once it is taken back', async () => {
  const { id: series } = await desk.aSeries()
  const run = await asked(series)
  await desk.write(run)
  const number = await desk.propose(run)
  desk.repository.merge(number)
  const id = (await runRecords.get(desk.world.tables, { id: run }))?.value.lesson.id ?? ''
  const change = { lesson: id, course: desk.place.course, path: 'courses/light/other.md', title: 'Renamed in review' }
  const shows = (what: 'created' | 'removed') => event(desk.world, 'content.applied', { commit: what, changes: [{ what, ...change }] })
  await desk.show(id, change)
  await desk.world.tables.commit([], [shows('created')])
  await desk.school.settle()
  const live = await stateOf(series, run)
  assert.deepEqual([live?.state, live?.lesson], ['live', { id, title: 'Renamed in review', path: change.path }])
  assert.equal((await desk.series.get({ series })).written, 1)
  await desk.hide(id)
  await desk.world.tables.commit([], [shows('removed')])
  await desk.school.settle()
  assert.equal((await stateOf(series, run))?.state, 'withdrawn')
  await desk.series.remove({ series })
})
