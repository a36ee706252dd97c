import { createHmac } from 'node:crypto'
import type { Delivery, Faults, Store, StripeEvent } from './store.ts'

const AT_ONCE = 5
const ANSWER_MS = 10_000
/** Stripe goes on for three days; so do these, an hour apart at the end. */
const DELAYS_SECONDS = [1, 5, 30, 120, 600, 1800, 3600]
const MOST_ATTEMPTS = 78

/** Stripe's scheme: `t`, and `v1` as hex HMAC-SHA256 of `t.body` under the endpoint's secret. */
export const sign = (body: string, secret: string, atSeconds: number): string =>
  `t=${atSeconds},v1=${createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex')}`

export const eventBody = (event: StripeEvent): string => JSON.stringify(event, null, 2)

/** When each of the events made together is to be sent; `undefined` is never. */
const plan = ({ webhooks, times, seconds }: Faults, count: number, now: number): (number | undefined)[][] => {
  const each = Array.from({ length: count }, (_, place) => place)
  if (webhooks === 'drop') return each.map(() => [undefined])
  if (webhooks === 'delay') return each.map(() => [now + seconds * 1000])
  if (webhooks === 'duplicate') return each.map(() => Array.from({ length: times }, () => now))
  // The first made is sent last, and far enough behind to arrive so.
  if (webhooks === 'reorder') return each.map((place) => [now + (count - 1 - place) * 1000])
  return each.map(() => [now])
}

type Options = { store: Store; url: string; secret: string; now: () => number }

type Posted = { status: number | null; answer: string }

/** One try: signed anew, as Stripe does, so that it is never stale. */
const post = async ({ store, url, secret, now }: Options, id: string, closing: AbortSignal): Promise<Posted> => {
  const event = store.event(id)
  if (!event) return { status: null, answer: 'the event is gone' }
  const body = eventBody(event)
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Stripe/1.0 (stand-in)',
    'stripe-signature': sign(body, secret, Math.floor(now() / 1000)),
  }
  const signal = AbortSignal.any([closing, AbortSignal.timeout(ANSWER_MS)])
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    return { status: response.status, answer: (await response.text()).slice(0, 300) }
  } catch (error) {
    return { status: null, answer: error instanceof Error ? error.message : String(error) }
  }
}

/** Sends events until they are answered 2xx. A delivery is a row, so what a restart interrupts is taken up again. */
export const deliveries = (options: Options) => {
  const { store, now } = options
  const underWay = new Map<number, Promise<void>>()
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined

  const send = async (row: Delivery): Promise<void> => {
    const { status, answer } = await post(options, row.event, closing.signal)
    if (closing.signal.aborted) return
    const isDone = status !== null && status >= 200 && status < 300
    const isLast = row.attempts + 1 >= MOST_ATTEMPTS
    const delay = DELAYS_SECONDS[Math.min(row.attempts, DELAYS_SECONDS.length - 1)] ?? 3600
    const state = isDone ? 'delivered' : isLast ? 'failed' : 'waiting'
    store.answered(row.id, { state, due: now() + delay * 1000, status, answer, at: now() })
  }

  const wake = (): void => {
    if (closing.signal.aborted) return
    clearTimeout(timer)
    const due = store.dueDeliveries(now()).filter(({ id }) => !underWay.has(id))
    for (const row of due.slice(0, Math.max(0, AT_ONCE - underWay.size))) {
      const sent = send(row).finally(() => {
        underWay.delete(row.id)
        wake()
      })
      underWay.set(row.id, sent)
    }
    const next = store.nextDue(now())
    if (next !== null) timer = setTimeout(wake, Math.min(60_000, Math.max(20, next - now())))
  }

  return {
    wake,
    /** Lays events aside to be sent, as the fault switch has it; call inside the transaction that makes them. */
    plan(events: readonly StripeEvent[]): void {
      const due = plan(store.faults(), events.length, now())
      events.forEach((event, place) => {
        for (const at of due[place] ?? []) store.addDelivery(event.id, at === undefined ? 'dropped' : 'waiting', at ?? now())
      })
    },
    again(event: string): void {
      store.addDelivery(event, 'waiting', now())
      wake()
    },
    async close(): Promise<void> {
      clearTimeout(timer)
      closing.abort()
      await Promise.all(underWay.values())
    },
  }
}
export type Deliveries = ReturnType<typeof deliveries>
