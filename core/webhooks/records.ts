import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { Delivery, Webhook } from '#contract/webhooks.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'
import type { Event } from '#ports/tables.ts'

/** Secrets are stored as they are: whoever signs has to have them. */
const StoredWebhook = z.object({
  ...Webhook.shape,
  secret: z.string(),
  /** Signs as well until then, so that a receiver can be given the new one in peace. */
  former: z.optional(z.object({ secret: z.string(), until: z.string() })),
})
export type StoredWebhook = z.infer<typeof StoredWebhook>

export const WEBHOOKS = 'webhooks'
export const webhookRecords = records({ schema: StoredWebhook, key: ({ id }: { id: string }) => ({ pk: WEBHOOKS, sk: id }), people: ofNobody })

const StoredDelivery = z.object({
  ...Delivery.shape,
  webhook: z.string(),
  /** What the event says, in ids: names and addresses are looked up when it is sent, and lie in no log. */
  payload: z.record(z.string(), z.json()),
  /** Grows each time it is to be sent anew: attempts of before come too late. */
  round: z.int(),
})
export type StoredDelivery = z.infer<typeof StoredDelivery>

export const deliveriesOf = (webhook: string): string => `webhook-deliveries#${webhook}`
export const deliveryRecords = records({
  schema: StoredDelivery,
  key: ({ webhook, id }: { webhook: string; id: string }) => ({ pk: deliveriesOf(webhook), sk: id }),
  people: { what: 'goes', says: 'What programs of the school’s own were told of you', shows: ({ type, at }) => ({ type, at }) },
})

/** The same for the same event and webhook, and in the order of what happened. */
export const deliveryId = (webhook: string, { id, at }: Pick<Event, 'id' | 'at'>): string => {
  const moment = Date.parse(at).toString(36).padStart(9, '0')
  return `msg_${moment}${createHash('sha256').update(`${webhook}/${id}`).digest('hex').slice(0, 20)}`
}
