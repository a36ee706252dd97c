import * as z from 'zod/mini'
import { endpoint, id, Money, nothing, when } from './base.ts'

/**
 * `waiting`: stored, the provider could not be asked yet · `open`: the checkout page is there · `paid` · `expired`: the page
 * ran out, nothing was paid · `held`: what was paid does not match the order, a person is looking at it · `refunded`: all that
 * was paid has been given back.
 */
export const OrderState = z.enum(['waiting', 'open', 'paid', 'expired', 'held', 'refunded'])

export const Order = z.object({
  id: id('ord'),
  course: z.object({ id: z.string(), slug: z.string(), title: z.string() }),
  price: Money,
  state: OrderState,
  /** Where to pay, while `open`. */
  checkoutUrl: z.optional(z.string()),
  createdAt: when,
})
export type Order = z.infer<typeof Order>

export const payments = {
  checkout: endpoint({
    method: 'POST',
    path: '/courses/{course}/checkout',
    access: 'person',
    summary: 'Order a course; an unpaid order of mine for it is taken up again',
    input: z.object({ course: id('crs') }),
    output: Order,
  }),
  order: endpoint({
    method: 'GET',
    path: '/orders/{order}',
    access: 'person',
    summary: 'An order of mine',
    input: z.object({ order: id('ord') }),
    output: Order,
  }),
  retry: endpoint({
    method: 'POST',
    path: '/orders/{order}/checkout',
    access: 'person',
    summary: 'Ask again for the checkout page of an order',
    input: z.object({ order: id('ord') }),
    output: Order,
  }),
  mine: endpoint({
    method: 'GET',
    path: '/orders',
    access: 'person',
    summary: 'My orders, newest first',
    input: nothing,
    output: z.object({ orders: z.array(Order) }),
  }),
}
