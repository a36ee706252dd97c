/** Millionths of a US dollar, for reading: `$1.20`, `$0.018`. */
export const microUsdText = (microUsd: number, locale: string): string => {
  const dollars = microUsd / 1e6
  // Below ten cents a cent is too coarse to compare rungs by.
  const digits = dollars > 0 && dollars < 0.1 ? 3 : 2
  return new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: digits }).format(dollars)
}

/** `7 hr 20 min`, `12 min`: of a budget, which counts whole minutes. */
export const minutesText = (minutes: number, locale: string): string => {
  const unit = (value: number, name: 'hour' | 'minute'): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return unit(rest, 'minute')
  return rest === 0 ? unit(hours, 'hour') : `${unit(hours, 'hour')} ${unit(rest, 'minute')}`
}

/** What a limit is typed and shown as, and read back without loss. */
export type Notation = {
  write(limit: number): string
  /** Of a text that is not empty; undefined for what is no amount. */
  read(typed: string): number | undefined
}

/** US dollars to the cent. */
export const cents: Notation = {
  write: (limit) => (limit % 100 === 0 ? String(limit / 100) : (limit / 100).toFixed(2)),
  read(typed) {
    const text = typed.replace(',', '.')
    return /^\d{1,7}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : undefined
  },
}

/** Minutes as hours and minutes: `7:30`; without a colon hours alone, also `7.5`. */
export const hoursMinutes: Notation = {
  write: (limit) => `${Math.floor(limit / 60)}:${String(limit % 60).padStart(2, '0')}`,
  read(typed) {
    const [, hours, minutes] = /^(\d{1,6}):([0-5]?\d)$/.exec(typed) ?? []
    if (hours !== undefined) return Number(hours) * 60 + Number(minutes)
    const text = typed.replace(',', '.')
    return /^\d{1,6}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 60) : undefined
  },
}

/** A limit as someone typed it: `none` for an empty field, `wrong` for what is no amount. */
export const parseLimit = (typed: string, notation: Notation): number | 'none' | 'wrong' => {
  const text = typed.trim()
  return text === '' ? 'none' : (notation.read(text) ?? 'wrong')
}

/** The share of a limit that is used, 0 … 100; undefined without a limit. */
export const usedPercent = (used: number, limit: number | undefined): number | undefined => {
  if (limit === undefined) return undefined
  return limit <= 0 ? 100 : Math.min(100, (100 * used) / limit)
}
