import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, test } from 'node:test'
import type { Run } from '#contract/series.ts'
import { openDesk } from './desk.fixture.ts'
import { assertTaughtOnce, isLive, mergedOnce } from './once.fixture.ts'

const desk = await openDesk()
after(() => desk.close())
const { outside, school } = desk
afterEach(() => outside.githubFaults({ webhooks: 'none' }))

const TEN_MINUTES = 600
const isWithdrawn = ({ state }: Run): boolean => state === 'withdrawn'

const titles = async (series: string): Promise<string[]> => (await desk.lessonsOf(series)).map(({ title }) => title)

/** All that people can see of a school's series, and of its repository. */
const everything = async () => {
  const { series } = await desk.series.list({})
  const runs = await Promise.all(series.map(({ id }) => desk.series.runs({ series: id })))
  const lessons = await Promise.all(series.map(({ id }) => desk.lessonsOf(id)))
  const pulls = await outside.pulls()
  const comments = await Promise.all(pulls.map(({ number }) => outside.comments(number)))
  return { spent: series.map(({ spentThisMonth }) => spentThisMonth), runs, lessons, pulls, comments, branches: await outside.branches() }
}

test('webhooks that come three times each make one lesson', async () => {
  await outside.githubFaults({ webhooks: 'duplicate', times: 3 })
  await mergedOnce(desk, await desk.proposed('Aperture'))
  await outside.sent()
  const answers = (await outside.deliveries()).map(({ guid, state }) => ({ guid, state }))
  assert.ok(answers.every(({ state }) => state === 'delivered'))
  assert.equal(answers.length, 3 * new Set(answers.map(({ guid }) => guid)).size)
})

test('webhooks that come in another order than things happened make one lesson of each pull request', async () => {
  await outside.githubFaults({ webhooks: 'reorder' })
  const [one, other] = [await desk.proposed('Shutter'), await desk.proposed('Meters')]
  await outside.merge(one.pull?.number ?? 0)
  await mergedOnce(desk, other)
  await assertTaughtOnce(desk, await desk.until(one.series, 'live', isLive))
  await outside.sent()
})

test('news of a merge that comes only after its revert does not bring the lesson back', async () => {
  const run = await desk.proposed('Mounts')
  await outside.sent()
  await outside.githubFaults({ webhooks: 'off' })
  await outside.merge(run.pull?.number ?? 0)
  const late = (await outside.deliveries()).filter(({ state, body }) => state === 'kept' && body.includes(run.id))
  assert.ok(late.length > 0)
  await outside.githubFaults({ webhooks: 'none' })
  const revert = await outside.revert(run.pull?.number ?? 0)
  await desk.until(run.series, 'live', isLive)
  await outside.merge(revert)
  await desk.until(run.series, 'withdrawn', isWithdrawn)
  await outside.sent()
  for (const delivery of late) assert.equal((await outside.again(delivery, delivery.guid)).status, 200)
  await school.pass(1)
  assert.deepEqual(await titles(run.series), ['By hand'])
  assert.equal((await desk.newest(run.series)).state, 'withdrawn')
})

for (const [how, fault, point] of [
  ['none comes', 'off', 'Film speed'],
  ['none is signed as it should be', 'bad-signature', 'Lenses'],
] as const)
  test(`a merge is found by the clock where ${how}`, async () => {
    await outside.githubFaults({ webhooks: fault })
    const run = await desk.proposed(point)
    await outside.merge(run.pull?.number ?? 0)
    await outside.sent()
    assert.equal((await desk.newest(run.series)).state, 'proposed')
    assert.deepEqual(await titles(run.series), ['By hand'])
    await school.pass(TEN_MINUTES)
    const { state, ...live } = await desk.newest(run.series)
    assert.equal(state, 'live')
    await assertTaughtOnce(desk, { state, ...live })
  })

test('a lesson that was merged and taken back before the school had looked is known to be withdrawn', async () => {
  await outside.githubFaults({ webhooks: 'off' })
  const run = await desk.proposed('Easels')
  await outside.merge(run.pull?.number ?? 0)
  await outside.merge(await outside.revert(run.pull?.number ?? 0))
  await school.pass(TEN_MINUTES)
  assert.equal((await desk.newest(run.series)).state, 'withdrawn')
  assert.deepEqual(await titles(run.series), ['By hand'])
})

test('a pull request that is turned down is found by the clock where no webhook comes', async () => {
  await outside.githubFaults({ webhooks: 'off' })
  const run = await desk.proposed('Tripods')
  await outside.shut(run.pull?.number ?? 0)
  await school.pass(TEN_MINUTES)
  assert.equal((await desk.newest(run.series)).state, 'closed')
  assert.deepEqual(await titles(run.series), ['By hand'])
})

test('all webhooks of a school sent once more, the last first, change nothing, under their own ids and under others', async () => {
  const before = await everything()
  const deliveries = await outside.deliveries()
  assert.ok(before.pulls.length > 0 && deliveries.length > 10)
  for (const delivery of deliveries) {
    assert.equal((await outside.again(delivery, delivery.guid)).status, 200)
    assert.equal((await outside.again(delivery, randomUUID())).status, 200)
  }
  await school.pass(1)
  assert.deepEqual(await everything(), before)
})
