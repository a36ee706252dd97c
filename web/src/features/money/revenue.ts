import { minorDigits } from '#contract/currency.ts'

/** As the school tells it: what came in and went back of one thing in one month and one currency. */
export type RevenueRow = {
  month: string
  of: string
  title: string
  currency: string
  grossMinor: number
  backMinor: number
  bankMinor: number
  taxMinor: number
}

export type Part = { of: string; title: string; grossMinor: number }
export type Month = { month: string; grossMinor: number; backMinor: number; bankMinor: number; taxMinor: number; parts: Part[] }
/** What is drawn: months in order, the things sold by what they brought in all, the most first. */
export type Revenue = { currency: string; months: Month[]; sold: Part[] }

/** More are not told apart by eye: the rest is one. */
export const MOST_SHOWN = 5
export const REST = 'rest'

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/** Currencies there is anything in, those of the most payments' rows first. */
export const currenciesOf = (rows: readonly RevenueRow[]): string[] => {
  const counts = new Map<string, number>()
  for (const { currency } of rows) counts.set(currency, (counts.get(currency) ?? 0) + 1)
  return [...counts].sort(([one, many], [other, more]) => more - many || one.localeCompare(other)).map(([currency]) => currency)
}

/** Of one month, one figure in each currency there is anything of it in; `first` stands first, also as nought. */
export const amountsOf = (
  rows: readonly RevenueRow[],
  { month, key, first }: { month: string | undefined; key: 'grossMinor' | 'backMinor' | 'bankMinor'; first: string },
): { currency: string; amountMinor: number }[] => {
  const amounts = [...new Set([first, ...currenciesOf(rows)])].map((currency) => ({
    currency,
    amountMinor: sum(rows.flatMap((row) => (row.month === month && row.currency === currency ? [row[key]] : []))),
  }))
  return amounts.filter(({ currency, amountMinor }) => currency === first || amountMinor !== 0)
}

/** What is left of a month when refunds and banks have had theirs. */
export const keptOf = ({ grossMinor, backMinor, bankMinor }: Month): number => grossMinor - backMinor - bankMinor

const soldIn = (rows: readonly RevenueRow[]): Part[] => {
  const sold = new Map<string, Part>()
  for (const { of, title, grossMinor } of rows) sold.set(of, { of, title, grossMinor: (sold.get(of)?.grossMinor ?? 0) + grossMinor })
  return [...sold.values()].filter(({ grossMinor }) => grossMinor > 0).sort((one, other) => other.grossMinor - one.grossMinor)
}

/** One currency's rows by month, stacked in one order everywhere. `restTitle` names what is left of many things. */
export const revenueOf = (
  months: readonly string[],
  rows: readonly RevenueRow[],
  { currency, restTitle }: { currency: string; restTitle: string },
): Revenue => {
  const own = rows.filter((row) => row.currency === currency)
  const all = soldIn(own)
  const shown = all.length > MOST_SHOWN ? all.slice(0, MOST_SHOWN - 1) : all
  const rest = all.slice(shown.length)
  const sold = rest.length === 0 ? shown : [...shown, { of: REST, title: restTitle, grossMinor: sum(rest.map(({ grossMinor }) => grossMinor)) }]
  const isOf = (part: Part, of: string): boolean => (part.of === REST ? rest.some((each) => each.of === of) : part.of === of)
  return {
    currency,
    sold,
    months: months.map((month) => {
      const here = own.filter((row) => row.month === month)
      const parts = sold.map((part) => ({ ...part, grossMinor: sum(here.filter(({ of }) => isOf(part, of)).map(({ grossMinor }) => grossMinor)) }))
      const total = (key: 'grossMinor' | 'backMinor' | 'bankMinor' | 'taxMinor'): number => sum(here.map((row) => row[key]))
      return { month, grossMinor: total('grossMinor'), backMinor: total('backMinor'), bankMinor: total('bankMinor'), taxMinor: total('taxMinor'), parts }
    }),
  }
}

/** Round amounts for an axis, nought among them, that reach at least from `least` to `most`: at most five of them. */
export const ticksOf = (least: number, most: number, currency: string): number[] => {
  const unit = 10 ** minorDigits(currency)
  const span = Math.max(most - Math.min(0, least), unit)
  const rough = span / 3
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power)
  const [first, last] = [Math.floor(Math.min(0, least) / step), Math.max(1, Math.ceil(most / step))]
  // `+ 0`: nought, and never its negative.
  return Array.from({ length: last - first + 1 }, (_, place) => (first + place) * step + 0)
}
