/** Millionths of a US dollar, for reading: `$1.20`, `$0.018`. */
export const microUsdText = (microUsd: number, locale: string): string => {
  const dollars = microUsd / 1e6
  // Below ten cents a cent is too coarse to compare rungs by.
  const digits = dollars > 0 && dollars < 0.1 ? 3 : 2
  return new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: digits }).format(dollars)
}

/** `3.5 hr`, `12 min`: of a budget, where seconds would pretend to know. */
export const hoursText = (seconds: number, locale: string): string => {
  const [value, unit] = seconds < 3600 ? [Math.ceil(seconds / 60), 'minute'] : [seconds / 3600, 'hour']
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value)
}

/** A limit as someone typed it: `none` for an empty field, `wrong` for what is no amount. */
export const parseLimit = (typed: string): number | 'none' | 'wrong' => {
  const text = typed.trim().replace(',', '.')
  if (text === '') return 'none'
  return /^\d{1,7}(\.\d{1,2})?$/.test(text) ? Number(text) : 'wrong'
}

/** The share of a limit that is used, 0 … 100; undefined without a limit. */
export const usedPercent = (used: number, limit: number | undefined): number | undefined => {
  if (limit === undefined) return undefined
  return limit <= 0 ? 100 : Math.min(100, (100 * used) / limit)
}
