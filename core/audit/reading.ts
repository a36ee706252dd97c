import type { AuditWanted } from '#contract/audit.ts'
import { monthsUntil } from '#core/money/revenue.ts'
import { all, chunks } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { actRecords, KEPT_MONTHS, monthOf, partOf, type StoredAct } from './records.ts'

const ROWS = 50
/** How many one question looks through before it answers with what it has; the rest is asked for by its token. */
const MOST_LOOKED_THROUGH = 2000
const AT_ONCE = 500

const holds = (text: string, words: string): boolean => text.toLowerCase().includes(words)

const isWanted = ({ from, to, act, person }: AuditWanted, found: StoredAct): boolean => {
  if ((from !== undefined && found.at < from) || (to !== undefined && found.at >= to)) return false
  if (act !== undefined && found.act !== act) return false
  const words = person?.trim().toLowerCase() ?? ''
  if (words === '') return true
  const { by, about, asked, changes } = found
  const said = [...about, by.id, by.name, by.email, ...Object.values(asked), ...changes.flatMap(({ of, before = '', after = '' }) => [of, before, after])]
  return said.some((each) => holds(each, words))
}

/** Where to go on: a month, and the table's own token within it. */
type Place = { month: string; page?: string }
const placeIn = (token: string | undefined): Place | undefined => {
  const [, month, page] = /^(\d{4}-\d{2})(?:\.(.+))?$/s.exec(token ?? '') ?? []
  return month === undefined ? undefined : { month, ...(page !== undefined && { page }) }
}
const tokenOf = ({ month, page }: Place): string => (page === undefined ? month : `${month}.${page}`)

/** The months asked for, newest first, of those that are kept. */
const monthsOf = ({ from, to }: AuditWanted, now: Date): string[] => {
  const kept = monthsUntil(now, KEPT_MONTHS + 1).toReversed()
  return kept.filter((month) => (to === undefined || month <= monthOf(to)) && (from === undefined || month >= monthOf(from)))
}

export const actsPage = async (
  { tables, clock }: World,
  wanted: AuditWanted & { page?: string | undefined },
): Promise<{ acts: StoredAct[]; next?: string }> => {
  const months = monthsOf(wanted, clock.now())
  const acts: StoredAct[] = []
  let place = placeIn(wanted.page) ?? { month: months[0] ?? '' }
  for (let looked = 0; months.includes(place.month); ) {
    const { items, next } = await actRecords.list(tables, partOf(place.month), {
      descending: true,
      limit: ROWS,
      ...(place.page !== undefined && { page: place.page }),
    })
    acts.push(...items.filter((item) => isWanted(wanted, item)))
    looked += items.length
    const month = next === undefined ? months[months.indexOf(place.month) + 1] : place.month
    if (month === undefined) break
    place = { month, ...(next !== undefined && { page: next }) }
    if (acts.length >= ROWS || looked >= MOST_LOOKED_THROUGH) return { acts, next: tokenOf(place) }
  }
  return { acts }
}

/** Takes away what is older than it is kept for: whole months, and some before them in case nobody has looked for long. */
export const sweepActs = async ({ tables, clock }: World): Promise<void> => {
  for (const month of monthsUntil(clock.now(), KEPT_MONTHS + 7).slice(0, 6)) {
    const old = await all((page) => actRecords.list(tables, partOf(month), { limit: AT_ONCE, ...(page !== undefined && { page }) }), 100_000)
    for (const some of chunks(old, 90)) await tables.commit(some.map((act) => actRecords.remove(act)))
  }
}
