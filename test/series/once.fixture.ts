import assert from 'node:assert/strict'
import type { Run } from '#contract/series.ts'
import { costMicros } from '#core/series/writer/cost.ts'
import { refusalOf } from '#test/school.ts'
import type { Desk } from './desk.fixture.ts'

export const isPausing = ({ state, reason }: Run): boolean => (state === 'due' || state === 'drafted') && reason !== undefined
export const isProposed = ({ state }: Run): boolean => state === 'proposed'
export const isLive = ({ state }: Run): boolean => state === 'live'

/** One branch with one commit, one pull request and one report, whatever happened on the way. */
const assertProposedOnce = async ({ outside }: Desk, run: Run): Promise<number> => {
  const branch = `lectern/${run.id}`
  const own = (await outside.pulls()).filter((pull) => pull.branch === branch)
  const [number = 0] = own.map((pull) => pull.number)
  assert.deepEqual([own.length, own[0]?.state, number], [1, 'open', run.pull?.number])
  assert.equal((await outside.branches()).filter((name) => name.startsWith(branch)).length, 1)
  assert.deepEqual(await outside.parentsOf(own[0]?.head ?? ''), [own[0]?.start])
  const comments = await outside.comments(number)
  assert.deepEqual([comments.length, comments[0]?.body.includes('lectern-report')], [1, true])
  return number
}

/** Those who are enrolled have the lesson once, and nobody else has it. */
export const assertTaughtOnce = async (desk: Desk, { series, lesson }: Run): Promise<void> => {
  const lessons = await desk.lessonsOf(series)
  assert.deepEqual(
    lessons.map(({ title }) => title),
    ['By hand', lesson?.title],
  )
  const { id } = lesson ?? { id: '' }
  assert.equal(lessons[1]?.id, id)
  assert.ok((await desk.learner.client.learning.lesson({ lesson: id })).text)
  assert.equal(await refusalOf(desk.stranger.client.learning.lesson({ lesson: id })), 'not-enrolled')
}

/** The month's ledger has what the run has cost, once. */
export const assertPaidOnce = async (desk: Desk, { series, tokens, costMicros: micros }: Run): Promise<void> => {
  const { spentThisMonth } = await desk.series.get({ series })
  assert.deepEqual(spentThisMonth, { tokens: tokens.input + tokens.output, micros })
}

/** From its pull request to the lesson, with nothing twice. */
export const mergedOnce = async (desk: Desk, run: Run, merge = desk.outside.merge): Promise<Run> => {
  await merge(await assertProposedOnce(desk, run))
  const live = await desk.until(run.series, 'live', isLive)
  await assertTaughtOnce(desk, live)
  await assertPaidOnce(desk, live)
  return live
}

/** What the chatbot has answered for a point of an outline, as it stands on its bill. */
export const billFor = async ({ outside }: Desk, point: string) => {
  const own = (await outside.exchanges()).filter(({ prompt, status }) => prompt.includes(point) && status === 200)
  const sum = (name: 'input' | 'output'): number => own.reduce((tokens, exchange) => tokens + exchange.tokens[name], 0)
  const tokens = { input: sum('input'), output: sum('output') }
  return { answers: own.length, tokens, costMicros: costMicros(tokens, { inputMicros: 150_000, outputMicros: 600_000 }) }
}

/** Asked once, and counted once. */
export const assertCountsTheBill = async (desk: Desk, { point, tokens, costMicros: micros }: Run): Promise<void> =>
  assert.deepEqual(await billFor(desk, point), { answers: 1, tokens, costMicros: micros })
