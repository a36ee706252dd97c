const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** `1.4 GB`, in the reader's language; thousands, as file managers count. */
export const bytesText = (bytes: number, locale: string): string => {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const unit = UNITS[power] ?? 'byte'
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: power > 2 ? 1 : 0 }).format(bytes / 1000 ** power)
}

/** A time to wait, as coarse as it is uncertain: `40 sec`, `12 min`, `2 hr`. */
export const waitText = (seconds: number, locale: string): string => {
  const [value, unit] =
    seconds < 55
      ? [Math.max(5, Math.ceil(seconds / 5) * 5), 'second']
      : seconds < 3300
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 360) / 10, 'hour']
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
}
