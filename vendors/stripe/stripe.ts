import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import Stripe from 'stripe'
import * as z from 'zod/mini'
import type { Clock } from '#ports/clock.ts'
import type { Checkout, CheckoutRequest, Money, Payment, PaymentNews, Payments, RefundedPayments } from '#ports/payments.ts'
import { fromStripe, isChargeable, toStripe } from './currency.ts'
import { type GuardLimits, guard } from './guard.ts'

/** How old a signed webhook may be. */
const TOLERANCE_SECONDS = 300

const LIMITS: GuardLimits & { connectMs: number } = { connectMs: 3000, totalMs: 10_000, atOnce: 10, failures: 5, probeEveryMs: 30_000 }

export type StripeOptions = {
  secretKey: string
  /** Every one verifies: two while a secret is being changed. */
  webhookSecrets: string[]
  /** Where Stripe's API is, when it is not Stripe's. */
  apiUrl?: string
  clock: Clock
  limits?: Partial<typeof LIMITS>
}

/** Connections that are given up when they are not made, TLS and all, within `connectMs`; Node has no such setting. */
const agent = (isSecure: boolean, { connectMs, atOnce }: typeof LIMITS): HttpAgent => {
  const made = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: atOnce })
  const connect = made.createConnection.bind(made)
  made.createConnection = (options, done) => {
    const socket = connect(options, done)
    if (!socket) return socket
    const timer = setTimeout(() => socket.destroy(new Error(`No connection within ${connectMs} ms.`)), connectMs)
    for (const end of [isSecure ? 'secureConnect' : 'connect', 'close']) socket.once(end, () => clearTimeout(timer))
    return socket
  }
  return made
}

const client = ({ secretKey, apiUrl }: StripeOptions, limits: typeof LIMITS): Stripe => {
  const { protocol, hostname, port } = new URL(apiUrl ?? 'https://api.stripe.com')
  const isSecure = protocol === 'https:'
  return new Stripe(secretKey, {
    host: hostname,
    port: port || (isSecure ? 443 : 80),
    protocol: isSecure ? 'https' : 'http',
    httpAgent: agent(isSecure, limits),
    timeout: limits.totalMs * 0.8,
    maxNetworkRetries: 1,
    telemetry: false,
    appInfo: { name: 'Lectern' },
  })
}

/** Network, timeouts, answers that are no JSON, 5xx, 429, and 409: the same idempotency key is being worked on. */
const isUnavailable = (error: unknown): boolean => {
  if (!(error instanceof Stripe.errors.StripeError)) return false
  const status = error.statusCode
  if (error instanceof Stripe.errors.StripeConnectionError) return true
  if (status === undefined) return error instanceof Stripe.errors.StripeAPIError
  return status >= 500 || status === 429 || status === 409
}

const toStatus = (status: string | null): Checkout['status'] => {
  if (status === 'complete') return 'complete'
  return status === 'expired' ? 'expired' : 'open'
}

/** Of what Stripe tells whole, or by its id only. */
const idOf = (one: string | { id: string } | null | undefined): string | undefined => (typeof one === 'string' ? one : one?.id)

const toCheckout = (session: Stripe.Checkout.Session): Checkout => {
  const { id, client_reference_id: order, url, status, payment_status: paid, amount_total: total, currency, livemode, payment_intent: payment } = session
  const { customer, subscription, customer_details: buyer, total_details: details } = session
  return {
    session: id,
    order: order ?? undefined,
    url: url ?? undefined,
    status: toStatus(status),
    // `no_payment_required` (a coupon for all of it) is complete too; its amount then differs from the order's, which is for the school to see.
    isPaid: status === 'complete' && paid !== 'unpaid',
    paid: fromStripe(total ?? 0, currency ?? ''),
    isLive: livemode,
    payment: idOf(payment),
    taxMinor: fromStripe(details?.amount_tax ?? 0, currency ?? '').amountMinor,
    customer: idOf(customer),
    subscription: idOf(subscription),
    buyer: { name: buyer?.name ?? undefined, country: buyer?.address?.country ?? undefined, taxId: buyer?.tax_ids?.[0]?.value ?? undefined },
  }
}

const chargeOf = ({ payment_intent: payment }: Stripe.Checkout.Session): Stripe.Charge | undefined => {
  const charge = typeof payment === 'object' ? payment?.latest_charge : undefined
  return typeof charge === 'object' && charge !== null ? charge : undefined
}

/** A payment of one sale succeeds once: its latest charge is the one that was paid. */
const refundedOf = (session: Stripe.Checkout.Session): Money => {
  const charge = chargeOf(session)
  if (!charge) throw new Error(`Stripe tells no charge of session ${session.id}.`)
  return fromStripe(charge.amount_refunded, charge.currency)
}

/** Sessions are found by their payment, and one answer tells both: what was sold, and what has gone back. */
const readPayment = async (stripe: Stripe, payment: string): Promise<Payment | undefined> => {
  const { data } = await stripe.checkout.sessions.list({ payment_intent: payment, limit: 1, expand: ['data.payment_intent.latest_charge'] })
  const [session] = data
  if (!session) return undefined
  const checkout = toCheckout(session)
  const none = { invoice: undefined, subscription: undefined, dispute: undefined, fraudWarning: undefined }
  return { payment, paid: checkout.paid, checkout, refunded: refundedOf(session), isLive: checkout.isLive, ...none }
}

const listRefunded = async (stripe: Stripe, since: string, page: string | undefined): Promise<RefundedPayments> => {
  const created = { gte: Math.floor(Date.parse(since) / 1000) }
  const { data, has_more: hasMore } = await stripe.refunds.list({ created, limit: 100, ...(page !== undefined && { starting_after: page }) })
  const last = data.at(-1)?.id
  return { items: data.flatMap((refund) => idOf(refund.payment_intent) ?? []), ...(hasMore && last !== undefined && { next: last }) }
}

const sessionFor = ({ order, price, title, email, successUrl, cancelUrl }: CheckoutRequest): Stripe.Checkout.SessionCreateParams => {
  const { amount, currency } = toStripe(price)
  return {
    mode: 'payment',
    client_reference_id: order,
    customer_email: email,
    line_items: [{ quantity: 1, price_data: { currency, unit_amount: amount, product_data: { name: title } } }],
    // Other methods settle days after the page is done with; the school has no state for "on its way" yet.
    allowed_payment_method_types: ['card'],
    // The amount and currency paid must be the order's.
    adaptive_pricing: { enabled: false },
    metadata: { order },
    payment_intent_data: { metadata: { order }, description: title },
    success_url: successUrl,
    cancel_url: cancelUrl,
  }
}

/** Snapshot events have numbers and an object; thin ones (`v2.…`) a date and a related object. The rest is not ours to judge. */
const signedEvent = z.object({
  id: z.string().check(z.minLength(1), z.maxLength(255)),
  type: z.string().check(z.minLength(1), z.maxLength(255)),
  created: z.union([z.int(), z.string()]),
  livemode: z._default(z.boolean(), false),
  data: z.optional(
    z.object({ object: z.optional(z.object({ id: z.optional(z.string()), object: z.optional(z.string()), payment_intent: z.optional(z.unknown()) })) }),
  ),
})

const toNews = (text: string): PaymentNews | undefined => {
  const { success, data: event } = signedEvent.safeParse(parsed(text))
  if (!success) return undefined
  const object = event.data?.object
  const created = new Date(typeof event.created === 'number' ? event.created * 1000 : event.created)
  if (Number.isNaN(created.getTime())) return undefined
  const subject = object?.object === 'checkout.session' ? object.id : undefined
  const about = object?.object === 'payment_intent' ? object.id : object?.payment_intent
  const payment = typeof about === 'string' ? about : undefined
  return {
    id: event.id,
    type: event.type,
    createdAt: created.toISOString(),
    isLive: event.livemode,
    subject,
    payment,
    subscription: undefined,
    invoice: undefined,
    account: undefined,
    apiVersion: undefined,
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Exactly the bytes as text, or undefined: a decoder that mends would let two bodies share one signature. */
const exactText = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const notYet = (): Promise<never> => Promise.reject(new Error('This is not built yet.'))

/** Stripe as the school's payments, over its own SDK and its own protocol; `apiUrl` may name a stand-in. */
export const stripePayments = (options: StripeOptions): Payments => {
  const limits = { ...LIMITS, ...options.limits }
  const stripe = client(options, limits)
  const guarded = guard({ ...limits, clock: options.clock, isUnavailable })

  const holds = (text: string, signature: string, secret: string): boolean => {
    try {
      return stripe.webhooks.signature?.verifyHeader(text, signature, secret, TOLERANCE_SECONDS, undefined, options.clock.now().getTime()) ?? false
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false
      throw error
    }
  }

  return {
    isLive: /^[rs]k_live_/.test(options.secretKey),
    canCharge: isChargeable,
    async openCheckout(request) {
      return toCheckout(await guarded(() => stripe.checkout.sessions.create(sessionFor(request), { idempotencyKey: request.idempotencyKey })))
    },
    async readCheckout(session) {
      return toCheckout(await guarded(() => stripe.checkout.sessions.retrieve(session)))
    },
    readPayment: (payment) => guarded(() => readPayment(stripe, payment)),
    listRefunded: (since, page) => guarded(() => listRefunded(stripe, since, page)),
    closeCheckout: notYet,
    giveBack: notYet,
    readSubscription: notYet,
    readInvoice: notYet,
    endSubscription: notYet,
    resumeSubscription: notYet,
    previewChange: notYet,
    changeSubscription: notYet,
    openPortal: notYet,
    listNews: notYet,
    pageOf: () => undefined,
    // The two halves of the SDK's `constructEvent`, apart: that one throws at thin events, which are to be kept as well.
    readNews(rawBody, signature) {
      const text = exactText(rawBody)
      if (!text || !signature) return undefined
      return options.webhookSecrets.some((secret) => holds(text, signature, secret)) ? toNews(text) : undefined
    },
  }
}
