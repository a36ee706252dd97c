import { type webhooks as contract, DELIVERIES_KEPT, type Delivery, MOST_WEBHOOKS, type Webhook } from '#contract/webhooks.ts'
import type { Feature, Handlers } from '#core/handlers.ts'
import { after, DAY_MS } from '#core/moments.ts'
import { all, chunks, type Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { TABLE_LIMITS } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { deliver, dueOf, webhooksIn } from './passing.ts'
import { deliveriesOf, deliveryRecords, type StoredDelivery, type StoredWebhook, webhookRecords } from './records.ts'
import { secretOf } from './signing.ts'

type Handler<V extends keyof typeof contract> = Handlers<typeof contract>[V]

const shown = ({ secret: _secret, former: _former, ...webhook }: StoredWebhook): Webhook => webhook

const shownDelivery = ({ webhook: _webhook, payload: _payload, round: _round, ...delivery }: StoredDelivery): Delivery => delivery

const webhookOf = async ({ tables }: World, id: string): Promise<Stored<StoredWebhook>> => {
  const stored = await webhookRecords.get(tables, { id })
  if (!stored) throw missing('webhook')
  return stored
}

const checked = ({ webhooks }: World, url: string): string => {
  if (!webhooks.allows(url)) throw new Refusal('bad-input', 'An address on the public internet, such as https://example.org/hooks, with no password in it.')
  return url
}

const put = async ({ tables }: World, before: Stored<StoredWebhook>, next: StoredWebhook): Promise<StoredWebhook> => {
  if ((await tables.commit([webhookRecords.replace(before, next)])) === 'conflict')
    throw new Refusal('conflict', 'It has been changed meanwhile: look at it again.')
  return next
}

const create: Handler<'create'> = async (world, _actor, { url, events }) => {
  const { tables, ids, clock } = world
  if ((await webhooksIn(world)).length >= MOST_WEBHOOKS) throw new Refusal('too-many', `There are ${MOST_WEBHOOKS} webhooks: remove one first.`)
  const secret = secretOf(ids.secret(32))
  const webhook: StoredWebhook = { id: ids.make('whk'), url: checked(world, url), events, isOn: true, createdAt: clock.now().toISOString(), secret }
  await tables.commit([webhookRecords.add(webhook)])
  return { webhook: shown(webhook), secret }
}

/** Whoever switches it on, or leads it elsewhere, begins anew with it. */
const change: Handler<'change'> = async (world, _actor, { webhook: id, url, events, isOn }) => {
  const before = await webhookOf(world, id)
  const { offBecause, failingSince, ...well } = before.value
  const isAnew = isOn === true || url !== undefined
  const kept = isAnew ? {} : { ...(offBecause !== undefined && { offBecause }), ...(failingSince !== undefined && { failingSince }) }
  const next = {
    ...{ ...well, ...kept },
    ...(url !== undefined && { url: checked(world, url) }),
    ...(events !== undefined && { events }),
    ...(isOn !== undefined && { isOn }),
  }
  return shown(await put(world, before, next))
}

const renewSecret: Handler<'renewSecret'> = async (world, _actor, { webhook: id }) => {
  const before = await webhookOf(world, id)
  const secret = secretOf(world.ids.secret(32))
  const next = await put(world, before, { ...before.value, secret, former: { secret: before.value.secret, until: after(world, DAY_MS) } })
  return { webhook: shown(next), secret }
}

const remove: Handler<'remove'> = async (world, _actor, { webhook: id }) => {
  const { tables } = world
  const { value } = await webhookOf(world, id)
  const told = await all((page) => deliveryRecords.list(tables, deliveriesOf(id), page === undefined ? {} : { page }))
  await tables.commit([webhookRecords.remove(value)])
  for (const some of chunks(told, TABLE_LIMITS.commitEntries)) await tables.commit(some.map((each) => deliveryRecords.remove(each)))
  return { done: true }
}

const deliveries: Handler<'deliveries'> = async (world, _actor, { webhook: id }) => {
  await webhookOf(world, id)
  const { items } = await deliveryRecords.list(world.tables, deliveriesOf(id), { descending: true, limit: DELIVERIES_KEPT })
  return { deliveries: items.map(shownDelivery) }
}

const isOnOrRefused = ({ value }: Stored<StoredWebhook>): void => {
  if (!value.isOn) throw new Refusal('conflict', 'It is switched off: switch it on first.')
}

const test: Handler<'test'> = async (world, _actor, { webhook: id }) => {
  isOnOrRefused(await webhookOf(world, id))
  const happened = { id: world.ids.make('evt'), name: 'webhook.test', at: world.clock.now().toISOString(), payload: { school: world.settings.schoolName } }
  return shownDelivery(await deliver(world, id, happened))
}

const replay: Handler<'replay'> = async (world, _actor, { webhook: id, delivery }) => {
  isOnOrRefused(await webhookOf(world, id))
  const stored = await deliveryRecords.get(world.tables, { webhook: id, id: delivery })
  if (!stored) throw missing('delivery')
  const next: StoredDelivery = { ...stored.value, state: 'waiting', attempts: 0, round: stored.value.round + 1 }
  if ((await world.tables.commit([deliveryRecords.replace(stored, next)], [dueOf(world, next)])) === 'conflict')
    throw new Refusal('conflict', 'It is being told just now: look again.')
  return shownDelivery(next)
}

export const webhooks: Feature<typeof contract> = {
  handlers: {
    list: async (world) => ({ webhooks: (await webhooksIn(world)).map(shown) }),
    create,
    change,
    renewSecret,
    remove,
    deliveries,
    test,
    replay,
  },
  hearings: [],
  timers: [],
}
