/** `3 May 2026`. */
export const dayText = (at: string, locale: string): string => new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(at))

/** `3 May 2026, 09:00`. */
export const momentText = (at: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(at))

const two = (part: number): string => String(part).padStart(2, '0')

/** As a field of date and time holds it: the reader's own clock, to the minute. */
export const fieldText = (at: string): string => {
  const moment = new Date(at)
  return `${dayField(moment)}T${two(moment.getHours())}:${two(moment.getMinutes())}`
}

/** As a field for a day holds it. */
export const dayField = (moment: Date): string => `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`

/** What a field of date and time, or one for a day with a time added, says; undefined while it is empty or half typed. */
export const fromField = (typed: string): string | undefined => {
  const milliseconds = Date.parse(typed)
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString()
}

/** The last second of a day in the reader's own time. */
export const endOfDay = (day: string): string | undefined => (day === '' ? undefined : fromField(`${day}T23:59:59`))
