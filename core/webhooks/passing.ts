import { DELIVERIES_KEPT, WEBHOOK_EVENTS } from '#contract/webhooks.ts'
import { event } from '#core/events.ts'
import { all } from '#core/records.ts'
import type { Change, Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { deliveriesOf, deliveryId, deliveryRecords, type StoredDelivery, type StoredWebhook, WEBHOOKS, webhookRecords } from './records.ts'

/** How many are looked at beyond those that are kept: as many go with each new one. */
const TRIMMED_AT_ONCE = 20

export const webhooksIn = ({ tables }: Pick<World, 'tables'>): Promise<StoredWebhook[]> =>
  all((page) => webhookRecords.list(tables, WEBHOOKS, page === undefined ? {} : { page }))

/** That a delivery is to be made now; a round tells one asking from the next. */
export const dueOf = (world: World, { webhook, id, round }: Pick<StoredDelivery, 'webhook' | 'id' | 'round'>): Event =>
  event(world, 'webhook.due', { webhook, delivery: id, round }, `${webhook}.${id}.${round}`)

/** What is beyond those that are kept, and not on its way any more. */
const trimmed = async ({ tables }: World, webhook: string): Promise<Change[]> => {
  const { items } = await deliveryRecords.list(tables, deliveriesOf(webhook), { descending: true, limit: DELIVERIES_KEPT + TRIMMED_AT_ONCE })
  return items
    .slice(DELIVERIES_KEPT - 1)
    .filter(({ state }) => state !== 'waiting')
    .map((each) => deliveryRecords.remove(each))
}

/** Puts one thing on its way to one webhook; the same twice is once. */
export const deliver = async (world: World, webhook: string, { id, at, name, payload }: Event): Promise<StoredDelivery> => {
  const delivery: StoredDelivery = { webhook, id: deliveryId(webhook, { id, at }), type: name, at, payload, state: 'waiting', attempts: 0, round: 1 }
  await world.tables.commit([deliveryRecords.add(delivery), ...(await trimmed(world, webhook))], [dueOf(world, delivery)])
  return delivery
}

/** Puts what happened on its way to each webhook that is on and wants to be told of it. */
export const passOn = async (world: World, happened: Event): Promise<void> => {
  for (const { id, isOn, events } of await webhooksIn(world)) if (isOn && events.some((each) => each === happened.name)) await deliver(world, id, happened)
}

/** `enrolment.started` is passed on by `operations.pass-enrolment-started`. */
export const PASSED = WEBHOOK_EVENTS.map((hears) => ({ name: `operations.pass-${hears.replace('.', '-')}`, hears }))
