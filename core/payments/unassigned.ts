import { together, type Writing } from '#core/records.ts'
import type { Checkout, Invoice, Subscription } from '#ports/payments.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { booking, entriesOf, type StoredEntry, UNASSIGNED } from './ledger.ts'
import { chargedAt } from './movements.ts'
import { paymentRecords, type StoredOrder } from './records.ts'

const NOTHING: Writing = { changes: [], events: [] }

export const takenBy = (order: string, payment: string | undefined): Change[] => (payment === undefined ? [] : [paymentRecords.put({ payment, order })])

const unassignedAs = ({ id: order, learner }: StoredOrder, { id: invoice, payment, total, taxMinor, paidAt }: Invoice, now: string): StoredEntry => ({
  ...{ id: `${payment ?? invoice}.charged`, kind: 'charged', order, learner, invoice, at: paidAt ?? now, amount: total },
  shares: [{ ...UNASSIGNED, amountMinor: total.amountMinor }],
  ...(payment !== undefined && { payment }),
  ...(taxMinor > 0 && { tax: { amountMinor: taxMinor, currency: total.currency } }),
})

/** What was paid for something recurring that began nothing: each payment by itself, so that each can be given back. */
export const unassignedInvoices = async (world: World, order: StoredOrder, { invoices, isLive }: Subscription): Promise<Writing> => {
  if (isLive !== order.isLive) return NOTHING
  const booked = await entriesOf(world.tables, order.id)
  const isFirstBooked = booked.some(({ kind, payment, invoice }) => kind === 'charged' && payment === undefined && invoice === undefined)
  const now = world.clock.now().toISOString()
  const entries = invoices
    .filter(({ state, total, why }) => state === 'paid' && total.amountMinor > 0 && !(why === 'first' && isFirstBooked))
    .map((invoice) => unassignedAs(order, invoice, now))
    .filter(({ id }) => !booked.some((entry) => entry.id === id))
  return together([booking(world, ...entries), { changes: entries.flatMap(({ payment }) => takenBy(order.id, payment)), events: [] }])
}

/** Money that has bought nothing is in the ledger as well, once. */
export const unassigned = async (world: World, order: StoredOrder, checkout: Checkout): Promise<Writing> => {
  const { subscription, isLive } = checkout
  if (subscription !== undefined && isLive === order.isLive) return unassignedInvoices(world, order, await world.payments.readSubscription(subscription))
  const entry = chargedAt(order, checkout, { at: world.clock.now().toISOString(), isAssigned: false })
  const booked = entry && (await entriesOf(world.tables, order.id))
  return entry === undefined || booked?.some(({ id }) => id === entry.id) ? NOTHING : booking(world, entry)
}
