import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '#contract/contract.ts'
import type { Item, Order, Recipient } from '#contract/payments.ts'

type Buyer = { client: ContractRouterClient<Contract> }
type Basket = { item?: Item; currency?: string; coupon?: string; recipient?: Recipient }

/** Orders something as the page does: asks what it costs, and names that. A course's id stands for the course at its own price. */
export const buy = async ({ client }: Buyer, what: string | Item, basket: Omit<Basket, 'item'> = {}): Promise<Order> => {
  const item: Item = typeof what === 'string' ? { kind: 'course', course: what } : what
  const { dueNow } = await client.payments.quote({ item, ...basket })
  return client.payments.checkout({ item, ...basket, shown: dueNow })
}
