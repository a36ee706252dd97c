import { endsOrder, isOwn, isUnbegun, latestOf } from '#core/payments/judge.ts'
import { entriesOf, type StoredEntry } from '#core/payments/ledger.ts'
import { chargeOf, givenBack } from '#core/payments/movements.ts'
import { orderPaidBy } from '#core/payments/paid-by.ts'
import { orderRecords, type StoredOrder } from '#core/payments/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { type Money, type Payment, PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'

/** A payment of an order as the provider tells it now. */
export type Refundable = {
  order: StoredOrder
  payment: string
  left: Money
  /** Giving back all that is left of it ends what the order opened. */
  ends: boolean
}

export const orUnavailable = async <T>(asked: Promise<T>): Promise<T> => {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof PaymentsUnavailable)) throw error
    throw new Refusal('payments-down', 'The payment provider cannot be reached. Nothing has changed: try again in a while.')
  }
}

const newest = (entries: readonly StoredEntry[]): StoredEntry | undefined => entries.toSorted((one, other) => other.at.localeCompare(one.at))[0]

/** Of what began nothing all payments are to go back: the newest of which something is left. */
const unbegunPayment = (entries: readonly StoredEntry[]): string | undefined => {
  const named = entries.filter(({ kind, payment }) => kind === 'charged' && payment !== undefined)
  const left = named.filter(({ payment, amount }) => givenBack(entries, payment) < amount.amountMinor)
  return newest(left.length > 0 ? left : named)?.payment
}

const paymentOf = (order: StoredOrder, entries: readonly StoredEntry[]): string => {
  const recurring = isUnbegun(order) ? unbegunPayment(entries) : latestOf(entries)?.payment
  const payment = order.terms.kind === 'once' ? order.payment : (recurring ?? order.payment)
  if (payment === undefined) throw new Refusal('conflict', 'Nothing has been paid for this order that could be given back.')
  return payment
}

const leftOf = ({ paid, refunded, dispute }: Payment): Money => {
  // Giving it back is what settles an inquiry: the bank has not taken it.
  if (dispute?.outcome === 'open' || dispute?.outcome === 'lost') {
    const words =
      dispute.outcome === 'open' ? 'The bank disputes this payment and has taken the money' : 'This dispute was lost, and the bank has given the money back'
    throw new Refusal('conflict', `${words}: a refund would pay the buyer twice.`, 'disputed')
  }
  return { ...paid, amountMinor: Math.max(0, paid.amountMinor - refunded.amountMinor) }
}

/** The payment that is to be given back: the one named, of something recurring the newest, or else the order’s own. */
export const refundable = async (world: World, { order: id, payment: wanted }: { order: string; payment?: string | undefined }): Promise<Refundable> => {
  const { tables, payments } = world
  const order = (await orderRecords.get(tables, { id }))?.value
  if (!order) throw missing('order')
  const entries = await entriesOf(tables, id)
  const payment = wanted ?? paymentOf(order, entries)
  const told = await orUnavailable(payments.readPayment(payment))
  if (!told || (await orUnavailable(orderPaidBy(world, payment))) !== id) throw missing('payment of this order')
  const charge = chargeOf(entries, told)
  return { order, payment, left: leftOf(told), ends: isOwn(order, told, charge) && endsOrder(order, charge, entries) }
}

export const refuseTooMuch = ({ left }: Refundable, amountMinor: number): void => {
  if (amountMinor <= left.amountMinor) return
  throw new Refusal(
    'bad-input',
    left.amountMinor === 0 ? 'All of this payment has been given back already.' : 'This is more than is left of the payment.',
    'too-much',
  )
}
