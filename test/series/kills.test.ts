import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Run } from '#contract/series.ts'
import { refusalOf } from '#test/school.ts'
import { openDesk } from './desk.fixture.ts'

const desk = await openDesk()
after(() => desk.close())

const isPausing = ({ state, reason }: Run): boolean => (state === 'due' || state === 'drafted') && reason !== undefined
const isProposed = ({ state }: Run): boolean => state === 'proposed'
const isLive = ({ state }: Run): boolean => state === 'live'

/** What the chatbot has answered for a point of an outline, as it would be on a bill. */
const answered = async (point: string) => {
  const own = (await desk.outside.exchanges()).filter(({ prompt, status }) => prompt.includes(point) && status === 200)
  const sum = (name: 'input' | 'output'): number => own.reduce((tokens, exchange) => tokens + exchange.tokens[name], 0)
  return { questions: own.length, tokens: { input: sum('input'), output: sum('output') } }
}

/** One branch with one commit and one pull request with one report, whatever happened on the way. */
const assertProposedOnce = async (run: Run): Promise<number> => {
  const own = (await desk.outside.pulls()).filter(({ branch }) => branch === `lectern/${run.id}`)
  assert.deepEqual(
    own.map(({ number, state }) => ({ number, state })),
    [{ number: run.pull?.number, state: 'open' }],
  )
  const number = run.pull?.number ?? 0
  const reports = (await desk.outside.comments(number)).filter(({ body }) => body.includes('lectern-report'))
  assert.equal(reports.length, 1)
  return number
}

/** Those who are enrolled have the lesson once, and nobody else has it. */
const assertTaughtOnce = async ({ lesson }: Run): Promise<void> => {
  const found = (await desk.lessons(desk.learner)).filter(({ title }) => title === lesson?.title)
  assert.deepEqual(
    found.map(({ id }) => id),
    [lesson?.id],
  )
  const id = lesson?.id ?? ''
  assert.ok((await desk.learner.client.learning.lesson({ lesson: id })).text?.length)
  assert.equal(await refusalOf(desk.stranger.client.learning.lesson({ lesson: id })), 'not-enrolled')
}

const begin = async (point: string) => {
  const series = await desk.aSeries([point])
  return { series, start: () => desk.series.start({ series, isTrial: false }) }
}

const mergedOnce = async (series: string, run: Run): Promise<Run> => {
  await desk.outside.merge(await assertProposedOnce(run))
  const live = await desk.until(series, 'live', isLive)
  await assertTaughtOnce(live)
  return live
}

/** Dies where it is doomed to, is begun again by the school after its pause, and comes to the end it would have come to. */
const survive = async (point: string, dies: string): Promise<Run> => {
  const { series, start } = await begin(point)
  desk.doom(series, dies)
  await start()
  const killed = await desk.until(series, 'killed', isPausing)
  assert.equal(desk.isDoomed(series), false)
  assert.deepEqual([killed.reason?.code, killed.reason?.detail], ['program-failed', 'It ended with SIGKILL.'])
  await desk.school.pass(61)
  const run = await mergedOnce(series, await desk.until(series, 'proposed', isProposed))
  assert.equal(run.attempt, 2)
  const { spentThisMonth } = await desk.series.get({ series })
  assert.deepEqual(spentThisMonth, { tokens: run.tokens.input + run.tokens.output, micros: run.costMicros })
  return run
}

describe('a writer that is killed', () => {
  test('before the chatbot is asked', async () => {
    console.log(await survive('Aperture', 'question ready'), await answered('Aperture'))
  })
  test('after the answer, before the draft is kept', async () => {
    console.log(await survive('Shutter', 'question answered'), await answered('Shutter'))
  })
  test('after the draft is kept, before anybody is told', async () => {
    console.log(await survive('Film speed', 'news ready'), await answered('Film speed'))
  })
})
