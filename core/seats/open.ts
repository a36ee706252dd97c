import type { StoredOrder } from '#core/payments/records.ts'
import type { Writing } from '#core/records.ts'
import type { World } from '#ports/world.ts'

/** What a paid gift or team order begins: a link, and seats behind it. */
export const seating = async (_world: World, _order: StoredOrder, _at: string): Promise<Writing> => {
  throw new Error('This is not built yet.')
}

/** What a refund, a dispute or a won dispute does to seats: the link is ended or opened, and a listener goes through those who sit. */
export const unseating = async (_world: World, _order: StoredOrder, _kind: 'refunded' | 'disputed' | 'cleared', _at: string): Promise<Writing> => {
  throw new Error('This is not built yet.')
}
