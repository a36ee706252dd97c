export type Day = { key: string; date: Date; isOther: boolean }

/** A day as it is told from others, by the reader's own clock: `2026-05-04`. */
export const dayKey = (at: Date): string => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`

const weekInfo = (locale: Intl.Locale): { firstDay?: number } | undefined => {
  // In engines that follow the proposal it is a method, in older ones a property, and in some there is neither.
  const info: unknown = Reflect.get(locale, 'getWeekInfo') ?? Reflect.get(locale, 'weekInfo')
  const found: unknown = typeof info === 'function' ? Reflect.apply(info, locale, []) : info
  return typeof found === 'object' && found !== null ? found : undefined
}

/** The first day of a week where a language is spoken: 0 is Sunday. */
export const firstWeekday = (locale: string): number => (weekInfo(new Intl.Locale(locale))?.firstDay ?? 1) % 7

/** The weeks that a month touches, each of seven days. */
export const weeksOf = (month: Date, firstDay: number): Day[][] => {
  const first = new Date(month.getFullYear(), month.getMonth(), 1)
  const before = (first.getDay() - firstDay + 7) % 7
  const days = new Date(month.getFullYear(), month.getMonth() + 1, 0).getDate()
  return Array.from({ length: Math.ceil((before + days) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (__, day) => {
      // Counted by the calendar, so that days of 23 hours are days.
      const date = new Date(month.getFullYear(), month.getMonth(), 1 - before + week * 7 + day)
      return { key: dayKey(date), date, isOther: date.getMonth() !== month.getMonth() }
    }),
  )
}
