import { createHmac } from 'node:crypto'
import { sending } from '../sending.ts'
import { dueTimes } from './faults.ts'
import type { Delivery, Store, StripeEvent } from './store.ts'

const ANSWER_MS = 10_000
/** Stripe goes on for three days; so do these, an hour apart at the end. */
const DELAYS_SECONDS = [1, 5, 30, 120, 600, 1800, 3600]
const MOST_ATTEMPTS = 78

/** Where webhooks go. `events`: as in Stripe's dashboard, only these types are sent, or `*` for all. `headers` go with each. */
export type Endpoint = { url: string; secret: string; events?: '*' | readonly string[]; headers?: Record<string, string> }

/** Types that only who asks for all of them is sent: they tell of steps on the way to what the others tell. */
const UNASKED = [
  ...['payment_intent.created', 'payment_intent.payment_failed', 'payment_intent.requires_action', 'charge.succeeded', 'charge.failed', 'customer.created'],
  ...['customer.updated', 'payment_method.attached', 'setup_intent.created', 'setup_intent.succeeded', 'coupon.created', 'coupon.updated', 'product.created'],
  ...['price.created', 'invoice.updated', 'invoice_payment.paid', 'invoiceitem.created', 'charge.refund.updated', 'billing_portal.session.created'],
  ...['customer.discount.created', 'customer.discount.deleted', 'customer.tax_id.created'],
  ...['test_helpers.test_clock.created', 'test_helpers.test_clock.advancing', 'test_helpers.test_clock.ready'],
]

const wants = ({ events }: Endpoint, type: string): boolean => (events === undefined ? !UNASKED.includes(type) : events === '*' || events.includes(type))

/** Stripe's scheme: `t`, and `v1` as hex HMAC-SHA256 of `t.body` under the endpoint's secret. */
export const sign = (body: string, secret: string, atSeconds: number): string =>
  `t=${atSeconds},v1=${createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex')}`

export const eventBody = (event: StripeEvent): string => JSON.stringify(event, null, 2)

type Options = { store: Store; endpoints: readonly Endpoint[]; now: () => number }

type Posted = { status: number | null; answer: string }

/** One try: signed anew, as Stripe does, so that it is never stale. */
const post = async ({ store, endpoints, now }: Options, { event: id, endpoint: place }: Delivery, closing: AbortSignal): Promise<Posted> => {
  const [event, endpoint] = [store.event(id), endpoints[place]]
  if (!event || !endpoint) return { status: null, answer: event ? 'the endpoint is gone' : 'the event is gone' }
  const body = eventBody({ ...event, pending_webhooks: store.undelivered(id) })
  const headers = {
    ...endpoint.headers,
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Stripe/1.0 (stand-in)',
    'stripe-signature': sign(body, endpoint.secret, Math.floor(now() / 1000)),
  }
  const signal = AbortSignal.any([closing, AbortSignal.timeout(ANSWER_MS)])
  try {
    const response = await fetch(endpoint.url, { method: 'POST', headers, body, redirect: 'manual', signal })
    return { status: response.status, answer: (await response.text()).slice(0, 300) }
  } catch (error) {
    return { status: null, answer: error instanceof Error ? error.message : String(error) }
  }
}

/** Sends until it is answered 2xx. */
const trying = (options: Options) => {
  const { store, now } = options
  return sending<Delivery>({
    now,
    due: store.dueDeliveries,
    nextDue: store.nextDue,
    async send(row, closing) {
      const { status, answer } = await post(options, row, closing)
      if (closing.aborted) return
      const isDone = status !== null && status >= 200 && status < 300
      const isLast = row.attempts + 1 >= MOST_ATTEMPTS
      const delay = DELAYS_SECONDS[Math.min(row.attempts, DELAYS_SECONDS.length - 1)] ?? 3600
      const state = isDone ? 'delivered' : isLast ? 'failed' : 'waiting'
      store.answered(row.id, { state, due: now() + delay * 1000, status, answer, at: now() })
    },
  })
}

/** Events on their way to whoever wants to hear of them. */
export const deliveries = (options: Options) => {
  const { store, endpoints, now } = options
  const sender = trying(options)
  return {
    ...sender,
    endpoints,
    /** Lays events aside to be sent, as the fault switch has it; call inside the transaction that makes them. */
    plan(events: readonly StripeEvent[]): void {
      const faults = store.faults()
      for (const [place, endpoint] of endpoints.entries()) {
        const told = events.filter(({ type }) => wants(endpoint, type))
        const wanted = told.map(({ type }) => ({ type, endpoint: place }))
        const dues = dueTimes(faults, wanted, now(), store.tally)
        told.forEach((event, index) => {
          for (const at of dues[index] ?? [])
            store.addDelivery(event.id, { state: at === undefined ? 'dropped' : 'waiting', due: at ?? now(), endpoint: place })
        })
      }
    },
    /** Once more to every endpoint, whatever it asks for. */
    again(event: string): void {
      for (const place of endpoints.keys()) store.addDelivery(event, { state: 'waiting', due: now(), endpoint: place })
      sender.wake()
    },
  }
}
export type Deliveries = ReturnType<typeof deliveries>
