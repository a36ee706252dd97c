import type { series as contract, SeriesBrief } from '#contract/series.ts'
import type { Actor, Feature, Handlers } from '#core/handlers.ts'
import { Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { beginnings } from './begin.ts'
import { changeRun } from './change.ts'
import { clockTimers } from './clock.ts'
import { checkSetUp, deeds, outlineDone } from './deeds.ts'
import { heard } from './heard.ts'
import { dropped } from './judge.ts'
import { clearPapers, lookingAfter } from './looking.ts'
import { openPoints, seriesChange, settled } from './make.ts'
import { changeSeries, checkBrief, isOwn, ownSeries } from './own.ts'
import { placeOf } from './place.ts'
import { allSeries, openRuns, runRecords, type StoredSeries, seriesRecords } from './records.ts'
import { asStored, justBegun, newestFirst, shownRun, shownSeries } from './shown.ts'

const MOST_SERIES = 50
const RUNS_A_PAGE = 20

const show = async (world: World, actor: Actor, id: string) => shownSeries(world, (await ownSeries(world, actor, id)).value)

const ownOf = async (world: World, actor: Actor): Promise<StoredSeries[]> =>
  (await allSeries(world.tables)).filter((series) => isOwn(actor, series)).toReversed()

const list: Handlers<typeof contract>['list'] = async (world, actor) => {
  const { settings, repository } = world
  return {
    series: await Promise.all((await ownOf(world, actor)).map((series) => shownSeries(world, series))),
    setUp: {
      ...(settings.chatbot && { chatbot: settings.chatbot }),
      ...(repository && { repository: { name: repository.name, url: repository.url, isStandIn: settings.content.isStandIn } }),
    },
  }
}

const create: Handlers<typeof contract>['create'] = async (world, actor, brief) => {
  const course = await checkBrief(world, actor, brief)
  const teacher = course.teacher.id
  if ((await allSeries(world.tables)).filter((series) => series.teacher === teacher).length >= MOST_SERIES)
    throw new Refusal('too-many', `A teacher has at most ${MOST_SERIES} series.`)
  const now = world.clock.now().toISOString()
  const stored: StoredSeries = { id: world.ids.make('ser'), teacher, brief, status: 'paused', scheduledUntil: now, taken: [], createdAt: now }
  await world.tables.commit([seriesRecords.add(stored)])
  return shownSeries(world, stored)
}

/** A schedule that is changed begins to count when it is. */
const updated = (
  { brief: before, taken, ...series }: StoredSeries,
  { brief, teacher, now }: { brief: SeriesBrief; teacher: string; now: string },
): StoredSeries => {
  const isRescheduled = before.schedule.cron !== brief.schedule.cron || before.schedule.zone !== brief.schedule.zone
  return {
    ...{ ...series, brief, teacher, taken: taken.filter((point) => brief.outline.includes(point)) },
    ...(isRescheduled && { scheduledUntil: now, activeSince: now }),
  }
}

const update: Handlers<typeof contract>['update'] = async (world, actor, { series: id, brief }) => {
  await ownSeries(world, actor, id)
  const { teacher } = await checkBrief(world, actor, brief)
  const now = world.clock.now().toISOString()
  await changeSeries(world, { actor, id }, async (before) => seriesChange(world, before, updated(before.value, { brief, teacher: teacher.id, now })))
  return show(world, actor, id)
}

const pause: Handlers<typeof contract>['pause'] = async (world, actor, { series: id }) => {
  await changeSeries(world, { actor, id }, async (before) => seriesChange(world, before, { ...before.value, status: 'paused' }))
  return show(world, actor, id)
}

const resume: Handlers<typeof contract>['resume'] = async (world, actor, { series: id }) => {
  await changeSeries(world, { actor, id }, async (before) => {
    const { status } = before.value
    if (status === 'active') return { changes: [], events: [] }
    checkSetUp(world, { isTrial: false })
    if (openPoints(before.value).length === 0) throw outlineDone()
    if (!(await placeOf(world.tables, before.value)))
      throw new Refusal('bad-input', 'The section that it writes for is gone. Choose another one first.', 'section')
    const now = world.clock.now().toISOString()
    return seriesChange(world, before, settled({ ...before.value, status: 'active', scheduledUntil: now, activeSince: now }))
  })
  return show(world, actor, id)
}

/** Runs that begin need their series, so none can be added once it is gone; what is left of them is dropped. */
const remove: Handlers<typeof contract>['remove'] = async (world, actor, { series: id }) => {
  await changeSeries(world, { actor, id }, async (before) => ({ changes: [seriesRecords.remove({ id }, before)], events: [] }))
  for (const run of (await openRuns(world.tables)).filter(({ series }) => series === id)) {
    const after = await changeRun(world, run.id, dropped)
    if (after?.state === 'discarded') await clearPapers(world, run.id)
  }
  return { done: true }
}

const runs: Handlers<typeof contract>['runs'] = async (world, actor, { series: id, page }) => {
  await ownSeries(world, actor, id)
  const listed = await runRecords.listIndex(world.tables, `runs-of#${id}`, { descending: true, limit: RUNS_A_PAGE, ...(page !== undefined && { page }) })
  const found = await asStored(
    world,
    listed.items.map((run) => run.id),
  )
  // Further pages are of runs that have been there for long.
  const oldest = listed.next === undefined ? '' : (listed.items.at(-1)?.dueAt ?? '')
  const begun = page === undefined ? (await justBegun(world, id, found)).filter(({ dueAt }) => dueAt > oldest) : []
  return { runs: newestFirst([...begun, ...found]).map(shownRun), ...(listed.next !== undefined && { next: listed.next }) }
}

export const series: Feature<typeof contract> = {
  handlers: { list, create, get: (world, actor, { series: id }) => show(world, actor, id), update, remove, pause, resume, runs, ...deeds },
  hearings: [...beginnings, ...heard],
  timers: [...clockTimers, lookingAfter],
}
