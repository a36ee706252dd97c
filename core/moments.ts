import type { World } from '#ports/world.ts'

export const HOUR_MS = 3600_000
export const DAY_MS = 24 * HOUR_MS

/** A moment (ISO 8601) and so many milliseconds. */
export const plus = (at: string, milliseconds: number): string => new Date(Date.parse(at) + milliseconds).toISOString()

/** So many milliseconds from now (ISO 8601). */
export const after = ({ clock }: Pick<World, 'clock'>, milliseconds: number): string => new Date(clock.now().getTime() + milliseconds).toISOString()

export const isBefore = (one: string, other: string): boolean => Date.parse(one) < Date.parse(other)

export const earliest = (moments: readonly (string | undefined)[]): string | undefined =>
  moments
    .filter((moment) => moment !== undefined)
    .reduce<string | undefined>((one, other) => (one !== undefined && isBefore(one, other) ? one : other), undefined)

/** The same day and time so many months later by UTC, or that month's last day where it has no such day: as the provider bills. */
export const monthsAfter = (at: string, months: number): string => {
  const moment = new Date(at)
  const day = moment.getUTCDate()
  moment.setUTCDate(1)
  moment.setUTCMonth(moment.getUTCMonth() + months)
  const last = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0)).getUTCDate()
  moment.setUTCDate(Math.min(day, last))
  return moment.toISOString()
}
