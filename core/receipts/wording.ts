import type { Receipt } from '#contract/receipts.ts'
import type { Policy } from '#contract/refunds.ts'
import { membershipRecords, type StoredMembership } from '#core/memberships/records.ts'
import { formatsIn } from '#core/notices/words/formats.ts'
import { entriesOf, type StoredEntry, UNASSIGNED } from '#core/payments/ledger.ts'
import type { StoredOrder } from '#core/payments/records.ts'
import type { World } from '#ports/world.ts'

export type Wording = Pick<Receipt, 'lines' | 'coupon'>

const { day: dayOf } = formatsIn('en')

/** Of an order that is paid once: its seats at their price, and the coupon. */
const ofOrder = ({ title, recipient, unit, coupon }: StoredOrder, { amount, shares }: StoredEntry): Wording => {
  if (shares.some(({ of }) => of === UNASSIGNED.of)) return { lines: [{ title: `${title} (payment on account)`, quantity: 1, amount }] }
  const quantity = recipient.kind === 'team' ? recipient.seats : 1
  const full = { amountMinor: unit.amountMinor * quantity, currency: amount.currency }
  const line = { title: recipient.kind === 'gift' ? `${title} (a gift)` : title, quantity }
  // Of older orders the unit is what was agreed, coupon and all.
  if (full.amountMinor - (coupon?.off.amountMinor ?? 0) !== amount.amountMinor) return { lines: [{ ...line, amount }] }
  return { lines: [{ ...line, amount: full }], ...(coupon && { coupon }) }
}

type Paid = { order: StoredOrder; membership: StoredMembership; entries: readonly StoredEntry[] }

/** Of something recurring: which instalment it is, or which time it pays for. */
const ofMembership = ({ order, membership, entries }: Paid, entry: StoredEntry): Wording => {
  const payments = entries.filter(({ kind, membership: of }) => kind === 'charged' && of === entry.membership).toSorted((a, b) => a.at.localeCompare(b.at))
  const place = payments.findIndex(({ id }) => id === entry.id)
  const { title, kind, count, paidUntil } = membership
  const until = payments[place + 1]?.at ?? paidUntil
  const of = kind === 'instalments' ? `instalment ${place + 1} of ${count ?? payments.length}` : `${dayOf(entry.at)} – ${dayOf(until)}`
  const { amount } = entry
  const { coupon } = order
  const isOff = place === 0 && coupon !== undefined && order.unit.amountMinor - coupon.off.amountMinor === amount.amountMinor
  return { lines: [{ title: `${title}, ${of}`, quantity: 1, amount: isOff ? order.unit : amount }], ...(isOff && { coupon }) }
}

/** What a receipt says was paid, or given back. */
export const wordingOf = async ({ tables }: Pick<World, 'tables'>, order: StoredOrder, entry: StoredEntry): Promise<Wording> => {
  if (entry.kind === 'refunded') return { lines: [{ title: `Given back: ${order.title}`, quantity: 1, amount: entry.amount }] }
  if (entry.kind === 'refund-failed') return { lines: [{ title: `Refund that did not go through: ${order.title}`, quantity: 1, amount: entry.amount }] }
  const id = entry.membership
  const membership = id === undefined ? undefined : (await membershipRecords.get(tables, { learner: entry.learner, id }))?.value
  return membership ? ofMembership({ order, membership, entries: await entriesOf(tables, order.id) }, entry) : ofOrder(order, entry)
}

/** The seller as the policy has them; the school’s name where it says nothing. */
export const sellerOf = ({ seller }: Policy, schoolName: string): Receipt['seller'] => {
  const lines = seller.split('\n').map((line) => line.trim())
  const [name = schoolName, ...rest] = lines.filter((line) => line !== '')
  return { name, lines: rest }
}
