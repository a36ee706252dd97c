import type { Stored, Writing } from '#core/records.ts'
import type { Payment } from '#ports/payments.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { orderOf, orderRecords, paymentRecords, type StoredOrder, unpaidRecords } from './records.ts'
import { guardOf, rewrite, settle } from './settle.ts'
import { turning } from './take.ts'

type Verdict = { is: 'whole' | 'part' | 'unchanged' } | { is: 'odd'; because: string }

/** What a payment, as it is told now, means for an order. Nothing leads out of `refunded`: a refund that fails later is for a person. */
export const judgeRefund = (order: StoredOrder, { checkout, payment, paid, refunded }: Payment): Verdict => {
  // A second payment for an order bought nothing, and giving it back takes nothing.
  const isOfThis = order.payment === undefined ? order.session === checkout?.session : order.payment === payment
  const isClosed = order.state === 'paid' || order.state === 'held' || order.state === 'refunded'
  if (!isOfThis || !isClosed) return { is: 'unchanged' }
  if (refunded.currency !== paid.currency) return { is: 'odd', because: `order ${order.id} was paid in ${paid.currency} and refunded in ${refunded.currency}` }
  const isWhole = refunded.amountMinor > 0 && refunded.amountMinor >= paid.amountMinor
  if (order.state === 'refunded') {
    return isWhole ? { is: 'unchanged' } : { is: 'odd', because: `order ${order.id} was refunded, and its money has come back since; access stays ended` }
  }
  if (isWhole) return { is: 'whole' }
  return { is: refunded.amountMinor === (order.refundedMinor ?? 0) ? 'unchanged' : 'part' }
}

const NOTHING: Writing = { changes: [], events: [] }

const writing = async (world: World, before: Stored<StoredOrder>, { refunded }: Payment, isWhole: boolean): Promise<Writing> => {
  const order = before.value
  const refundedMinor = refunded.amountMinor
  if (!isWhole) return { changes: [orderRecords.replace(before, { ...order, refundedMinor })], events: [] }
  const at = world.clock.now().toISOString()
  const { changes, events } = order.state === 'paid' ? await turning(world, order, { kind: 'refunded', at, id: 'refunded' }) : NOTHING
  // A held order stood in the way of another one.
  const guard = await guardOf(world.tables, order)
  const freed = guard ? [unpaidRecords.remove(guard.value, guard)] : []
  return { changes: [orderRecords.replace(before, { ...order, state: 'refunded', refundedMinor, refundedAt: at }), ...freed, ...changes], events }
}

/**
 * Brings an order to where its payment, read anew from the provider, says it must be; `beside` is written in the same commit.
 * Answers what a person has to look at, if anything: nothing is written then.
 */
export const refund = async (world: World, id: string, payment: string, beside: Change[] = []): Promise<string | undefined> => {
  let odd: string | undefined
  await rewrite(world, id, async (before) => {
    // Read after the order, so that no answer is older than what the order was last written from.
    const told = await world.payments.readPayment(payment)
    const verdict: Verdict = told ? judgeRefund(before.value, told) : { is: 'odd', because: `the provider knows no checkout of payment ${payment}` }
    odd = verdict.is === 'odd' ? verdict.because : undefined
    if (!told || verdict.is === 'odd') return { changes: [], events: [] }
    if (verdict.is === 'unchanged') return { changes: beside, events: [] }
    const { changes, events } = await writing(world, before, told, verdict.is === 'whole')
    return { changes: [...changes, ...beside], events }
  })
  return odd
}

/** The order a payment was taken for. When news of it has overtaken the payment's own, the order is settled first. */
export const orderPaidBy = async (world: World, payment: string): Promise<string | undefined> => {
  const known = (await paymentRecords.get(world.tables, { payment }))?.value.order
  if (known !== undefined) return known
  const checkout = (await world.payments.readPayment(payment))?.checkout
  if (!checkout) return undefined
  const order = await orderOf(world.tables, checkout.session, checkout.order)
  if (order !== undefined) await settle(world, order, checkout)
  return order
}
