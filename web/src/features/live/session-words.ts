const MINUTE_MS = 60_000

/** How long there is to go, in its largest two units: `2 days, 3 hr`, `14 min, 5 sec`. */
export const leftText = (milliseconds: number, locale: string): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const parts = [
    { unit: 'day', n: Math.floor(seconds / 86_400) },
    { unit: 'hour', n: Math.floor((seconds % 86_400) / 3600) },
    { unit: 'minute', n: Math.floor((seconds % 3600) / 60) },
    { unit: 'second', n: seconds % 60 },
  ]
  const first = parts.findIndex(({ n }) => n > 0)
  const shown = first === -1 ? parts.slice(-1) : parts.slice(first, first + 2).filter(({ n }, place) => place === 0 || n > 0)
  const words = shown.map(({ unit, n }) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(n))
  return new Intl.ListFormat(locale, { type: 'unit', style: 'narrow' }).format(words)
}

/** `Monday, 4 May 2026, 18:00 – 19:00 CEST`: when it is, by the reader's own clock. */
export const spanText = ({ startsAt, minutes }: { startsAt: string; minutes: number }, locale: string): string => {
  const start = new Date(startsAt)
  const format = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  return format.formatRange(start, new Date(start.getTime() + minutes * MINUTE_MS))
}
