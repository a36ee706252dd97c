import * as z from 'zod/mini'
import { done, endpoint, id, nothing, when } from './base.ts'

/** What the school tells other programs. Adding one is fine; what one says is a promise. */
export const WEBHOOK_EVENTS = [
  ...(['enrolment.started', 'enrolment.ended', 'lesson.completed', 'certificate.issued'] as const),
  ...(['order.paid', 'order.refunded', 'membership.started', 'membership.ended'] as const),
  ...(['course.published', 'course.unpublished'] as const),
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

export const MOST_WEBHOOKS = 20
/** Of each webhook, the newest are kept; and those still on their way. */
export const DELIVERIES_KEPT = 100

const Address = z.string().check(z.trim(), z.maxLength(500))
const Events = z.array(z.enum(WEBHOOK_EVENTS)).check(z.minLength(1), z.maxLength(WEBHOOK_EVENTS.length))

export const Webhook = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  isOn: z.boolean(),
  /** Why it was switched off, where nobody did: nothing was taken for days, or the address said that it is gone. */
  offBecause: z.optional(z.enum(['failing', 'gone'])),
  /** Since when nothing has been taken. */
  failingSince: z.optional(when),
  createdAt: when,
})
export type Webhook = z.infer<typeof Webhook>

export const Delivery = z.object({
  /** `webhook-id` of what is sent: the same however often it is. */
  id: z.string(),
  type: z.string(),
  /** When it happened. */
  at: when,
  /** `dropped`: its webhook was switched off before it was taken. */
  state: z.enum(['waiting', 'delivered', 'given-up', 'dropped']),
  attempts: z.int(),
  last: z.optional(
    z.object({
      at: when,
      milliseconds: z.int(),
      status: z.optional(z.int()),
      fault: z.optional(z.enum(['not-public', 'no-answer'])),
      /** The first bytes of the answer, or why there was none. */
      said: z.string(),
    }),
  ),
})
export type Delivery = z.infer<typeof Delivery>

const webhook = id('whk')
const withSecret = z.object({ webhook: Webhook, secret: z.string() })

export const webhooks = {
  list: endpoint({
    method: 'GET',
    path: '/school/webhooks',
    access: 'admin',
    summary: 'Addresses of other programs that the school tells what happens',
    input: nothing,
    output: z.object({ webhooks: z.array(Webhook) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/school/webhooks',
    access: 'admin',
    summary: 'Tell an address of certain events from now on; the secret it can check them by is told this once',
    input: z.object({ url: Address, events: Events }),
    output: withSecret,
  }),
  change: endpoint({
    method: 'PATCH',
    path: '/school/webhooks/{webhook}',
    access: 'admin',
    summary: 'Change address or events, or switch it off or on',
    input: z.object({ webhook, url: z.optional(Address), events: z.optional(Events), isOn: z.optional(z.boolean()) }),
    output: Webhook,
  }),
  renewSecret: endpoint({
    method: 'POST',
    path: '/school/webhooks/{webhook}/secret',
    access: 'admin',
    summary: 'A new secret; for a day the former one signs as well',
    input: z.object({ webhook }),
    output: withSecret,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/school/webhooks/{webhook}',
    access: 'admin',
    summary: 'Tell it nothing any more, and forget what it was told',
    input: z.object({ webhook }),
    output: done,
  }),
  deliveries: endpoint({
    method: 'GET',
    path: '/school/webhooks/{webhook}/deliveries',
    access: 'admin',
    summary: 'What it was told, newest first',
    input: z.object({ webhook }),
    output: z.object({ deliveries: z.array(Delivery) }),
  }),
  test: endpoint({
    method: 'POST',
    path: '/school/webhooks/{webhook}/test',
    access: 'admin',
    summary: 'Tell it a `webhook.test`, to see whether it is taken',
    input: z.object({ webhook }),
    output: Delivery,
  }),
  replay: endpoint({
    method: 'POST',
    path: '/school/webhooks/{webhook}/deliveries/{delivery}/replay',
    access: 'admin',
    summary: 'Tell it once more, under the same id',
    input: z.object({ webhook, delivery: id('msg') }),
    output: Delivery,
  }),
}
