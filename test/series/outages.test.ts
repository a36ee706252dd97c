import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'
import type { Run } from '#contract/series.ts'
import { openDesk } from './desk.fixture.ts'
import { assertPaidOnce, billFor, isPausing, isProposed } from './once.fixture.ts'

const desk = await openDesk()
after(() => desk.close())
const { outside, school, series: api } = desk
afterEach(() => outside.chatbotFaults({ fault: 'none' }))

const MINUTE = 60
const DAY = 24 * 60 * MINUTE
const NOTHING = { input: 0, output: 0 }
const BUDGET = { runTokens: 20_000, runMicros: 100_000, monthTokens: 200_000, monthMicros: 1_000_000 }

const isFailed = ({ state }: Run): boolean => state === 'failed'
const start = (series: string): Promise<Run> => api.start({ series, isTrial: false })

/** The next lesson is written as if nothing had been; the one before stays as it was. */
const assertNextIsProposed = async (before: Run): Promise<Run> => {
  const { series } = before
  await outside.chatbotFaults({ fault: 'none' })
  const { id } = await start(series)
  const next = await desk.until(series, 'proposed', (run) => run.id === id && isProposed(run))
  assert.equal(next.attempt, 1)
  assert.notEqual(next.point, before.point)
  assert.deepEqual(await desk.run(before), before)
  return next
}

const proposedAgain = (run: Run): Promise<Run> =>
  desk.eventually('the first to be proposed as well', async () => {
    const now = await desk.run(run)
    return isProposed(now) ? now : undefined
  })

const isPaid = (run: Run): boolean => run.costMicros > 0

describe('a run that meets a chatbot which', () => {
  for (const [what, fault, { code, says, paid }, points] of [
    ['is down', { fault: 'down' }, { code: 'chatbot-unreachable', says: /^No answer from the chatbot/, paid: false }, ['Aperture', 'Shutter']],
    // It may well be on the bill.
    ['is too slow', { fault: 'slow', seconds: 60 }, { code: 'chatbot-slow', says: /did not answer in time/, paid: true }, ['Film speed', 'Lenses']],
    ['answers what is no JSON', { fault: 'malformed' }, { code: 'chatbot-malformed', says: /that are no JSON/, paid: true }, ['Tripods', 'Filters']],
    ['answers what is no lesson', { fault: 'misfit' }, { code: 'chatbot-malformed', says: /The answer is no lesson/, paid: true }, ['Flash', 'Portraits']],
  ] as const)
    test(`${what} says so and is tried again; the next one does not wait for it`, async () => {
      await outside.chatbotFaults(fault)
      const series = await desk.aSeries([...points])
      await start(series)
      const waiting = await desk.until(series, 'pausing', isPausing)
      assert.deepEqual([waiting.state, waiting.attempt, waiting.reason?.code, isPaid(waiting)], ['due', 1, code, paid])
      assert.match(waiting.reason?.detail ?? '', says)
      await assertNextIsProposed(waiting)
      await school.pass(MINUTE + 1)
      assert.equal((await proposedAgain(waiting)).attempt, 2)
    })

  test('goes on answering nonsense has failed after the third time, and its teacher can have it tried again', async () => {
    await outside.chatbotFaults({ fault: 'malformed' })
    const series = await desk.aSeries(['Bellows', 'Darkrooms'])
    await start(series)
    for (const [attempt, seconds] of [
      [1, MINUTE + 1],
      [2, 10 * MINUTE + 1],
    ] as const) {
      await desk.until(series, 'pausing', (run) => run.attempt === attempt && isPausing(run))
      await school.pass(seconds)
    }
    const failed = await desk.until(series, 'failed', isFailed)
    assert.deepEqual([failed.attempt, failed.reason?.code, failed.can], [3, 'chatbot-malformed', { retry: true, discard: true, propose: false }])
    const bill = await billFor(desk, failed.point)
    assert.deepEqual([bill.answers, bill.tokens], [6, failed.tokens])
    await assertPaidOnce(desk, failed)
    await assertNextIsProposed(failed)
    await api.retry({ run: failed.id })
    assert.equal((await proposedAgain(failed)).attempt, 4)
  })

  test('lets nobody in fails at once, and costs nothing', async () => {
    await outside.chatbotFaults({ fault: '401' })
    const series = await desk.aSeries(['Meters', 'Mounts'])
    await start(series)
    const failed = await desk.until(series, 'failed', isFailed)
    assert.deepEqual([failed.attempt, failed.reason?.code, failed.tokens], [1, 'chatbot-refused', NOTHING])
    await assertNextIsProposed(failed)
  })

  test('takes more than it was allowed fails at once, and all that it took is counted', async () => {
    await outside.chatbotFaults({ fault: 'greedy' })
    const series = await desk.aSeries(['Prints', 'Frames'], { budget: { ...BUDGET, monthTokens: 10_000_000, monthMicros: 10_000_000 } })
    await start(series)
    const failed = await desk.until(series, 'failed', isFailed)
    assert.deepEqual([failed.attempt, failed.reason?.code], [1, 'over-run-budget'])
    assert.deepEqual((await billFor(desk, failed.point)).tokens, failed.tokens)
    await assertPaidOnce(desk, failed)
    await assertNextIsProposed(failed)
  })
})

describe('a run that there is no money for', () => {
  test('in its own budget fails without asking anybody; with more of it the next one is written', async () => {
    const series = await desk.aSeries(['Easels', 'Mats'], { budget: { ...BUDGET, runTokens: 1000 } })
    await start(series)
    const failed = await desk.until(series, 'failed', isFailed)
    assert.deepEqual([failed.attempt, failed.reason?.code, failed.tokens], [1, 'over-run-budget', NOTHING])
    assert.equal((await billFor(desk, failed.point)).answers, 0)
    const { brief } = await api.get({ series })
    await api.update({ series, brief: { ...brief, budget: BUDGET } })
    await assertNextIsProposed(failed)
  })

  test('in the month’s waits for the next month, and goes on at once where the budget is raised', async () => {
    const series = await desk.aSeries(['Slides', 'Scanners', 'Screens'], { budget: { ...BUDGET, monthTokens: BUDGET.runTokens } })
    await start(series)
    await desk.until(series, 'proposed', isProposed)
    await start(series)
    const held = await desk.until(series, 'held', ({ state }) => state === 'held')
    assert.deepEqual([held.attempt, held.reason?.code, held.tokens, held.can.retry], [1, 'over-month-budget', NOTHING, true])
    const { brief } = await api.get({ series })
    await api.update({ series, brief: { ...brief, budget: BUDGET } })
    await assertNextIsProposed(held)
    await api.retry({ run: held.id })
    await proposedAgain(held)
  })
})

test('what is written every morning is written the next morning, whatever became of it this morning', async () => {
  const series = await desk.aSeries(['Clouds', 'Rain', 'Snow'], { schedule: { cron: '0 9 * * *', zone: 'UTC' } })
  await api.resume({ series })
  await outside.chatbotFaults({ fault: '401' })
  await school.pass(DAY)
  const failed = await desk.until(series, 'failed', isFailed)
  await outside.chatbotFaults({ fault: 'none' })
  await school.pass(DAY)
  const next = await desk.until(series, 'proposed', (run) => run.id !== failed.id && isProposed(run))
  await api.pause({ series })
  assert.deepEqual([failed.kind, failed.point, next.kind, next.point], ['scheduled', 'Clouds', 'scheduled', 'Rain'])
  assert.equal(Date.parse(next.dueAt) - Date.parse(failed.dueAt), DAY * 1000)
})
