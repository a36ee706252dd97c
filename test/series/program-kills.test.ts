import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Run } from '#contract/series.ts'
import { openDesk } from './desk.fixture.ts'
import { assertCountsTheBill, billFor, isPausing, isProposed, mergedOnce } from './once.fixture.ts'

const desk = await openDesk()
after(() => desk.close())

/** Dies where it is doomed to, is begun again by the school after a pause, and comes to the end it would have come to. */
const survive = async (point: string, dies: string): Promise<Run> => {
  const series = await desk.aSeries([point])
  desk.doom(series, dies)
  await desk.series.start({ series, isTrial: false })
  const killed = await desk.until(series, 'killed', isPausing)
  assert.equal(desk.isDoomed(series), false)
  assert.deepEqual(killed.reason, { code: 'program-failed', detail: 'It ended with SIGKILL.' })
  await desk.school.pass(61)
  const run = await mergedOnce(desk, await desk.until(series, 'proposed', isProposed))
  assert.equal(run.attempt, 2)
  return run
}

/** Nobody knows whether the question that it died with is on the bill: it is counted as the most that it may have cost. */
const assertCountsTheUnknown = async (run: Run, answers: number): Promise<void> => {
  const bill = await billFor(desk, run.point)
  assert.equal(bill.answers, answers)
  assert.ok(run.costMicros > bill.costMicros)
  const { brief } = await desk.series.get({ series: run.series })
  assert.ok(run.tokens.input + run.tokens.output <= brief.budget.runTokens)
}

describe('a writer that is killed', () => {
  test('before the chatbot is asked is begun again, and what it may have cost is counted', async () => {
    await assertCountsTheUnknown(await survive('Aperture', 'question ready'), 1)
  })

  test('once the chatbot has answered is begun again, and both answers are counted', async () => {
    await assertCountsTheUnknown(await survive('Shutter', 'question answered'), 2)
  })

  test('after its draft is kept tells of it without asking again', async () => {
    await assertCountsTheBill(desk, await survive('Film speed', 'draft.written ready'))
  })
})

describe('a publisher that is killed', () => {
  for (const [when, point, dies] of [
    ['after the commit, before the branch', 'Tripods', 'POST git/commits'],
    ['after the branch, before the pull request', 'Lenses', 'POST git/refs'],
    ['after the pull request is opened', 'Filters', 'POST pulls'],
    ['after its report is left', 'Flash', 'POST issues/comments'],
    ['before it tells', 'Portraits', 'POST statuses'],
  ] as const)
    test(`${when} is begun again, and there is one of each`, async () => {
      await assertCountsTheBill(desk, await survive(point, dies))
    })
})

describe('a program that is killed once it has told', () => {
  /** Its last word and its end may be heard of in either order. */
  const tellAndDie = async (point: string, doomed: string): Promise<Run> => {
    const series = await desk.aSeries([point])
    desk.doom(series, doomed)
    await desk.series.start({ series, isTrial: false })
    const run = await mergedOnce(desk, await desk.until(series, 'proposed', isProposed))
    assert.equal(desk.isDoomed(series), false)
    assert.equal(run.attempt, 1)
    return run
  }

  test('that it has written is not begun again', async () => {
    await assertCountsTheBill(desk, await tellAndDie('Bellows', 'draft.written told'))
  })

  test('that it has proposed is not begun again', async () => {
    await assertCountsTheBill(desk, await tellAndDie('Darkrooms', 'draft.proposed told'))
  })
})
