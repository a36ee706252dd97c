import type { Run, Series } from '#contract/series.ts'
import type { World } from '#ports/world.ts'
import { isPausing } from './judge.ts'
import { openPoints } from './make.ts'
import { placeOf, runsOf } from './place.ts'
import { openRuns, runRecords, type StoredRun, type StoredSeries } from './records.ts'
import { nextMoment } from './schedule.ts'
import { monthOf, spentIn } from './spend.ts'

const RETRIED: readonly StoredRun['state'][] = ['failed', 'refused', 'held']
const DISCARDED: readonly StoredRun['state'][] = ['drafted', 'waiting', 'refused', 'failed', 'held']

/** What one may do with a run as it stands; nobody has to wait until it is tried again by itself. */
export const canOf = (run: StoredRun): Run['can'] => ({
  retry: RETRIED.includes(run.state) || isPausing(run),
  discard: DISCARDED.includes(run.state) || isPausing(run),
  propose: run.state === 'drafted' && run.kind === 'trial' && run.draft !== undefined,
})

export const shownRun = (run: StoredRun): Run => {
  const { id, series, kind, state, point, attempt, dueAt, changedAt, reason, findings, tokens, costMicros, model, draft, pull, lesson, nextAt } = run
  const { id: name, path, title } = lesson
  const known = { ...(reason && { reason }), ...(model !== undefined && { model }), ...(draft && { draft }), ...(pull && { pull }) }
  return {
    ...{ id, series, kind, state, point, attempt, dueAt, changedAt, findings, tokens, costMicros, ...known },
    ...(isPausing(run) && nextAt !== undefined && { nextAt }),
    ...(title !== undefined && { lesson: { id: name, title, path } }),
    can: canOf(run),
  }
}

/** Runs as they are stored now, of those that a listing by index tells of: it may tell of them as they were a moment ago. */
export const asStored = async ({ tables }: Pick<World, 'tables'>, ids: readonly string[]): Promise<StoredRun[]> => {
  const found = await Promise.all(ids.map((id) => runRecords.get(tables, { id })))
  return found.flatMap((run) => (run ? [run.value] : []))
}

const sortKey = ({ dueAt, id }: Pick<StoredRun, 'dueAt' | 'id'>): string => `${dueAt}#${id}`

/** What has just begun, and may not be listed by index yet. */
export const justBegun = async (world: Pick<World, 'tables'>, series: string, listed: readonly StoredRun[]): Promise<StoredRun[]> => {
  const there = new Set(listed.map(({ id }) => id))
  const open = (await openRuns(world.tables)).filter((run) => run.series === series && !there.has(run.id))
  return asStored(
    world,
    open.map(({ id }) => id),
  )
}

export const newestFirst = (runs: readonly StoredRun[]): StoredRun[] => runs.toSorted((one, other) => (sortKey(one) < sortKey(other) ? 1 : -1))

/** What has become of each point; a trial takes none. */
const pointsOf = ({ brief, taken }: StoredSeries, runs: readonly StoredRun[]): Series['points'] =>
  brief.outline.map((text) => {
    if (!taken.includes(text)) return { text }
    const run = runs.find(({ kind, point }) => kind !== 'trial' && point === text)
    return { text, state: run?.state ?? 'due' }
  })

const IN_VAIN: readonly StoredRun['state'][] = ['discarded', 'closed', 'withdrawn']

export const shownSeries = async (world: World, stored: StoredSeries): Promise<Series> => {
  const { id, brief, status, createdAt } = stored
  const now = world.clock.now().toISOString()
  const [place, spentThisMonth, listed] = await Promise.all([placeOf(world.tables, stored), spentIn(world.tables, id, monthOf(now)), runsOf(world.tables, id)])
  const runs = newestFirst([...listed, ...(await justBegun(world, id, listed))])
  const [newest] = await asStored(
    world,
    runs.slice(0, 1).map((run) => run.id),
  )
  const nextAt = status === 'active' && openPoints(stored).length > 0 ? nextMoment(brief.schedule, now) : undefined
  return {
    ...{ id, brief, status, createdAt, spentThisMonth },
    ...(place && { place: { course: place.course.title, section: place.section.title } }),
    ...(nextAt !== undefined && { nextAt }),
    written: runs.filter(({ kind, state, lesson }) => kind !== 'trial' && lesson.title !== undefined && !IN_VAIN.includes(state)).length,
    points: pointsOf(stored, runs),
    ...(newest && { newest: shownRun(newest) }),
  }
}
