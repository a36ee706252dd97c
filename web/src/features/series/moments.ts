const dayNumber = (at: Date, zone: string): number => {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric' }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((each) => each.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day')) / 86_400_000
}

const capital = (words: string, locale: string): string => words.charAt(0).toLocaleUpperCase(locale) + words.slice(1)

/** A day as one says it there: `Today`, `Tomorrow`, `Thursday`, `Mon, December 14`. */
const dayWords = (at: Date, { zone, now, locale }: { zone: string; now: Date; locale: string }): string => {
  const ahead = dayNumber(at, zone) - dayNumber(now, zone)
  if (ahead >= 0 && ahead <= 1) return capital(new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(ahead, 'day'), locale)
  if (ahead > 1 && ahead < 7) return capital(new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: 'long' }).format(at), locale)
  const isThisYear = at.getUTCFullYear() === now.getUTCFullYear()
  return new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: 'short', day: 'numeric', month: 'long', ...(!isThisYear && { year: 'numeric' }) }).format(
    at,
  )
}

export type MomentWords = { day: string; time: string; zone: string }

/** A city reads better than a path: `Europe/Berlin` is `Berlin`, `America/Argentina/Buenos_Aires` is `Buenos Aires`. */
export const zoneName = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')

/** A moment as it is told in a time zone. */
export const momentWords = (at: Date, { zone, now, locale }: { zone: string; now: Date; locale: string }): MomentWords => ({
  day: dayWords(at, { zone, now, locale }),
  time: new Intl.DateTimeFormat(locale, { timeZone: zone, hour: 'numeric', minute: '2-digit' }).format(at),
  zone: zoneName(zone),
})

/** How far a zone is from UTC then: `GMT+1`. */
export const offsetText = (zone: string, at: Date): string =>
  new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''

/** Every zone of the browser's database, that of UTC first. */
export const zonesOf = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]

/** Where the browser is. */
export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone
