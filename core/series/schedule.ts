import { Cron } from 'croner'
import type { Schedule } from '#contract/series.ts'
import { HOUR_MS } from '#core/moments.ts'
import { Refusal } from '#core/refusal.ts'

/** Numbers, names, lists, ranges, steps, `L` and `#`. No `?`, which croner takes for the moment at which it is asked. */
const FIELDS = /^[0-9A-Za-z*,/#-]+( [0-9A-Za-z*,/#-]+){4}$/
/** Names of the IANA database; an offset such as `+02:00` knows no summer time. */
const ZONE = /^[A-Za-z]/

/** More than one minute of an hour would be seen within so many moments. */
const MOMENTS_TRIED = 4

/**
 * Times of day are the zone's own, as people there read them off a clock: one that a clock skips in spring is the first after the gap, one
 * that it shows twice in autumn counts once. Only what is due every hour goes by hours that pass.
 */
const cronOf = ({ cron, zone }: Schedule): Cron => new Cron(cron, { timezone: zone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true })

/** The first moment of a schedule after another; undefined where it has none in all the years to come. */
export const nextMoment = (schedule: Schedule, after: string): string | undefined => cronOf(schedule).nextRun(new Date(after))?.toISOString()

/** The last moment of a schedule that has come by then. */
export const lastMoment = (schedule: Schedule, by: string): string | undefined => {
  // Seconds are what croner counts in, and it answers what lies before.
  const [last] = cronOf(schedule).previousRuns(1, new Date(Math.floor(Date.parse(by) / 1000) * 1000 + 1000))
  return last?.toISOString()
}

const isZone = (zone: string): boolean => {
  try {
    return ZONE.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const momentsOf = (schedule: Schedule, after: string): Date[] => {
  try {
    return cronOf(schedule).nextRuns(MOMENTS_TRIED, new Date(after))
  } catch (error) {
    throw new Refusal('bad-input', `This is no schedule of cron: ${error instanceof Error ? error.message : schedule.cron}`, 'schedule')
  }
}

/** Refuses a schedule that names no time, or comes more often than every hour. */
export const checkSchedule = (schedule: Schedule, now: string): void => {
  if (!isZone(schedule.zone)) throw new Refusal('bad-input', `There is no time zone called ${schedule.zone}.`, 'zone')
  if (!FIELDS.test(schedule.cron)) throw new Refusal('bad-input', 'A schedule is five fields of cron: minute, hour, day, month, day of the week.', 'schedule')
  const moments = momentsOf(schedule, now)
  if (moments.length === 0) throw new Refusal('bad-input', 'This schedule never comes.', 'schedule')
  const isTooOften = moments.some((moment, index) => index > 0 && moment.getTime() - (moments[index - 1]?.getTime() ?? 0) < HOUR_MS)
  if (isTooOften) throw new Refusal('bad-input', 'A series is written once an hour at most.', 'too-often')
}
