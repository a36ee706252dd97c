import type { payments as contract, Order } from '#contract/payments.ts'
import { hearing } from '#core/events.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { all, type Stored } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { checkout, retry, watched } from './checkout.ts'
import { forgetBodies } from './forget.ts'
import { readNews } from './news.ts'
import { PROCESSING, processHook } from './process.ts'
import { quote } from './quote.ts'
import { reconcile } from './reconcile.ts'
import { orderRecords, type StoredOrder } from './records.ts'
import { sweepRefunds } from './sweep.ts'
import { openWaiting } from './waiting.ts'

/** What the disputes of an order have done to access; a refund that came before or after has ended it by itself. */
const disputeOf = ({ state, disputes = [] }: StoredOrder): Order['dispute'] => {
  const taking = state === 'paid' ? disputes.filter(({ takes }) => takes) : []
  if (taking.length === 0) return undefined
  return taking.some(({ outcome }) => outcome === 'lost') ? 'lost' : 'waits'
}

/** An order as its learner may see it. */
const told = (order: StoredOrder): Order => {
  const { id, item, title, courses, terms, recipient, price, coupon, state, checkoutUrl, createdAt, paidAt, refundedMinor, membership } = order
  const dispute = disputeOf(order)
  return {
    ...{ id, item, title, courses, terms, recipient, price, state, createdAt },
    ...(coupon && { coupon }),
    ...(paidAt !== undefined && { paidAt }),
    ...(refundedMinor !== undefined && { refundedMinor }),
    ...(membership !== undefined && { membership }),
    ...(dispute && { dispute }),
    ...(state === 'open' && checkoutUrl !== undefined && { checkoutUrl }),
  }
}

const mine = async ({ tables }: World, actor: Actor, id: string): Promise<Stored<StoredOrder>> => {
  const order = await orderRecords.get(tables, { id })
  if (order?.value.learner !== actor.id) throw missing('order')
  return order
}

export const payments: Feature<typeof contract> = {
  handlers: {
    quote: (world, actor, basket) => quote(world, { ...basket, learner: actor?.id }),
    checkout: async (world, actor, wanted) => told(await checkout(world, actor, wanted)),
    order: async (world, actor, { order }) => told(await watched(world, await mine(world, actor, order))),
    retry: async (world, actor, { order }) => told(await retry(world, actor, await mine(world, actor, order))),
    mine: async ({ tables }, { id }) => {
      const orders = await all((page) => orderRecords.listIndex(tables, `orders-of#${id}`, { descending: true, ...(page !== undefined && { page }) }))
      return { orders: orders.map(told) }
    },
  },
  hearings: [
    // Mostly waiting for the provider, which is asked ten things at once: two of them are left to whoever is at checkout.
    { ...hearing(PROCESSING, 'hook.received', (world, { hook }) => processHook(world, hook)), atOnce: 8 },
    hearing('payments.alert', 'order.held', async ({ alerts, tables }, { order, reason }, { id }) => {
      const isRecurring = (await orderRecords.get(tables, { id: order }))?.value.terms.kind !== 'once'
      const ended = isRecurring ? ' The provider is told to end it, so that nothing more is charged.' : ''
      await alerts.tell({
        kind: 'payments',
        id,
        subject: `Order ${order} is held`,
        text:
          `Order ${order} has been paid for and cannot be granted: ${reason}. ` +
          `Nothing was granted.${ended} Look at the payment with the provider, then refund it or enrol the learner.`,
      })
    }),
    hearing('payments.alert-twice', 'order.paid-twice', ({ alerts }, { order, session }, { id }) =>
      alerts.tell({
        kind: 'payments',
        id,
        subject: `Order ${order} has been paid twice`,
        text: `Order ${order} was settled already when a second payment for it came in by session ${session}. It bought nothing: refund it with the provider.`,
      }),
    ),
  ],
  timers: [
    { name: 'payments.reconcile', everySeconds: 60, run: reconcile },
    { name: 'payments.read-news', everySeconds: 300, run: readNews },
    { name: 'payments.open-waiting', everySeconds: 60, run: openWaiting },
    { name: 'payments.sweep-refunds', everySeconds: 3600, run: sweepRefunds },
    { name: 'payments.forget-bodies', everySeconds: 3600, run: forgetBodies },
  ],
}
