import { after } from '#core/moments.ts'
import type { World } from '#ports/world.ts'
import { askAboutEach } from './asking.ts'
import { READ_EVERY_MS } from './checkout.ts'
import { DUE_CHECKOUTS, orderRecords, type StoredUnpaid, unpaidRecords } from './records.ts'
import { settle } from './settle.ts'

const MOST_A_RUN = 500

const readOne = async (world: World, { learner, wanted, order: id }: StoredUnpaid): Promise<void> => {
  const { tables, payments } = world
  const guard = await unpaidRecords.get(tables, { learner, wanted })
  if (guard?.value.order !== id || guard.value.dueAt === undefined) return
  // Put off before it is read: an order that cannot be read must not stand in front of the others for ever.
  const claim = unpaidRecords.replace(guard, { ...guard.value, dueAt: after(world, READ_EVERY_MS) })
  if ((await tables.commit([claim])) === 'conflict') return
  const session = (await orderRecords.get(tables, { id }))?.value.session
  if (session === undefined) return
  await settle(world, id, await payments.readCheckout(session))
}

const due = async ({ tables, clock }: World): Promise<StoredUnpaid[]> => {
  const now = clock.now().toISOString()
  const { items } = await unpaidRecords.listIndex(tables, DUE_CHECKOUTS, { limit: MOST_A_RUN })
  return items.filter(({ dueAt }) => dueAt !== undefined && dueAt <= now)
}

/**
 * Asks the provider about every open checkout page each five minutes, so that access follows payment when no webhook ever
 * comes.
 */
export const reconcile = async (world: World): Promise<void> =>
  askAboutEach(world, { what: 'orders', done: 'reconciled', items: await due(world), ask: (order) => readOne(world, order) })
