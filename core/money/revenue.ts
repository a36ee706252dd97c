import { entriesOfMonth, entryRecords, type StoredEntry } from '#core/payments/ledger.ts'
import type { World } from '#ports/world.ts'

export type Row = { month: string; of: string; title: string; currency: string; grossMinor: number; backMinor: number; bankMinor: number; taxMinor: number }

/** As many entries as a page of a listing holds at most. */
const ENTRIES_A_PAGE = 1000

/** The last so many months by UTC, the present one last: `2026-05`. */
export const monthsUntil = (now: Date, count: number): string[] =>
  Array.from({ length: count }, (_, place) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (count - 1 - place), 1)).toISOString().slice(0, 7))

/** Shares an amount as others are shared; the parts add up to it exactly. */
const alike = (amountMinor: number, shares: readonly { amountMinor: number }[]): number[] => {
  const whole = shares.reduce((sum, share) => sum + share.amountMinor, 0)
  let before = 0
  let given = 0
  return shares.map((share) => {
    before += share.amountMinor
    // In whole numbers: the product of two amounts may be more than a float holds.
    const upToHere = whole === 0 ? 0 : Number((BigInt(amountMinor) * BigInt(before)) / BigInt(whole))
    const part = upToHere - given
    given = upToHere
    return part
  })
}

/** Won disputes, and refunds that failed, bring back what an earlier entry took away: less has gone back. */
const SIGNS = {
  charged: { gross: 1, back: 0, bank: 0, tax: 1 },
  refunded: { gross: 0, back: 1, bank: 0, tax: -1 },
  'refund-failed': { gross: 0, back: -1, bank: 0, tax: 1 },
  disputed: { gross: 0, back: 0, bank: 1, tax: -1 },
  'dispute-won': { gross: 0, back: 0, bank: -1, tax: 1 },
} as const

/** Rows of a month by what was sold and currency: amounts of two currencies are never added up. */
export const rowsOf = (month: string, entries: readonly StoredEntry[]): Row[] => {
  const rows = new Map<string, Row>()
  for (const { kind, amount, tax, shares } of entries) {
    const sign = SIGNS[kind]
    const taxes = alike(tax?.amountMinor ?? 0, shares)
    shares.forEach(({ of, title, amountMinor }, place) => {
      const key = `${of}#${amount.currency}`
      const row = rows.get(key) ?? { month, of, title, currency: amount.currency, grossMinor: 0, backMinor: 0, bankMinor: 0, taxMinor: 0 }
      rows.set(key, {
        ...{ ...row, title },
        ...{ grossMinor: row.grossMinor + sign.gross * amountMinor, backMinor: row.backMinor + sign.back * amountMinor },
        bankMinor: row.bankMinor + sign.bank * amountMinor,
        taxMinor: row.taxMinor + sign.tax * (taxes[place] ?? 0),
      })
    })
  }
  return [...rows.values()]
}

/** Every entry of a month, however many there are: as many as there were payments. */
export const entriesIn = async ({ tables }: Pick<World, 'tables'>, month: string): Promise<StoredEntry[]> => {
  const found: StoredEntry[] = []
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const part = await entryRecords.listIndex(tables, entriesOfMonth(month), { limit: ENTRIES_A_PAGE, ...(page !== undefined && { page }) })
    found.push(...part.items)
    page = part.next
  }
  return found
}

export const revenue = async (world: World, count: number): Promise<{ months: string[]; rows: Row[] }> => {
  const months = monthsUntil(world.clock.now(), count)
  const rows: Row[] = []
  for (const month of months) rows.push(...rowsOf(month, await entriesIn(world, month)))
  return { months, rows }
}
