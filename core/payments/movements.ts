import type { Checkout, Payment } from '#ports/payments.ts'
import { apportioned, type StoredEntry, shared, UNASSIGNED } from './ledger.ts'
import type { StoredOrder } from './records.ts'

/** What came in at checkout, if anything did. Money of the other mode is none. */
export const chargedAt = (
  order: StoredOrder,
  { session, payment, paid, taxMinor, buyer, isLive }: Checkout,
  { at, isAssigned }: { at: string; isAssigned: boolean },
): StoredEntry | undefined => {
  if (paid.amountMinor === 0 || isLive !== order.isLive) return undefined
  const { id, learner, courses } = order
  const shares = isAssigned ? shared(paid.amountMinor, courses) : [{ ...UNASSIGNED, amountMinor: paid.amountMinor }]
  const { country, taxId } = buyer
  return {
    ...{ id: `${payment ?? session}.charged`, kind: 'charged', order: id, learner, at, amount: paid, shares },
    ...(payment !== undefined && { payment }),
    ...(country !== undefined && { country }),
    ...(taxId !== undefined && { taxId }),
    ...(taxMinor > 0 && { tax: { amountMinor: taxMinor, currency: paid.currency } }),
  }
}

/** Whether something has happened already to money that came in by a payment the charge does not name. */
const isTaken = (entries: readonly StoredEntry[], of: string): boolean =>
  entries.some(
    ({ kind, payment }) =>
      kind !== 'charged' && payment !== undefined && payment !== of && !entries.some((entry) => entry.kind === 'charged' && entry.payment === payment),
  )

/** The entry a payment came in by. A payment that was booked before its name was known is known by its amount, once. */
export const chargeOf = (entries: readonly StoredEntry[], { payment, paid }: Pick<Payment, 'payment' | 'paid'>): StoredEntry | undefined => {
  const charges = entries.filter(({ kind }) => kind === 'charged')
  const isAlike = (entry: StoredEntry): boolean => entry.payment === undefined && entry.amount.amountMinor === paid.amountMinor
  return charges.find((entry) => entry.payment === payment) ?? (isTaken(entries, payment) ? undefined : charges.find(isAlike))
}

/**
 * The charge of an order older than the ledger. It is booked when something happens to its money, as of when it was paid, so
 * that what goes back has come in.
 */
export const chargedBefore = (order: StoredOrder, { payment, paid, checkout }: Payment, { at, isOwn }: { at: string; isOwn: boolean }): StoredEntry => {
  const { id, learner, courses, paidAt = at } = order
  const shares = isOwn && order.state !== 'held' ? shared(paid.amountMinor, courses) : [{ ...UNASSIGNED, amountMinor: paid.amountMinor }]
  const taxMinor = checkout?.taxMinor ?? 0
  const tax = taxMinor > 0 ? { tax: { amountMinor: taxMinor, currency: paid.currency } } : {}
  return { id: `${payment}.charged`, kind: 'charged', order: id, learner, payment, at: isOwn ? paidAt : at, amount: paid, shares, ...tax }
}

const SIGNS = { refunded: 1, 'refund-failed': -1 } as const

const signOf = ({ kind }: StoredEntry): 1 | -1 | 0 => (kind === 'refunded' || kind === 'refund-failed' ? SIGNS[kind] : 0)

/** What has gone back by the ledger, of a payment or of all. */
export const givenBack = (entries: readonly StoredEntry[], payment?: string): number =>
  entries.filter((entry) => payment === undefined || entry.payment === payment).reduce((sum, entry) => sum + signOf(entry) * entry.amount.amountMinor, 0)

/** What has gone back of one row of a charge. */
const backOf = (entries: readonly StoredEntry[], { payment }: Pick<Payment, 'payment'>, row: string): number =>
  entries
    .filter((entry) => entry.payment === payment)
    .reduce((sum, entry) => sum + signOf(entry) * (entry.shares.find(({ of }) => of === row)?.amountMinor ?? 0), 0)

const taxBack = (entries: readonly StoredEntry[], { payment }: Pick<Payment, 'payment'>): number =>
  entries.filter((entry) => entry.payment === payment).reduce((sum, entry) => sum + signOf(entry) * (entry.tax?.amountMinor ?? 0), 0)

/** So much of a charge, shared as `shares` are, with the tax that is in it. */
const partOf = (charge: StoredEntry, payment: string, of: Pick<StoredEntry, 'id' | 'kind' | 'at' | 'shares'> & { amountMinor: number; taxMinor: number }) => {
  const { amountMinor, taxMinor, ...rest } = of
  const { tax: _, amount, ...about } = charge
  const { currency } = amount
  const tax = taxMinor > 0 ? { tax: { amountMinor: taxMinor, currency } } : {}
  return { ...about, ...rest, payment, amount: { amountMinor, currency }, ...tax } satisfies StoredEntry
}

const taxIn = (amountMinor: number, whole: number, taxMinor: number): number =>
  apportioned(amountMinor, [{ amountMinor: taxMinor }, { amountMinor: whole - taxMinor }])[0]?.amountMinor ?? 0

/** The difference between what has gone back and what is booked of it: of what is left of each row, so that a whole refund leaves none. */
const refunding = (entries: readonly StoredEntry[], charge: StoredEntry, { payment, refunded }: Payment, at: string): StoredEntry[] => {
  const booked = givenBack(entries, payment)
  const difference = refunded.amountMinor - booked
  if (difference === 0) return []
  const isBack = difference > 0
  const kind = isBack ? 'refunded' : 'refund-failed'
  const amountMinor = Math.abs(difference)
  const rows = charge.shares.map((share) => {
    const back = backOf(entries, { payment }, share.of)
    return { ...share, amountMinor: isBack ? share.amountMinor - back : back }
  })
  const [whole, tax] = [charge.amount.amountMinor, charge.tax?.amountMinor ?? 0]
  const taxGone = taxBack(entries, { payment })
  const taxMinor = isBack ? taxIn(amountMinor, whole - booked, tax - taxGone) : taxIn(amountMinor, booked, taxGone)
  // Counted over everything that ever was: what has failed and is given back again is another movement.
  const before = entries.filter((entry) => entry.payment === payment && entry.kind === kind).reduce((sum, { amount }) => sum + amount.amountMinor, 0)
  return [
    partOf(charge, payment, { id: `${payment}.${kind}.${before + amountMinor}`, kind, at, shares: apportioned(amountMinor, rows), amountMinor, taxMinor }),
  ]
}

/** The bank takes the money when a dispute is opened, and gives it back when it is won. An inquiry moves none. */
const disputing = (entries: readonly StoredEntry[], charge: StoredEntry, { payment, dispute }: Payment, at: string): StoredEntry[] => {
  if (!dispute || dispute.outcome === 'inquiry') return []
  const isTakenBefore = entries.some(({ id }) => id === `${dispute.id}.disputed`)
  if (dispute.outcome === 'dropped' && !isTakenBefore) return []
  const kinds = dispute.outcome === 'won' || dispute.outcome === 'dropped' ? (['disputed', 'dispute-won'] as const) : (['disputed'] as const)
  const { amountMinor } = dispute.amount
  const taxMinor = taxIn(amountMinor, charge.amount.amountMinor, charge.tax?.amountMinor ?? 0)
  return kinds
    .map((kind) => partOf(charge, payment, { id: `${dispute.id}.${kind}`, kind, at, shares: apportioned(amountMinor, charge.shares), amountMinor, taxMinor }))
    .filter(({ id }) => !entries.some((entry) => entry.id === id))
}

/** What the ledger lacks of what a payment, as it is told now, says. */
export const movements = (entries: readonly StoredEntry[], charge: StoredEntry, told: Payment, at: string): StoredEntry[] => [
  ...(entries.includes(charge) ? [] : [charge]),
  ...refunding(entries, charge, told, at),
  ...disputing(entries, charge, told, at),
]
