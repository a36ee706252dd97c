import { decimalText } from '#contract/currency.ts'
import { MEMBERSHIPS, membershipRecords, type StoredMembership } from '#core/memberships/records.ts'
import type { StoredEntry } from '#core/payments/ledger.ts'
import { ORDERS, orderRecords, type StoredOrder, soldRecords } from '#core/payments/records.ts'
import { numberRecords, RECEIPTS, receiptRecords, type StoredReceipt } from '#core/receipts/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Page } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type Cell, csvText } from './csv.ts'
import { entriesIn, monthsUntil } from './revenue.ts'

type What = 'orders' | 'entries' | 'memberships' | 'receipts'
/** ISO 8601; `to` is not in it. */
type Span = { from: string; to: string }
type Sheet = { head: string[]; rows: Cell[][] }

const MOST_ROWS = 50_000
const MOST_MONTHS = 240
const ROWS_AT_ONCE = 1000

const within = (at: string, { from, to }: Span): boolean => at >= from && at < to

const tooMany = (): Refusal => new Refusal('too-large', `These are more than ${MOST_ROWS} rows: choose a shorter time.`)

/** Newest first from a listing in the order of time, until `from`. */
const gathered = async <T>(next: (page?: string) => Promise<Page<T>>, at: (item: T) => string, span: Span): Promise<T[]> => {
  const found: T[] = []
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const part = await next(page)
    found.push(...part.items.filter((item) => within(at(item), span)))
    if (found.length > MOST_ROWS) throw tooMany()
    const last = part.items.at(-1)
    page = last === undefined || at(last) < span.from ? undefined : part.next
  }
  return found
}

/** Decimal text for people's sheets, and minor units for programs: neither is rounded. */
const amount = (minor: number | undefined, currency: string): Cell[] => (minor === undefined ? [undefined, undefined] : [decimalText(minor, currency), minor])

const termsText = ({ terms }: StoredOrder): string => {
  if (terms.kind === 'instalments') return `${terms.count} instalments`
  return terms.kind === 'membership' ? `membership by the ${terms.every}` : terms.kind
}

const orderRow = (order: StoredOrder): Cell[] => {
  const { id, createdAt, paidAt, state, email, title, recipient, price, refundedMinor, coupon, isTaxed, dispute, payment, heldBecause } = order
  const seats = recipient.kind === 'team' ? recipient.seats : 1
  const money = [price.currency, ...amount(price.amountMinor, price.currency), ...amount(refundedMinor ?? 0, price.currency)]
  return [
    id,
    createdAt,
    paidAt,
    state,
    email,
    title,
    termsText(order),
    recipient.kind,
    seats,
    ...money,
    coupon?.code,
    isTaxed ? 'yes' : 'no',
    dispute?.outcome,
    payment,
    heldBecause,
  ]
}

const ordersSheet = async ({ tables }: World, span: Span): Promise<Sheet> => {
  const sold = await gathered(
    (page) => soldRecords.listIndex(tables, ORDERS, { descending: true, limit: ROWS_AT_ONCE, ...(page !== undefined && { page }) }),
    ({ createdAt }) => createdAt,
    span,
  )
  const rows: Cell[][] = []
  for (const { order: id } of sold) {
    const order = await orderRecords.get(tables, { id })
    if (order) rows.push(orderRow(order.value))
  }
  const money = ['Currency', 'Price', 'Price (minor units)', 'Given back', 'Given back (minor units)']
  return {
    head: [
      'Order',
      'Ordered',
      'Paid',
      'State',
      'E-mail',
      'What',
      'Terms',
      'For',
      'Seats',
      ...money,
      'Coupon',
      'Tax contained',
      'Dispute',
      'Payment',
      'Held because',
    ],
    rows,
  }
}

const isOut = (kind: StoredEntry['kind']): boolean => kind === 'refunded' || kind === 'disputed'

/** What went out is below nought, so that a column adds up. */
const entryRow = ({ id, at, kind, order, payment, amount: moved, tax, shares, country, taxId, membership, invoice }: StoredEntry): Cell[] => {
  const { currency } = moved
  const sign = isOut(kind) ? -1 : 1
  const money = [currency, ...amount(sign * moved.amountMinor, currency), ...amount(tax && sign * tax.amountMinor, currency)]
  return [id, at, kind, order, payment, ...money, shares.map(({ title }) => title).join('; '), country, taxId, membership, invoice]
}

const monthsOf = ({ from, to }: Span): string[] => {
  const [first, last] = [new Date(from), new Date(to)]
  const count = (last.getUTCFullYear() - first.getUTCFullYear()) * 12 + last.getUTCMonth() - first.getUTCMonth() + 1
  if (count > MOST_MONTHS) throw new Refusal('bad-input', 'This is a longer time than anything can have been sold in: choose a shorter one.')
  return monthsUntil(last, Math.max(0, count))
}

const entriesSheet = async (world: World, span: Span): Promise<Sheet> => {
  const rows: Cell[][] = []
  for (const month of monthsOf(span)) {
    rows.push(...(await entriesIn(world, month)).filter(({ at }) => within(at, span)).map(entryRow))
    if (rows.length > MOST_ROWS) throw tooMany()
  }
  const money = ['Currency', 'Amount', 'Amount (minor units)', 'Tax contained', 'Tax contained (minor units)']
  return { head: ['Entry', 'When', 'Kind', 'Order', 'Payment', ...money, 'What', 'Country', 'Tax number', 'Membership', 'Invoice'], rows }
}

const memberRow = ({ id, startedAt, state, email, title, kind, every, price, paidUntil, endsAt, order, paidCount, count }: StoredMembership): Cell[] => [
  ...[
    id,
    startedAt,
    state,
    email,
    title,
    kind,
    every,
    price.currency,
    ...amount(price.amountMinor, price.currency),
    paidUntil,
    endsAt,
    order,
    paidCount,
    count,
  ],
]

const membershipsSheet = async ({ tables }: World, span: Span): Promise<Sheet> => {
  const found = await gathered(
    (page) => membershipRecords.listIndex(tables, MEMBERSHIPS, { descending: true, limit: ROWS_AT_ONCE, ...(page !== undefined && { page }) }),
    ({ startedAt }) => startedAt,
    span,
  )
  const money = ['Currency', 'Price', 'Price (minor units)']
  return {
    head: ['Membership', 'Begun', 'State', 'E-mail', 'What', 'Kind', 'Every', ...money, 'Paid until', 'Ends', 'Order', 'Payments', 'Of'],
    rows: found.map(memberRow),
  }
}

/** What went out is below nought here as well. */
const receiptRow = ({ number, issuedAt, kind, order, of, buyer, total, tax, lines, entry }: StoredReceipt): Cell[] => {
  const { currency } = total
  const sign = kind === 'credit' ? -1 : 1
  const money = [currency, ...amount(sign * total.amountMinor, currency), ...amount(tax && sign * tax.amountMinor, currency)]
  return [number, issuedAt, kind, of, order, buyer.name, buyer.email, buyer.country, buyer.taxId, ...money, lines.map(({ title }) => title).join('; '), entry]
}

const receiptsSheet = async ({ tables }: World, span: Span): Promise<Sheet> => {
  const found = await gathered(
    (page) => numberRecords.listIndex(tables, RECEIPTS, { descending: true, limit: ROWS_AT_ONCE, ...(page !== undefined && { page }) }),
    ({ issuedAt }) => issuedAt,
    span,
  )
  const rows: Cell[][] = []
  for (const { receipt: id } of found) {
    const receipt = await receiptRecords.get(tables, { id })
    if (receipt) rows.push(receiptRow(receipt.value))
  }
  const money = ['Currency', 'Total', 'Total (minor units)', 'Tax contained', 'Tax contained (minor units)']
  return { head: ['Number', 'Issued', 'Kind', 'Of', 'Order', 'Buyer', 'E-mail', 'Country', 'Tax number', ...money, 'What', 'Entry'], rows }
}

const SHEETS = { orders: ordersSheet, entries: entriesSheet, memberships: membershipsSheet, receipts: receiptsSheet }
/** Nothing was sold before. */
const FIRST = '2020-01-01T00:00:00.000Z'

export const table = async (world: World, { what, from = FIRST, to }: { what: What; from?: string | undefined; to?: string | undefined }) => {
  const now = world.clock.now().toISOString()
  // Only what is over can be told: a row of this very moment is in the next table.
  const span = { from: new Date(from).toISOString(), to: to === undefined ? now : new Date(to).toISOString() }
  const { head, rows } = await SHEETS[what](world, span)
  return { fileName: `${what}-${span.from === FIRST ? '' : `${span.from.slice(0, 10)}-`}${span.to.slice(0, 10)}.csv`, csv: csvText(head, rows) }
}
