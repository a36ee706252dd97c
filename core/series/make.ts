import { createHash } from 'node:crypto'
import { event } from '#core/events.ts'
import { plus } from '#core/moments.ts'
import { type Stored, together, type Writing } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { added } from './change.ts'
import { SILENCE_MS } from './judge.ts'
import { pathFor } from './place.ts'
import { lessonRunRecords, type StoredRun, type StoredSeries, seriesRecords } from './records.ts'

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

/** One name for a moment of a schedule, so that two timers that find it due make one run of it. */
export const scheduledRunId = (series: string, dueAt: string): string => {
  const bytes = createHash('sha256').update(`${series} ${dueAt}`).digest().subarray(0, 26)
  return `run_${[...bytes].map((byte) => DIGITS.charAt(byte % DIGITS.length)).join('')}`
}

/** The points of an outline that nobody has taken up. */
export const openPoints = ({ brief, taken }: StoredSeries): string[] => brief.outline.filter((point) => !taken.includes(point))

/** A series as changed, which is done once nothing of its outline is left. */
export const settled = (series: StoredSeries): StoredSeries => {
  if (openPoints(series).length === 0) return { ...series, status: 'done' }
  // Whoever adds to an outline that was used up says when it goes on.
  return series.status === 'done' ? { ...series, status: 'paused' } : series
}

/** The change of a series, and that it is done where it was not before. */
export const seriesChange = (world: Pick<World, 'clock' | 'ids'>, before: Stored<StoredSeries>, wanted: StoredSeries): Writing => {
  const after = settled(wanted)
  const isDone = after.status === 'done' && before.value.status !== 'done'
  return { changes: [seriesRecords.replace(before, after)], events: isDone ? [event(world, 'series.done', { series: after.id })] : [] }
}

type Wanted = { id: string; kind: StoredRun['kind']; point: string; dueAt: string }

const freshRun = ({ id, teacher }: StoredSeries, wanted: Wanted, { lesson, now }: { lesson: StoredRun['lesson']; now: string }): StoredRun => ({
  ...{ ...wanted, series: id, teacher, state: 'due', attempt: 1, createdAt: now, changedAt: now, nextAt: plus(now, SILENCE_MS) },
  ...{ failures: 0, findings: [], tokens: { input: 0, output: 0 }, costMicros: 0, spentBefore: { tokens: 0, micros: 0 }, counted: [], lesson },
})

/**
 * Begins a run in one commit with its series, whose point it takes; a trial leaves the point to whoever writes in earnest.
 * `changes` of the series go with it. `conflict` where somebody was faster.
 */
export const makeRun = async (
  world: World,
  series: Stored<StoredSeries>,
  { changes = {}, ...wanted }: Wanted & { changes?: Partial<StoredSeries> },
): Promise<StoredRun | 'conflict'> => {
  const now = world.clock.now().toISOString()
  const id = world.ids.make('les')
  const { point, kind } = wanted
  // Without a place it fails as it begins, where that is told.
  const path = (await pathFor(world, { series: series.value, point, lesson: id })) ?? ''
  const run = freshRun(series.value, wanted, { lesson: { id, path }, now })
  const taken = kind === 'trial' ? series.value.taken : [...series.value.taken, point]
  const ofSeries = seriesChange(world, series, { ...series.value, taken, ...changes })
  const { changes: all, events } = together([ofSeries, added(world, run), { changes: [lessonRunRecords.add({ lesson: id, run: run.id })], events: [] }])
  return (await world.tables.commit(all, events)) === 'done' ? run : 'conflict'
}
