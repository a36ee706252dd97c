const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
]

/** `3 hours ago`; `this minute` for what is younger than one, or ahead of a clock that is slow. */
export const agoText = (at: string, nowMs: number, locale: string): string => {
  const seconds = Math.max(0, (nowMs - Date.parse(at)) / 1000)
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const [unit, length] = UNITS.find(([, least]) => seconds >= least) ?? ['minute', 60]
  return format.format(-Math.floor(seconds / length) + 0, unit)
}

/** `4 May 2026`, short enough for a list. */
export const shortDay = (at: string, locale: string): string => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(at))

/** `May 2026` of `2026-05`, which is a month of UTC whatever the reader's clock. */
export const monthText = (month: string, locale: string, style: 'long' | 'short' | 'narrow' = 'long'): string => {
  const shape = style === 'long' ? ({ month: 'long', year: 'numeric' } as const) : { month: style }
  return new Intl.DateTimeFormat(locale, { ...shape, timeZone: 'UTC' }).format(new Date(`${month}-01T00:00:00Z`))
}
