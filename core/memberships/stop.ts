import type { StoredOrder } from '#core/payments/records.ts'
import type { Writing } from '#core/records.ts'
import type { World } from '#ports/world.ts'

/** What a refund, a dispute or a won dispute does to a membership. */
export const stopping = async (_world: World, _order: StoredOrder, _kind: 'refunded' | 'disputed' | 'cleared', _at: string): Promise<Writing> => {
  throw new Error('This is not built yet.')
}
