const STEPS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
] as const

const A_WEEK_SECONDS = 7 * 86_400

/** `5 min ago`, `yesterday`; after a week the day itself. */
export const ago = (at: string, now: Date, language: string): string => {
  const seconds = (now.getTime() - Date.parse(at)) / 1000
  if (seconds >= A_WEEK_SECONDS) return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(at))
  const step = STEPS.find((each) => seconds >= each.seconds)
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  // A clock that is slow by a little makes no future of the past.
  return step ? format.format(-Math.floor(seconds / step.seconds), step.unit) : format.format(0, 'second')
}
