import { hasRole } from '#contract/roles.ts'
import type { SeriesBrief } from '#contract/series.ts'
import { ownCourse } from '#core/courses/outline.ts'
import type { StoredCourse } from '#core/courses/records.ts'
import type { Actor } from '#core/handlers.ts'
import type { Stored, Writing } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { runRecords, type StoredRun, type StoredSeries, seriesRecords } from './records.ts'
import { checkSchedule } from './schedule.ts'

type Owned = Pick<StoredSeries, 'teacher'>

/** Of one's own courses, or any for an admin. */
export const isOwn = (actor: Actor, { teacher }: Owned): boolean => teacher === actor.id || hasRole(actor, 'admin')

export const ownSeries = async ({ tables }: Pick<World, 'tables'>, actor: Actor, id: string): Promise<Stored<StoredSeries>> => {
  const series = await seriesRecords.get(tables, { id })
  if (!series || !isOwn(actor, series.value)) throw missing('series')
  return series
}

/** A run whose series is one's own; a series that has been removed has taken its runs with it. */
export const ownRun = async (world: Pick<World, 'tables'>, actor: Actor, id: string): Promise<{ run: Stored<StoredRun>; series: Stored<StoredSeries> }> => {
  const run = await runRecords.get(world.tables, { id })
  const series = run && (await seriesRecords.get(world.tables, { id: run.value.series }))
  if (!run || !series || !isOwn(actor, series.value)) throw missing('run')
  return { run, series }
}

/** Its record holds the outline, and each of its points once more as it is taken: both have to fit into an item. */
const MOST_BRIEF_BYTES = 180_000

/** Refuses what could not be written; answers the course that it is for. */
export const checkBrief = async ({ tables, clock }: World, actor: Actor, brief: SeriesBrief): Promise<StoredCourse> => {
  const course = (await ownCourse(tables, actor, brief.course, { to: 'teach' })).value
  if (!course.sections.some(({ id }) => id === brief.section)) throw new Refusal('bad-input', 'The course has no such section.', 'section')
  checkSchedule(brief.schedule, clock.now().toISOString())
  if (new TextEncoder().encode(JSON.stringify(brief)).length > MOST_BRIEF_BYTES)
    throw new Refusal('bad-input', 'This is too long to be kept: shorten the outline, or make two series of it.', 'outline')
  if (new Set(brief.outline).size < brief.outline.length) throw new Refusal('bad-input', 'Each point of an outline is named once.', 'outline')
  const { runTokens, runMicros, monthTokens, monthMicros } = brief.budget
  if (monthTokens < runTokens || monthMicros < runMicros) throw new Refusal('bad-input', 'A month’s budget has room for one lesson at least.', 'budget')
  return course
}

const TRIES = 5

export const changedMeanwhile = (): Refusal => new Refusal('conflict', 'The series was changed elsewhere in the meantime. Load it again.')

/** Changes a series of the actor's, as it is when it is written: the clock may write to it at the same moment. */
export const changeSeries = async (
  world: World,
  { actor, id }: { actor: Actor; id: string },
  change: (before: Stored<StoredSeries>) => Promise<Writing>,
): Promise<void> => {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { changes, events } = await change(await ownSeries(world, actor, id))
    if (changes.length === 0 || (await world.tables.commit(changes, events)) === 'done') return
  }
  throw changedMeanwhile()
}
