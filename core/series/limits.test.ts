import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { courseRecords } from '#core/courses/records.ts'
import { refusalOf } from '#test/school.ts'
import { aBrief, type Desk, openDesk } from './series.fixture.ts'

let desk: Desk
before(async () => {
  desk = await openDesk()
})
after(() => desk.school.close())

const DAY = 24 * 3600
const budget = { runTokens: 20_000, runMicros: 100_000, monthTokens: 20_000, monthMicros: 1_000_000 }

const begun = async (series: string, isTrial = false): Promise<string> => {
  const { id } = await desk.series.start({ series, isTrial })
  await desk.school.settle()
  return id
}

test('a month without money uses up neither the outline nor its teacher’s patience: one lesson waits, and it is told of once', async () => {
  const { id: series } = await desk.aSeries({ budget, title: 'Poor', outline: Array.from({ length: 60 }, (_, point) => `Point ${point}`) })
  await desk.write(await begun(series))
  await desk.series.resume({ series })
  for (let days = 0; days < 7; days += 1) {
    desk.pass(DAY)
    await desk.fire()
  }
  const states = async () => (await desk.runs(series)).map(({ state }) => state)
  assert.deepEqual(await states(), ['held', 'proposing'])
  assert.equal(desk.school.letters.filter(({ subject, text }) => subject.includes('month’s budget') && text.includes('“Poor”')).length, 1)
  desk.pass(31 * DAY)
  await desk.look()
  assert.deepEqual((await states())[0], 'writing')
  await desk.fire()
  assert.equal((await states()).length, 3, 'and the clock goes on with it')
  await desk.series.remove({ series })
})

test('a budget that was lowered below what a lesson has cost makes no room for another', async () => {
  const { id: series, brief } = await desk.aSeries({ budget })
  const first = await begun(series)
  await desk.fail(first)
  desk.pass(60)
  await desk.look()
  await desk.series.update({ series, brief: { ...brief, budget: { ...budget, runTokens: 1000, monthTokens: 3500 } } })
  const second = await begun(series)
  const states = Object.fromEntries((await desk.runs(series)).map(({ id, state }) => [id, state]))
  assert.deepEqual([states[first], states[second]], ['writing', 'held'])
  await desk.series.remove({ series })
})

test('a series of a teacher whose course is another’s by now writes nothing into it', async () => {
  const { id: series } = await desk.aSeries()
  const { tables } = desk.world
  const before = await courseRecords.get(tables, { id: desk.place.course })
  assert.ok(before)
  const vera = await desk.school.person('Vera', 'instructor')
  await tables.commit([courseRecords.replace(before, { ...before.value, teacher: { id: vera.id, name: 'Vera' } })])
  assert.equal((await desk.series.get({ series })).place, undefined)
  assert.equal(await refusalOf(desk.series.resume({ series })), 'bad-input')
  const run = await begun(series)
  const [now] = await desk.runs(series)
  assert.deepEqual([now?.id, now?.state, now?.reason?.code], [run, 'failed', 'no-section'])
  const after = await courseRecords.get(tables, { id: desk.place.course })
  assert.ok(after)
  await tables.commit([courseRecords.replace(after, before.value)])
  await desk.series.remove({ series })
})

test('trials that nobody proposes or drops come to an end before the school can no longer look after them', async () => {
  const { id: series } = await desk.aSeries({ budget: { ...budget, monthTokens: 1_000_000 } })
  for (let written = 0; written < 20; written += 1) await desk.write(await begun(series, true))
  assert.equal(await refusalOf(desk.series.start({ series, isTrial: true })), 'too-many')
  const [newest] = await desk.runs(series)
  await desk.series.discard({ run: newest?.id ?? '' })
  await begun(series, true)
  await desk.series.remove({ series })
})

test('what would not fit into the school’s tables is refused as it is described, and not when the last lesson is due', async () => {
  const outline = Array.from({ length: 200 }, (_, point) => `${point} ${'光'.repeat(295)}`)
  const examples = '光'.repeat(8000)
  assert.equal(await refusalOf(desk.series.create(aBrief({ ...desk.place, outline, examples }))), 'bad-input')
  const sources = [{ title: 'Long', url: `https://example.org/${'a'.repeat(2000)}` }]
  assert.equal(await refusalOf(desk.series.create(aBrief({ ...desk.place, sources }))), 'bad-input')
})
