import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import Stripe from 'stripe'
import { type StripeSandboxOptions, startStripeSandbox } from './stripe.ts'

export const SECRET = 'whsec_test'
export const DAY = 24 * 3600

/** Who hears the webhooks: answers as told, and keeps the events whose signature Stripe's own library accepts. */
const anEar = async (t: TestContext, now: () => number) => {
  const heard: Stripe.Event[] = []
  const ear = { status: 200, secrets: [SECRET] }
  let next = (): void => {}
  let requests = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const signature = String(request.headers['stripe-signature'])
    const { webhooks } = new Stripe('sk_test_x')
    const read = (secret: string): Stripe.Event[] => {
      try {
        return [webhooks.constructEvent(Buffer.concat(chunks), signature, secret, 300, undefined, now())]
      } catch {
        return []
      }
    }
    const [event] = ear.secrets.flatMap(read)
    const status = event ? ear.status : 400
    if (event && status === 200) heard.push(event)
    response.writeHead(status).end('noted')
    requests += 1
    next()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return {
    ear,
    heard,
    url: `http://127.0.0.1:${address.port}/`,
    types: () => heard.map(({ type }) => type),
    requests: async (count: number): Promise<void> => {
      while (requests < count)
        await new Promise<void>((resolve) => {
          next = resolve
        })
    },
  }
}

/** A stand-in of its own, and who hears its webhooks. With `now` its clock is the test's. */
export const aStandIn = async (t: TestContext, given: Partial<StripeSandboxOptions> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-stripe-'))
  const ear = await anEar(t, given.now ?? Date.now)
  const options = { folder, webhookUrl: ear.url, webhookSecret: SECRET, publicUrl: 'http://school.test', schoolName: 'Fern & Quill', ...given }
  const more = given.moreWebhooks?.map((each) => ({ ...each, url: ear.url }))
  const open = () => startStripeSandbox({ ...options, ...(more && { moreWebhooks: more }) })
  let box = await open()
  t.after(async () => {
    await box.close()
    await rm(folder, { recursive: true })
  })
  const client = (): Stripe => {
    const { hostname, port } = new URL(box.apiUrl)
    return new Stripe('sk_test_x', { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false })
  }
  const send = (path: string, body: string | URLSearchParams, headers: Record<string, string> = {}) =>
    fetch(`${box.apiUrl}${path}`, { method: 'POST', body, headers, redirect: 'manual' })
  const control = async (path: string, said: object = {}): Promise<Record<string, unknown>> => {
    const answer = await send(`/sandbox/stripe/api/${path}`, JSON.stringify(said))
    const value: Record<string, unknown> = JSON.parse(await answer.text())
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(value)}`)
    return value
  }
  return {
    ...ear,
    client,
    send,
    control,
    boxUrl: (path: string) => `${box.apiUrl}${path}`,
    run: () => box.run(),
    see: async (path: string) => (await fetch(`${box.apiUrl}${path}`)).text(),
    pay: (id: string, paidWith: object = {}) => send(`/sandbox/stripe/api/sessions/${id}/pay`, JSON.stringify(paidWith)),
    faults: (faults: object) => send('/sandbox/stripe/api/faults', JSON.stringify(faults)),
    restart: async () => {
      await box.close()
      box = await open()
    },
  }
}
export type StandIn = Awaited<ReturnType<typeof aStandIn>>

export const PARAMS: Stripe.Checkout.SessionCreateParams = {
  mode: 'payment',
  client_reference_id: 'ord_1',
  customer_email: 'lena@lectern.test',
  line_items: [{ quantity: 1, price_data: { currency: 'eur', unit_amount: 4900, product_data: { name: 'Colour <b>& light</b>' } } }],
  metadata: { order: 'ord_1' },
  success_url: 'http://school.test/orders/ord_1',
  cancel_url: 'http://school.test/courses/colour',
}

type Interval = 'day' | 'week' | 'month' | 'year'
export const priced = (amount: number, interval: Interval = 'month', currency = 'eur') => ({
  ...{ currency, unit_amount: amount, product_data: { name: 'Membership' }, recurring: { interval }, tax_behavior: 'inclusive' as const },
})

export const membership = (amount: number, more: Partial<Stripe.Checkout.SessionCreateParams> = {}, interval: Interval = 'month') => ({
  ...{ mode: 'subscription' as const, client_reference_id: 'ord_2', customer_email: 'lena@lectern.test', success_url: 'http://school.test/orders/ord_2' },
  ...{ line_items: [{ quantity: 1, price_data: priced(amount, interval) }], ...more },
})

export const card = (number: string): URLSearchParams =>
  new URLSearchParams({ email: 'lena@lectern.test', number, expiry: '12 / 40', cvc: '123', name: 'Lena' })

/** A clock the test moves, in seconds since 1970. */
export const aClock = (from: string) => {
  let milliseconds = Date.parse(from)
  return { now: () => milliseconds, seconds: () => milliseconds / 1000, pass: (seconds: number) => (milliseconds += seconds * 1000) }
}

/** Somebody who has subscribed on the page, with what came of it. */
export const aMember = async (standIn: StandIn, amount: number, more: Partial<Stripe.Checkout.SessionCreateParams> = {}, interval: Interval = 'month') => {
  const { client, pay } = standIn
  const session = await client().checkout.sessions.create(membership(amount, more, interval))
  const paid = await pay(session.id)
  if (paid.status !== 200) throw new Error(await paid.text())
  const done = await client().checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
  if (done.subscription === null || typeof done.subscription === 'string') throw new Error('No subscription.')
  const item = done.subscription.items.data[0]
  if (!item) throw new Error('No item.')
  return { session: done, subscription: done.subscription, item, customer: String(done.customer), product: String(item.price.product) }
}

/** Rows of amounts and words, as an invoice tells them. */
export const linesOf = ({ lines }: Stripe.Invoice): number[] => lines.data.map(({ amount }) => amount)
