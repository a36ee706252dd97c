import { membershipNamed } from '#core/memberships/records.ts'
import { bringUpToDate } from '#core/memberships/standing.ts'
import type { Payment } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { entriesOf } from './ledger.ts'
import { chargeOf } from './movements.ts'
import { orderOf, orderRecords, paymentRecords } from './records.ts'
import { settle } from './settle.ts'

/** The order something recurring was begun by; before it was begun, the one the provider names. */
const orderOfSubscription = async ({ tables, payments }: World, subscription: string): Promise<string | undefined> => {
  const membership = await membershipNamed(tables, subscription)
  if (membership) return membership.value.order
  const named = (await payments.readSubscription(subscription)).order
  return named !== undefined && (await orderRecords.get(tables, { id: named })) ? named : undefined
}

/** News of an invoice’s payment may overtake what it pays for: its order is settled, and its invoice booked, first. */
const orderOfRecurring = async (world: World, subscription: string, told: Payment): Promise<string | undefined> => {
  const id = await orderOfSubscription(world, subscription)
  const order = id === undefined ? undefined : (await orderRecords.get(world.tables, { id }))?.value
  if (!order) return undefined
  const isSettled = order.state === 'paid' || order.state === 'held' || order.state === 'refunded'
  if (!isSettled && order.session !== undefined) await settle(world, order.id, await world.payments.readCheckout(order.session))
  if (!chargeOf(await entriesOf(world.tables, order.id), told)) await bringUpToDate(world, subscription)
  return order.id
}

/** The order a payment was taken for. When news of it has overtaken the payment's own, the order is settled first. */
export const orderPaidBy = async (world: World, payment: string): Promise<string | undefined> => {
  const known = (await paymentRecords.get(world.tables, { payment }))?.value.order
  if (known !== undefined) return known
  const told = await world.payments.readPayment(payment)
  if (told?.subscription !== undefined) return orderOfRecurring(world, told.subscription, told)
  const checkout = told?.checkout
  if (!checkout) return undefined
  const order = await orderOf(world.tables, checkout.session, checkout.order)
  if (order !== undefined) await settle(world, order, checkout)
  return order
}
