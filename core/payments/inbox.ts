import { event } from '#core/events.ts'
import type { PaymentNews } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { hookBodyRecords, hookRecords, type StoredHook } from './records.ts'

/** With JSON's worst escaping (six bytes a character) this still fits into an item. */
const RAW_CHARACTERS = 60_000

const given = <T extends object>(about: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  // What is undefined is left out; what is left is what it was.
  Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }

/** The inbox's only deed: one insert, of what happened and of the body that told of it. News that is here already changes nothing, and is told to nobody again. */
export const storeNews = async (
  world: Pick<World, 'tables' | 'clock' | 'ids'>,
  news: PaymentNews,
  raw: string,
  by: 'webhook' | 'list' = 'webhook',
): Promise<'stored' | 'known'> => {
  const { id, type, subject, payment, subscription, invoice, account, apiVersion, isLive, createdAt } = news
  const receivedAt = world.clock.now().toISOString()
  const about = given({ subject, payment, subscription, invoice, account, apiVersion })
  const hook: StoredHook = { id, type, ...about, isLive, createdAt, receivedAt, by, state: 'received' }
  const body = hookBodyRecords.put({ id, receivedAt, raw: raw.slice(0, RAW_CHARACTERS) })
  const outcome = await world.tables.commit([hookRecords.add(hook), body], [event(world, 'hook.received', { hook: id }, `${id}.received`)])
  return outcome === 'done' ? 'stored' : 'known'
}
