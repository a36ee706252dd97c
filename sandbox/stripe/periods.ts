export type Interval = 'day' | 'week' | 'month' | 'year'
export type Recurring = { interval: Interval; interval_count: number }

export const DAY_SECONDS = 24 * 3600

/** The anchor so many intervals later. A month has the anchor's day, or its last day when it is shorter; so a 29 February returns in leap years. */
export const periodAfter = (anchor: number, { interval, interval_count: count }: Recurring, times: number): number => {
  if (interval === 'day' || interval === 'week') return anchor + times * count * DAY_SECONDS * (interval === 'week' ? 7 : 1)
  const from = new Date(anchor * 1000)
  const months = from.getUTCFullYear() * 12 + from.getUTCMonth() + times * count * (interval === 'year' ? 12 : 1)
  const [year, month] = [Math.floor(months / 12), months % 12]
  const day = Math.min(from.getUTCDate(), new Date(Date.UTC(year, month + 1, 0)).getUTCDate())
  return Math.floor(Date.UTC(year, month, day, from.getUTCHours(), from.getUTCMinutes(), from.getUTCSeconds()) / 1000)
}

/** When the period that begins at `start` ends, counted from the anchor. */
export const endOfPeriod = (anchor: number, recurring: Recurring, start: number): number => {
  let times = 1
  while (periodAfter(anchor, recurring, times) <= start) times += 1
  return periodAfter(anchor, recurring, times)
}
