import { Cron } from 'croner'
import type { Schedule } from '#contract/series.ts'

/** Monday first; as cron counts them, Sunday is 0. */
export const DAYS = [1, 2, 3, 4, 5, 6, 0] as const
export const RHYTHMS = ['daily', 'weekdays', 'weekly', 'own'] as const
export type Rhythm = (typeof RHYTHMS)[number]

/** A schedule as people build it: a rhythm and a time of day, or fields of cron of their own. */
export type Plan = { rhythm: Rhythm; time: string; days: number[]; own: string; zone: string }

export const usualPlan = (zone: string): Plan => ({ rhythm: 'weekly', time: '09:00', days: [1], own: '0 9 * * 1', zone })

const clockOf = (time: string): { hour: number; minute: number } | undefined => {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(time) ?? []
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined
  return { hour: Number(hour), minute: Number(minute) }
}

const tidied = (cron: string): string => cron.trim().replace(/\s+/g, ' ')

/** Its five fields; undefined while no time or no day is chosen. */
export const cronOf = ({ rhythm, time, days, own }: Plan): string | undefined => {
  if (rhythm === 'own') return tidied(own) || undefined
  const clock = clockOf(time)
  if (!clock) return undefined
  const at = `${clock.minute} ${clock.hour} * *`
  if (rhythm === 'daily') return `${at} *`
  if (rhythm === 'weekdays') return `${at} 1-5`
  const chosen = DAYS.filter((day) => days.includes(day))
  return chosen.length === 0 ? undefined : `${at} ${chosen.join(',')}`
}

/** Of a field that lists days or spans of them, `1,3` or `1-5`; undefined for any other. */
const daysOf = (field: string): number[] | undefined => {
  const spans = field.split(',').map((part) => /^([0-7])(?:-([0-7]))?$/.exec(part))
  const days: number[] = []
  for (const span of spans) {
    if (!span) return undefined
    const [first, last] = [Number(span[1]), Number(span[2] ?? span[1])]
    if (first > last) return undefined
    // Both 0 and 7 are Sunday.
    for (let day = first; day <= last; day += 1) days.push(day % 7)
  }
  return DAYS.filter((day) => days.includes(day))
}

const isWeekdays = (days: readonly number[]): boolean => days.length === 5 && !days.includes(0) && !days.includes(6)

/** The plan that a schedule says; what no rhythm says stays as its fields. */
export const planOf = ({ cron, zone }: Schedule): Plan => {
  const own: Plan = { ...usualPlan(zone), rhythm: 'own', own: tidied(cron) }
  const [minute = '', hour = '', monthDay, month, weekDay = ''] = own.own.split(' ')
  const clock = /^\d{1,2}$/.test(minute) && /^\d{1,2}$/.test(hour) ? clockOf(`${hour}:${minute.padStart(2, '0')}`) : undefined
  if (!clock || monthDay !== '*' || month !== '*') return own
  const time = `${String(clock.hour).padStart(2, '0')}:${String(clock.minute).padStart(2, '0')}`
  if (weekDay === '*') return { ...own, rhythm: 'daily', time }
  const days = daysOf(weekDay)
  if (!days) return own
  if (days.length === 7) return { ...own, rhythm: 'daily', time }
  return isWeekdays(days) ? { ...own, rhythm: 'weekdays', time } : { ...own, rhythm: 'weekly', time, days }
}

export const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** What the school takes: croner itself knows a sixth field, for seconds, and words such as `@daily`. */
const FIELDS = /^[0-9A-Za-z*,/#-]+( [0-9A-Za-z*,/#-]+){4}$/
const HOUR_MS = 3_600_000
const MOMENTS_TRIED = 4

/** The next moments of it after `from`, as many as there are; undefined where the fields or the zone are none. */
export const momentsOf = ({ cron, zone }: Schedule, count: number, from: Date): Date[] | undefined => {
  if (!FIELDS.test(cron) || !isZone(zone)) return undefined
  try {
    return new Cron(cron, { timezone: zone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true }).nextRuns(count, from)
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined
    throw error
  }
}

/** More than one moment within an hour, as far as the next few tell; the school takes none such. */
export const isTooOften = (schedule: Schedule, from: Date): boolean =>
  (momentsOf(schedule, MOMENTS_TRIED, from) ?? []).some((at, place, all) => place > 0 && at.getTime() - (all[place - 1]?.getTime() ?? 0) < HOUR_MS)

export const CRON_FIELDS = ['minute', 'hour', 'day', 'month', 'weekday'] as const
export type CronField = (typeof CRON_FIELDS)[number]

/** Of five fields, the first that is none by itself; undefined where there are not five, or each would do. */
export const wrongField = (cron: string): CronField | undefined => {
  if (!FIELDS.test(cron)) return undefined
  const alone = (place: number): string =>
    cron
      .split(' ')
      .map((field, at) => (at === place ? field : '*'))
      .join(' ')
  return CRON_FIELDS.find((_, place) => momentsOf({ cron: alone(place), zone: 'UTC' }, 1, new Date(0)) === undefined)
}
