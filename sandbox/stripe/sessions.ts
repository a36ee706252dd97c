import { randomBytes } from 'node:crypto'
import type { Deliveries } from './deliveries.ts'
import { chargeIdOf, chargeOf, intentOf, refundedOf } from './payments.ts'
import type { Refund, Session, Store, StripeEvent } from './store.ts'

export const API_VERSION = '2026-10-28.endive'
const LIFETIME_SECONDS = 24 * 3600

export const makeId = (prefix: string, bytes = 18): string => `${prefix}_${randomBytes(bytes).toString('hex')}`

/** The error Stripe's API answers, with its HTTP status. */
export class ApiError extends Error {
  readonly status: number
  readonly details: { type: string; code?: string; param?: string }
  constructor(status: number, message: string, details: ApiError['details']) {
    super(message)
    this.status = status
    this.details = details
  }
}

export type NewSession = Pick<
  Session,
  | 'currency'
  | 'line_items'
  | 'success_url'
  | 'cancel_url'
  | 'client_reference_id'
  | 'customer_email'
  | 'metadata'
  | 'payment_method_types'
  | 'payment_intent_metadata'
> & { expires_at: number | undefined }

/** What tests may make different from what was asked for. */
export type PaidWith = { email?: string; name?: string; amount_total?: number; currency?: string; livemode?: boolean }

/** A session as the API shows it: what only the stand-in keeps stays out. */
export const shown = ({ line_items: _, payment_intent_metadata: _metadata, ...session }: Session): Record<string, unknown> => ({
  ...session,
  adaptive_pricing: { enabled: false },
  allow_promotion_codes: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  billing_address_collection: null,
  customer: null,
  custom_fields: [],
  invoice: null,
  locale: null,
  payment_link: null,
  payment_method_collection: 'if_required',
  recovered_from: null,
  setup_intent: null,
  shipping_options: [],
  submit_type: null,
  subscription: null,
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  ui_mode: 'hosted_page',
})

type Happening = { type: string; object: Record<string, unknown>; livemode: boolean }

const eventOf = ({ type, object, livemode }: Happening, created: number): StripeEvent => ({
  id: makeId('evt', 12),
  object: 'event',
  api_version: API_VERSION,
  created,
  data: { object },
  livemode,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type,
})

const opened = ({ expires_at, ...asked }: NewSession, { publicUrl, created }: { publicUrl: string; created: number }): Session => {
  const id = makeId('cs_test', 29)
  const total = asked.line_items.reduce((sum, { quantity, unit_amount }) => sum + quantity * unit_amount, 0)
  return {
    ...asked,
    id,
    object: 'checkout.session',
    amount_subtotal: total,
    amount_total: total,
    created,
    customer_details: asked.customer_email === null ? null : { email: asked.customer_email, name: null },
    expires_at: expires_at ?? created + LIFETIME_SECONDS,
    livemode: false,
    mode: 'payment',
    payment_intent: null,
    payment_status: 'unpaid',
    status: 'open',
    url: `${publicUrl}/sandbox/stripe/checkout/${id}`,
  }
}

/** The session with its money moved, and the two things that happened. */
const paid = (session: Session, { email, name, ...other }: PaidWith): { after: Session; happened: Happening[] } => {
  const id = makeId('pi')
  const details = { email: email ?? session.customer_email, name: name ?? null }
  const after: Session = { ...session, ...other, status: 'complete', payment_status: 'paid', payment_intent: id, customer_details: details, url: null }
  const { livemode } = after
  const happened = [
    { type: 'payment_intent.succeeded', object: intentOf(after, id), livemode },
    { type: 'checkout.session.completed', object: shown(after), livemode },
  ]
  return { after, happened }
}

/** What is asked of a refund; all that is left when no amount is named. */
export type NewRefund = { amount?: number | undefined; reason?: string | undefined; metadata?: Record<string, string> | undefined }

const refundable = (session: Session, refunds: readonly Refund[], { amount: asked }: NewRefund): { payment: string; amount: number } => {
  const { payment_intent: payment, payment_status: status, amount_total: total } = session
  const refuse = (message: string, details: { code?: string; param?: string } = {}): ApiError =>
    new ApiError(400, message, { type: 'invalid_request_error', ...details })
  if (payment === null || status !== 'paid') throw refuse('This PaymentIntent does not have a successful charge to refund.', { param: 'payment_intent' })
  const left = total - refundedOf(refunds)
  if (left <= 0) throw refuse(`Charge ${chargeIdOf(payment)} has already been refunded.`, { code: 'charge_already_refunded' })
  const amount = asked ?? left
  if (!Number.isInteger(amount) || amount < 1) throw refuse(`Invalid positive integer: ${amount}`, { param: 'amount' })
  if (amount > left)
    throw refuse(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left}), in ${session.currency}.`, { param: 'amount' })
  return { payment, amount }
}

/** What of the money goes back, and the two things that happened. */
const refunded = (session: Session, before: readonly Refund[], asked: NewRefund & { created: number }): { refund: Refund; happened: Happening[] } => {
  const { payment, amount } = refundable(session, before, asked)
  const { currency, livemode } = session
  const { reason = null, metadata = {}, created } = asked
  const of = { charge: chargeIdOf(payment), created, currency, metadata, payment_intent: payment, reason }
  const refund: Refund = { ...of, id: makeId('re', 12), object: 'refund', amount, status: 'succeeded' }
  const happened = [
    { type: 'refund.created', object: refund, livemode },
    { type: 'charge.refunded', object: chargeOf(session, payment, [refund, ...before]), livemode },
  ]
  return { refund, happened }
}

type Options = { store: Store; deliveries: Deliveries; publicUrl: string; now: () => number }

export const sessions = ({ store, deliveries, publicUrl, now }: Options) => {
  const seconds = (): number => Math.floor(now() / 1000)

  /** A change and what tells of it are one write. */
  const tell = <T>(work: () => { done: T; happened: Happening[] }): T => {
    const outcome = store.together(() => {
      const { done, happened } = work()
      const events = happened.map((each) => eventOf(each, seconds()))
      for (const event of events) store.putEvent(event)
      deliveries.plan(events)
      return done
    })
    deliveries.wake()
    return outcome
  }

  const change = (after: Session, happened: Happening[]): Session =>
    tell(() => {
      store.putSession(after)
      return { done: after, happened }
    })

  const expire = (session: Session): Session => {
    const expired: Session = { ...session, status: 'expired', url: null }
    return change(expired, [{ type: 'checkout.session.expired', object: shown(expired), livemode: expired.livemode }])
  }

  const fresh = (session: Session): Session => (session.status === 'open' && session.expires_at <= seconds() ? expire(session) : session)

  return {
    get(id: string): Session | undefined {
      const session = store.session(id)
      return session && fresh(session)
    },
    list: (limit: number): Session[] => store.sessions(limit).map(fresh),
    create: (asked: NewSession): Session => change(opened(asked, { publicUrl, created: seconds() }), []),
    expire(id: string): Session | undefined {
      const session = this.get(id)
      if (session && session.status !== 'open') {
        const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`
        throw new ApiError(400, message, { type: 'invalid_request_error' })
      }
      return session && expire(session)
    },
    /** A session that is not open stays as it is. */
    pay(session: Session, paidWith: PaidWith): Session {
      if (session.status !== 'open') return session
      const { after, happened } = paid(session, paidWith)
      return change(after, happened)
    },
    /** @throws ApiError when nothing was paid, or less is left of it than is asked for. */
    refund: (session: Session, asked: NewRefund): Refund =>
      tell(() => {
        const before = session.payment_intent === null ? [] : store.refunds(session.payment_intent)
        const { refund, happened } = refunded(session, before, { ...asked, created: seconds() })
        store.putRefund(refund)
        return { done: refund, happened }
      }),
  }
}
export type Sessions = ReturnType<typeof sessions>
