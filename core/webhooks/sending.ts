import { event } from '#core/events.ts'
import { DAY_MS } from '#core/moments.ts'
import type { Stored } from '#core/records.ts'
import type { Event } from '#ports/tables.ts'
import { WEBHOOK_LIMITS, type WebhookAnswer } from '#ports/webhooks.ts'
import type { World } from '#ports/world.ts'
import { deliveryRecords, type StoredDelivery, type StoredWebhook, webhookRecords } from './records.ts'
import { headersOf } from './signing.ts'
import { dataOf } from './telling.ts'

/** Whoever has taken nothing for so long is told nothing any more. Shorter than a delivery is tried. */
const FAILING_MS = 2 * DAY_MS

const GONE = 410

const secretsOf = ({ secret, former }: StoredWebhook, now: Date): string[] =>
  former && Date.parse(former.until) > now.getTime() ? [secret, former.secret] : [secret]

const isTaken = (answer: WebhookAnswer): boolean => 'status' in answer && answer.status >= 200 && answer.status < 300

const inWords = (answer: WebhookAnswer): string => ('status' in answer ? `answered ${answer.status}` : answer.says)

type Attempt = { answer: WebhookAnswer; at: Date; milliseconds: number }

const noted = (delivery: StoredDelivery, { answer, at, milliseconds }: Attempt, { isOn }: StoredWebhook): StoredDelivery => ({
  ...delivery,
  state: isTaken(answer) ? 'delivered' : isOn ? 'waiting' : 'dropped',
  attempts: delivery.attempts + 1,
  last: {
    ...{ at: at.toISOString(), milliseconds },
    ...('status' in answer ? { status: answer.status } : { fault: answer.fault }),
    said: ('status' in answer ? answer.said : answer.says).slice(0, WEBHOOK_LIMITS.saidBytes),
  },
})

/** The webhook after an attempt: it recovers, begins to fail, or is switched off. */
const afterwards = (webhook: StoredWebhook, { answer, at }: Attempt): StoredWebhook => {
  const { failingSince, ...well } = webhook
  if (isTaken(answer)) return well
  if ('status' in answer && answer.status === GONE) return { ...webhook, isOn: false, offBecause: 'gone' }
  if (failingSince === undefined) return { ...webhook, failingSince: at.toISOString() }
  return at.getTime() - Date.parse(failingSince) < FAILING_MS ? webhook : { ...webhook, isOn: false, offBecause: 'failing' }
}

const post = async (world: World, webhook: StoredWebhook, { id, type, at: timestamp, payload }: StoredDelivery): Promise<Attempt> => {
  const body = JSON.stringify({ type, timestamp, data: await dataOf(world, payload) })
  const at = world.clock.now()
  const answer = await world.webhooks.post({ url: webhook.url, headers: headersOf(secretsOf(webhook, at), { id, at, body }), body })
  return { answer, at, milliseconds: Math.max(0, world.clock.now().getTime() - at.getTime()) }
}

/** Two writes: how a webhook does may be written by another delivery at the same time, and the log of this one must not be lost to that. */
const write = async (world: World, delivery: Stored<StoredDelivery>, webhook: Stored<StoredWebhook>, attempt: Attempt): Promise<StoredWebhook> => {
  const next = afterwards(webhook.value, attempt)
  await world.tables.commit([deliveryRecords.replace(delivery, noted(delivery.value, attempt, next))])
  if (JSON.stringify(next) === JSON.stringify(webhook.value)) return next
  const off = next.isOn ? [] : [event(world, 'webhook.switched-off', { webhook: next.id, because: next.offBecause ?? 'failing' })]
  await world.tables.commit([webhookRecords.replace(webhook, next)], off)
  return next
}

/**
 * Sends one delivery. It throws where that was not taken, so that it is tried again as everything else is; where its webhook is off meanwhile, it is
 * dropped.
 */
export const send = async (world: World, { webhook: id, delivery, round }: { webhook: string; delivery: string; round: number }): Promise<void> => {
  const { tables } = world
  const [webhook, stored] = [await webhookRecords.get(tables, { id }), await deliveryRecords.get(tables, { webhook: id, id: delivery })]
  // One that was given up is told here again only where somebody has asked for it.
  if (!webhook || !stored || !['waiting', 'given-up'].includes(stored.value.state) || stored.value.round !== round) return
  if (!webhook.value.isOn) return void (await tables.commit([deliveryRecords.replace(stored, { ...stored.value, state: 'dropped' })]))
  const attempt = await post(world, webhook.value, stored.value)
  const next = await write(world, stored, webhook, attempt)
  if (!isTaken(attempt.answer) && next.isOn) throw new Error(`The webhook ${id} ${inWords(attempt.answer)}`)
}

/** Its log says so, too; nothing is left of a delivery that was forgotten meanwhile. */
export const giveUp = async ({ tables }: World, due: string): Promise<void> => {
  const [webhook = '', id = ''] = due.split('.')
  const stored = await deliveryRecords.get(tables, { webhook, id })
  if (stored?.value.state === 'waiting') await tables.commit([deliveryRecords.replace(stored, { ...stored.value, state: 'given-up' })])
}

/** The letter about a webhook that was switched off. */
export const tellOff = async ({ alerts, tables, settings }: World, { webhook: id, because }: { webhook: string; because: string }, { id: told }: Event) => {
  const webhook = (await webhookRecords.get(tables, { id }))?.value
  if (!webhook) return
  const { origin } = new URL(webhook.url)
  const reason = because === 'gone' ? 'it has answered that it is gone (410)' : 'it has taken nothing for two days'
  await alerts.tell({
    kind: 'webhooks',
    id: told,
    subject: `A webhook was switched off: ${origin}`,
    text:
      `The school does not tell ${origin} what happens any more, for ${reason}. What it was still to be told is dropped.\n\n` +
      `Once it is mended, switch it on again, and have it told again what it needs: ${settings.url}/school/webhooks`,
  })
}
