import type { StoredOrder } from '#core/payments/records.ts'
import type { Writing } from '#core/records.ts'
import type { Checkout } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'

/** What a paid order of something recurring begins: the membership, its first invoice in the ledger and what tells of it. */
export const beginning = async (_world: World, _order: StoredOrder, _checkout: Checkout, _at: string): Promise<Writing> => {
  throw new Error('This is not built yet.')
}
