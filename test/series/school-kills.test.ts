import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Run } from '#contract/series.ts'
import { openDesk } from './desk.fixture.ts'
import { assertTaughtOnce, billFor, isLive, isPausing, isProposed, mergedOnce } from './once.fixture.ts'

const desk = await openDesk()
after(() => desk.close())

/** The school dies at a point, and is opened again over what it has left. */
const killedAt = async (dies: string, deed: () => Promise<unknown>): Promise<void> => {
  desk.doom('school', dies)
  // It may die before it answers.
  await deed().catch(() => undefined)
  await desk.school.died()
  assert.equal(desk.isDoomed('school'), false)
  await desk.school.open()
}

const begun = async (point: string, dies: string): Promise<string> => {
  const series = await desk.aSeries([point])
  await killedAt(dies, () => desk.series.start({ series, isTrial: false }))
  return series
}

const assertCountsTheBill = async ({ point, tokens, costMicros }: Run): Promise<void> =>
  assert.deepEqual(await billFor(desk, point), { answers: 1, tokens, costMicros })

describe('a school that is killed on the way to a pull request', () => {
  for (const [when, point, dies] of [
    ['once the brief is laid down', 'Aperture', 'brief laid down'],
    ['before the writer starts', 'Shutter', 'writer to start'],
    ['while the writer writes', 'Film speed', 'writer started'],
    ['once it has heard of the draft, before the publisher starts', 'Lenses', 'draft.written'],
    ['once it has heard of the pull request', 'Filters', 'draft.proposed'],
  ] as const)
    test(`${when} goes on where it was, with one of each`, async () => {
      const series = await begun(point, dies)
      const run = await mergedOnce(desk, await desk.until(series, 'proposed', isProposed))
      assert.equal(run.attempt, 1)
      await assertCountsTheBill(run)
    })

  test('between a program’s mark and its start begins it again after a pause', async () => {
    const series = await begun('Tripods', 'start marked')
    const { reason } = await desk.until(series, 'killed', isPausing)
    assert.deepEqual(reason, { code: 'program-failed', detail: 'It ended while the school was not awake.' })
    await desk.school.pass(61)
    const run = await mergedOnce(desk, await desk.until(series, 'proposed', isProposed))
    assert.equal(run.attempt, 2)
    await assertCountsTheBill(run)
  })
})

describe('a school that is killed on the way from a merge to a lesson', () => {
  for (const [when, point, dies] of [
    ['with the webhook just stored', 'Portraits', 'repository.changed'],
    ['with the lesson written and not published', 'Flash', 'lesson written'],
    ['with the lesson published and not told of', 'Bellows', 'lesson shown'],
  ] as const)
    test(`${when} shows the lesson once`, async () => {
      const series = await desk.aSeries([point])
      await desk.series.start({ series, isTrial: false })
      const proposed = await desk.until(series, 'proposed', isProposed)
      const live = await mergedOnce(desk, proposed, (pull) => killedAt(dies, () => desk.outside.merge(pull)))
      await assertCountsTheBill(live)
    })

  test('and takes it back as well: a revert leaves nothing of it', async () => {
    const series = await desk.aSeries(['Darkrooms'])
    await desk.series.start({ series, isTrial: false })
    const live = await mergedOnce(desk, await desk.until(series, 'proposed', isProposed))
    await assertTaughtOnce(desk, live)
    await killedAt('repository.changed', () => desk.outside.revert(live.pull?.number ?? 0))
    await desk.until(series, 'withdrawn', ({ state }) => state === 'withdrawn')
    assert.deepEqual(
      (await desk.lessonsOf(series)).map(({ title }) => title),
      ['By hand'],
    )
    assert.equal(isLive(await desk.newest(series)), false)
  })
})
