import { hasRole } from '#contract/roles.ts'
import { eachByItself } from '#core/by-itself.ts'
import { event } from '#core/events.ts'
import type { Timer } from '#core/handlers.ts'
import { HOUR_MS, plus } from '#core/moments.ts'
import type { World } from '#ports/world.ts'
import { makeRun, openPoints, scheduledRunId } from './make.ts'
import { runsOf } from './place.ts'
import { allSeries, openRuns, type StoredSeries, seriesRecords } from './records.ts'
import { lastMoment } from './schedule.ts'

/** Nobody writes for somebody who teaches no more. */
const isTeaching = async ({ identity }: World, teacher: string): Promise<boolean> => {
  const person = await identity.find(teacher)
  return person !== undefined && !person.isDisabled && hasRole(person, 'instructor')
}

/** The newest moment that is due and has not been written for; those before it, while the school was away, are let go. */
const dueOf = ({ status, brief, scheduledUntil }: StoredSeries, now: string): string | undefined => {
  if (status !== 'active') return undefined
  const last = lastMoment(brief.schedule, now)
  return last !== undefined && last > scheduledUntil ? last : undefined
}

const isHeld = async ({ tables }: World, series: string): Promise<boolean> =>
  (await openRuns(tables)).some((run) => run.series === series && run.state === 'held')

const startOne = async (world: World, id: string, now: string): Promise<void> => {
  const series = await seriesRecords.get(world.tables, { id })
  const dueAt = series && dueOf(series.value, now)
  const [point] = series ? openPoints(series.value) : []
  if (!series || dueAt === undefined || point === undefined || !(await isTeaching(world, series.value.teacher))) return
  // One that waits for its budget is enough: the outline, and its teacher's patience, would be used up by lessons that nobody may write.
  if (await isHeld(world, id)) return void (await world.tables.commit([seriesRecords.replace(series, { ...series.value, scheduledUntil: dueAt })]))
  // Whoever is slower finds the moment taken.
  await makeRun(world, series, { id: scheduledRunId(id, dueAt), kind: 'scheduled', point, dueAt, changes: { scheduledUntil: dueAt } })
}

const startDue = async (world: World): Promise<void> => {
  const now = world.clock.now().toISOString()
  // Without somebody to ask and somewhere to propose it would only use up outlines.
  if (!world.settings.chatbot || !world.repository) return
  const due = (await allSeries(world.tables)).filter((series) => dueOf(series, now) !== undefined)
  await eachByItself(due, ({ id }) => startOne(world, id, now), 'series')
}

/** A day, and two hours for somebody to have noticed. */
const SILENT_MS = 26 * HOUR_MS
const SILENT_AGAIN_MS = 24 * HOUR_MS

/** The moment that nothing has come of, if there is one to be told of. */
const silentMoment = async ({ tables }: World, series: StoredSeries, now: string): Promise<string | undefined> => {
  const { id, status, brief, activeSince, silentSince } = series
  if (status !== 'active' || activeSince === undefined) return undefined
  const dueAt = lastMoment(brief.schedule, plus(now, -SILENT_MS))
  if (dueAt === undefined || dueAt <= activeSince) return undefined
  // What is written every hour is not told of every hour.
  if (silentSince !== undefined && dueAt < plus(silentSince, SILENT_AGAIN_MS)) return undefined
  const runs = await runsOf(tables, id)
  return runs.some((run) => run.kind !== 'trial' && run.dueAt >= dueAt && run.lesson.title !== undefined) ? undefined : dueAt
}

const noticeOne = async (world: World, id: string, now: string): Promise<void> => {
  const series = await seriesRecords.get(world.tables, { id })
  const dueAt = series && (await silentMoment(world, series.value, now))
  if (!series || dueAt === undefined) return
  const told = event(world, 'series.silent', { series: id, dueAt })
  await world.tables.commit([seriesRecords.replace(series, { ...series.value, silentSince: dueAt })], [told])
}

const noticeSilence = async (world: World): Promise<void> => {
  const now = world.clock.now().toISOString()
  await eachByItself(await allSeries(world.tables), ({ id }) => noticeOne(world, id, now), 'series')
}

export const clockTimers: readonly Timer[] = [
  { name: 'series.start-due', everySeconds: 60, run: startDue },
  { name: 'series.silent', everySeconds: 3600, run: noticeSilence },
]
