import { randomBytes } from 'node:crypto'
import type { Deliveries } from './deliveries.ts'
import type { Session, Store, StripeEvent } from './store.ts'

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
const paid = (session: Session, { email, name, ...other }: PaidWith, created: number): { after: Session; happened: Happening[] } => {
  const id = makeId('pi')
  const details = { email: email ?? session.customer_email, name: name ?? null }
  const after: Session = { ...session, ...other, status: 'complete', payment_status: 'paid', payment_intent: id, customer_details: details, url: null }
  const { amount_total: amount, currency, livemode, payment_intent_metadata: metadata } = after
  const intent = { id, object: 'payment_intent', amount, amount_received: amount, created, currency, livemode, metadata, status: 'succeeded' }
  const happened = [
    { type: 'payment_intent.succeeded', object: intent, livemode },
    { type: 'checkout.session.completed', object: shown(after), livemode },
  ]
  return { after, happened }
}

type Options = { store: Store; deliveries: Deliveries; publicUrl: string; now: () => number }

export const sessions = ({ store, deliveries, publicUrl, now }: Options) => {
  const seconds = (): number => Math.floor(now() / 1000)

  /** The session and what tells of it are one write. */
  const change = (after: Session, happened: Happening[]): Session => {
    store.together(() => {
      store.putSession(after)
      const events = happened.map((each) => eventOf(each, seconds()))
      for (const event of events) store.putEvent(event)
      deliveries.plan(events)
    })
    deliveries.wake()
    return after
  }

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
      const { after, happened } = paid(session, paidWith, seconds())
      return change(after, happened)
    },
  }
}
export type Sessions = ReturnType<typeof sessions>
