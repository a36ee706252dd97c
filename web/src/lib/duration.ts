import { figure } from './figures.ts'

const unit = (value: number, name: 'hour' | 'minute' | 'second'): string =>
  figure(`${value} ${name}`, value, { style: 'unit', unit: name, unitDisplay: 'short' })

/** For reading: `3 hr 20 min`, `12 min`, `45 sec`. */
export const formatDuration = (seconds: number): string => {
  if (seconds < 60) return unit(Math.round(seconds), 'second')
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return unit(minutes, 'minute')
  const rest = minutes % 60
  const hours = unit(Math.floor(minutes / 60), 'hour')
  return rest === 0 ? hours : `${hours} ${unit(rest, 'minute')}`
}

const LEAST_TOLD_SECONDS = 300

/** So little film is told lesson by lesson; of the whole of a course it says nothing. */
export const tellsMuch = (seconds: number): boolean => seconds >= LEAST_TOLD_SECONDS
