import { createHmac, randomUUID } from 'node:crypto'
import { sending } from '../sending.ts'
import { dueTimes } from './faults.ts'
import type { Delivery, Store } from './store.ts'

const ANSWER_MS = 10_000

export type Webhook = { event: string; action?: string; payload: Record<string, unknown> }

/** GitHub's scheme: `sha256=` and the HMAC of the raw body. */
export const sign = (body: string, secret: string): string => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

type Options = { store: Store; url: string; secret: string; headers: Record<string, string> | undefined; now: () => number }

const post = async ({ store, url, secret, headers }: Options, { guid, event, body }: Delivery, closing: AbortSignal) => {
  const key = store.faults().webhooks === 'bad-signature' ? `not ${secret}` : secret
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        ...{ 'content-type': 'application/json', 'user-agent': 'GitHub-Hookshot/stand-in', accept: '*/*' },
        ...{ 'x-github-event': event, 'x-github-delivery': guid, 'x-github-hook-id': '1', 'x-github-hook-installation-target-type': 'repository' },
        'x-hub-signature-256': sign(body, key),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(ANSWER_MS)]),
    })
    return { status: response.status, answer: (await response.text()).slice(0, 300) }
  } catch (error) {
    return { status: null, answer: error instanceof Error ? error.message : String(error) }
  }
}

/** Webhooks on their way. Each is sent once, as GitHub does: what fails is left to whoever presses “send again”. */
export const hooks = (options: Options) => {
  const { store, url, now } = options
  const sender = sending<Delivery>({
    now,
    due: (at) => (url === '' ? [] : store.dueDeliveries(at)),
    nextDue: (at) => (url === '' ? null : store.nextDue(at)),
    async send(row, closing) {
      const { status, answer } = await post(options, row, closing)
      if (closing.aborted) return
      store.answered(row.id, { state: status !== null && status >= 200 && status < 300 ? 'delivered' : 'failed', at: now(), status, answer })
    },
  })

  return {
    ...sender,
    /** Call inside the transaction that makes them, and `wake` after it. */
    plan(webhooks: readonly Webhook[]): void {
      const dues = dueTimes(store.faults(), webhooks.length, { now: now(), tally: () => store.tally('reorder') })
      webhooks.forEach(({ event, action, payload }, place) => {
        const one = { guid: randomUUID(), event, action: action ?? null, body: JSON.stringify(payload) }
        const times = dues[place] ?? []
        if (times.length === 0 || url === '') store.addDelivery({ ...one, state: 'kept', due: now() })
        else for (const due of times) store.addDelivery({ ...one, state: 'waiting', due })
      })
    },
    /** The same delivery under the same id, as “Redeliver” does. */
    again({ guid, event, action, body }: Delivery): void {
      store.addDelivery({ guid, event, action, body, state: 'waiting', due: now() })
      sender.wake()
    },
  }
}
export type Hooks = ReturnType<typeof hooks>
