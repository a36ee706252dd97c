import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { openDesk } from './desk.fixture.ts'
import { assertCountsTheBill, isPausing, isProposed, mergedOnce } from './once.fixture.ts'

const desk = await openDesk()
after(() => desk.close())

const begun = async (point: string, dies: string): Promise<string> => {
  const series = await desk.aSeries([point])
  await desk.killedAt(dies, () => desk.series.start({ series, isTrial: false }))
  return series
}

describe('a school that is killed on the way to a pull request', () => {
  for (const [when, point, dies] of [
    ['once the brief is laid down', 'Aperture', 'brief laid down'],
    ['before the writer starts', 'Shutter', 'writer to start'],
    ['while the writer writes', 'Film speed', 'writer started'],
    ['once it has heard of the draft, before the publisher starts', 'Lenses', 'draft.written told'],
    ['once it has heard of the pull request', 'Filters', 'draft.proposed told'],
  ] as const)
    test(`${when} goes on where it was, with one of each`, async () => {
      const series = await begun(point, dies)
      const run = await mergedOnce(desk, await desk.until(series, 'proposed', isProposed))
      assert.equal(run.attempt, 1)
      await assertCountsTheBill(desk, run)
    })

  test('between a program’s mark and its start begins it again after a pause', async () => {
    const series = await begun('Tripods', 'start marked')
    const { reason } = await desk.until(series, 'killed', isPausing)
    assert.deepEqual(reason, { code: 'program-failed', detail: 'It ended while the school was not awake.' })
    await desk.school.pass(61)
    const run = await mergedOnce(desk, await desk.until(series, 'proposed', isProposed))
    assert.equal(run.attempt, 2)
    await assertCountsTheBill(desk, run)
  })
})
