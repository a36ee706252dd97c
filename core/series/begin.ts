import type { RunReason } from '#contract/series.ts'
import { type Hearing, hearing, type Payload } from '#core/events.ts'
import type { Stored, Writing } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { briefFor } from './brief.ts'
import { taskId } from './bus.ts'
import { commitRun } from './change.ts'
import { failed, held, isPausing, proposing, writing } from './judge.ts'
import { keepBrief } from './papers.ts'
import { placeOf } from './place.ts'
import { runRecords, type StoredRun, type StoredSeries, seriesRecords, WHOLE_SCHOOL } from './records.ts'
import { adding, leftOf, monthOf, nextMonth, roomFor } from './spend.ts'

type Begun = { run: Stored<StoredRun>; series: Stored<StoredSeries> }

const step = async (world: World, run: Stored<StoredRun>, after: StoredRun, besides?: Writing): Promise<void> => {
  const outcome = await commitRun(world, run, { after, ...(besides && { besides }) })
  if (outcome === 'conflict') throw new Error(`Run ${run.value.id} was written by somebody else as it began.`)
}

const startTask = ({ tasks }: World, name: 'writer' | 'publisher', { id: run, attempt }: StoredRun): Promise<void> =>
  tasks.start({ name, id: taskId(name, { run, attempt }), run })

/** What keeps a run from being written, whatever it may cost. */
const obstacle = ({ settings, repository }: World, { kind }: StoredRun): RunReason | undefined => {
  if (!settings.chatbot) return { code: 'no-chatbot', detail: 'This school has no chatbot. Its owner can set one up.' }
  if (!repository && kind !== 'trial')
    return { code: 'no-repository', detail: 'This school has no repository to propose lessons to. Its owner can set one up.' }
  return undefined
}

const NO_SECTION: RunReason = { code: 'no-section', detail: 'The course or the section that this series writes for is gone.' }
const NO_ROOM = {
  'over-month-budget': 'The month’s budget of this series has no room for another lesson.',
  'over-school-budget': 'What the school lets all its series cost in a month has no room for another lesson.',
} as const
const OVER_RUN: RunReason = { code: 'over-run-budget', detail: 'What one lesson may cost is used up.' }

/** `undefined` where it is another attempt's, or no run's any more. */
const readBegun = async ({ tables }: World, { run: id, attempt }: Payload<'run.due'>): Promise<Begun | 'no-series' | undefined> => {
  const run = await runRecords.get(tables, { id })
  if (run?.value.attempt !== attempt) return undefined
  const series = await seriesRecords.get(tables, { id: run.value.series })
  return series ? { run, series } : 'no-series'
}

/** The limits are checked, the brief is laid down, the run is said to be written, and only then a program begins: cut short anywhere it is done again. */
const write = async (world: World, { run, series }: Begun): Promise<void> => {
  const { tables, clock } = world
  const now = clock.now().toISOString()
  const reason = obstacle(world, run.value)
  if (reason) return step(world, run, failed(run.value, reason))
  const place = await placeOf(tables, series.value)
  if (!place || run.value.lesson.path === '') return step(world, run, failed(run.value, NO_SECTION))
  // Read before one looks for room: whoever takes some meanwhile has written it.
  const school = await adding(tables, { series: WHOLE_SCHOOL, month: monthOf(now) }, { tokens: 0, micros: 0 })
  const limits = await roomFor(tables, { run: run.value, series: series.value, schoolMicros: world.settings.chatbotMonthMicros, now })
  if (limits === 'over-run-budget') return step(world, run, failed(run.value, OVER_RUN))
  if (limits === 'over-month-budget' || limits === 'over-school-budget')
    return step(world, run, held(run.value, nextMonth(now), { code: limits, detail: NO_ROOM[limits] }))
  await keepBrief(world, await briefFor(world, { run: run.value, series: series.value, place, limits }))
  // Written as it is, so that of two runs that begin at once the second finds the first, and what it may cost.
  const alone: Writing = { changes: [seriesRecords.replace(series, series.value), school], events: [] }
  const after = writing(run.value, now)
  await step(world, run, after, alone)
  await startTask(world, 'writer', after)
}

const begin = async (world: World, due: Payload<'run.due'>): Promise<void> => {
  const begun = await readBegun(world, due)
  if (begun === undefined || begun === 'no-series') return
  const { value } = begun.run
  if (value.state === 'writing') return startTask(world, 'writer', value)
  if (value.state === 'due' && !isPausing(value)) await write(world, begun)
}

/** The publisher reads whose attempt it is in the brief. */
const propose = async (world: World, { run, series }: Begun): Promise<void> => {
  const { tables, clock, repository } = world
  const place = await placeOf(tables, series.value)
  if (!repository) return step(world, run, failed(run.value, { code: 'no-repository', detail: 'This school has no repository to propose lessons to.' }))
  if (!place || run.value.lesson.path === '') return step(world, run, failed(run.value, NO_SECTION))
  await keepBrief(world, await briefFor(world, { run: run.value, series: series.value, place, limits: leftOf(run.value, series.value.brief.budget) }))
  const after = proposing(run.value, clock.now().toISOString())
  await step(world, run, after)
  await startTask(world, 'publisher', after)
}

const beginProposing = async (world: World, due: Payload<'run.to-propose'>): Promise<void> => {
  const begun = await readBegun(world, due)
  if (begun === undefined || begun === 'no-series') return
  const { value } = begun.run
  if (value.state === 'proposing') return startTask(world, 'publisher', value)
  if (value.state === 'drafted' && !isPausing(value)) await propose(world, begun)
}

export const beginnings: readonly Hearing[] = [hearing('series.begin', 'run.due', begin), hearing('series.begin-proposing', 'run.to-propose', beginProposing)]
