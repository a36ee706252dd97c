import type { Entry, SoldOrder } from '#contract/money.ts'

export type Receipt = {
  id: string
  number: string
  kind: 'receipt' | 'credit'
  total: { amountMinor: number; currency: string }
  entry: string
  issuedAt?: string | undefined
}
export type Happening =
  | { kind: 'ordered' | 'held'; at: string }
  | { kind: Entry['kind']; at: string; entry: Entry }
  | { kind: 'paper'; at: string; receipt: Receipt }
  /** Paid, though no money moved: a coupon paid for all of it, or a trial began. */
  | { kind: 'free'; at: string }

/** What has happened to an order, the oldest first. */
export const timelineOf = (
  order: Pick<SoldOrder, 'createdAt' | 'paidAt' | 'state'>,
  entries: readonly Entry[],
  receipts: readonly Receipt[] = [],
): Happening[] => {
  const moved = entries.map((entry): Happening => ({ kind: entry.kind, at: entry.at, entry }))
  const isFree = order.paidAt !== undefined && !entries.some(({ kind }) => kind === 'charged')
  const free: Happening[] = isFree && order.paidAt !== undefined ? [{ kind: 'free', at: order.paidAt }] : []
  // A receipt stands behind the movement it is of, also when both have one moment.
  const papers = receipts.map(
    (receipt): Happening => ({ kind: 'paper', at: receipt.issuedAt ?? entries.find(({ id }) => id === receipt.entry)?.at ?? order.createdAt, receipt }),
  )
  // The provider tells whole seconds: what was paid in the second it was ordered was ordered first all the same.
  const since = [...free, ...moved, ...papers].sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  return [{ kind: 'ordered', at: order.createdAt }, ...since]
}

/** A payment of which something can be given back. */
export type Refundable = { payment: string; at: string; paidMinor: number; leftMinor: number; currency: string }

/** Newest first; what the bank has taken back cannot be given back as well. */
export const refundablesOf = (entries: readonly Entry[]): Refundable[] => {
  const found = new Map<string, Refundable>()
  for (const { kind, payment, at, amount } of entries) {
    if (payment === undefined) continue
    const before = found.get(payment) ?? { payment, at, paidMinor: 0, leftMinor: 0, currency: amount.currency }
    const isIn = kind !== 'refunded' && kind !== 'disputed'
    const leftMinor = before.leftMinor + (isIn ? amount.amountMinor : -amount.amountMinor)
    found.set(payment, { ...before, leftMinor, ...(kind === 'charged' && { at, paidMinor: amount.amountMinor }) })
  }
  return [...found.values()].filter(({ leftMinor }) => leftMinor > 0).sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
}
