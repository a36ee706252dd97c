import { createHash } from 'node:crypto'
import { REFUND_ROUTES } from './refunds.ts'
import { type ApiRequest, decodeForm, type Form, group, invalid, listed, missing, type Route, type Routes, text, texts, whole } from './request.ts'
import { API_VERSION, ApiError, makeId, type NewSession, shown } from './sessions.ts'
import type { Session } from './store.ts'

const KNOWN = new Set([
  'adaptive_pricing',
  'allow_promotion_codes',
  'allowed_payment_method_types',
  'cancel_url',
  'client_reference_id',
  'customer_creation',
  'customer_email',
  'expires_at',
  'line_items',
  'locale',
  'metadata',
  'mode',
  'payment_intent_data',
  'submit_type',
  'success_url',
  'ui_mode',
])

const url = (form: Form, name: string): string => {
  const value = text(form, name)
  if (value === undefined) throw invalid(`Missing required param: ${name}.`, name, 'parameter_missing')
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) throw invalid('Not a valid URL', name, 'url_invalid')
  return value
}

const readItem = (item: Form | string, place: string) => {
  const at = `line_items[${place}]`
  const data = typeof item === 'object' ? group(item, 'price_data') : undefined
  if (typeof item !== 'object' || !data) throw invalid(`The stand-in needs ${at}[price_data].`, at, 'parameter_missing')
  const currency = text(data, 'currency') ?? ''
  if (!/^[a-z]{3}$/.test(currency)) throw invalid(`Invalid currency: ${currency}.`, `${at}[price_data][currency]`)
  const name = text(group(data, 'product_data') ?? {}, 'name')
  if (!name) throw invalid(`Missing required param: ${at}[price_data][product_data][name].`, `${at}[price_data][product_data][name]`, 'parameter_missing')
  return {
    currency,
    name,
    quantity: whole(text(item, 'quantity'), `${at}[quantity]`, 1),
    unit_amount: whole(text(data, 'unit_amount'), `${at}[price_data][unit_amount]`, 0),
  }
}

const readNewSession = (form: Form): NewSession => {
  const unknown = Object.keys(form).find((name) => !KNOWN.has(name))
  if (unknown !== undefined) throw invalid(`Received unknown parameter: ${unknown}`, unknown, 'parameter_unknown')
  if (text(form, 'mode') !== 'payment') throw invalid('The stand-in knows `mode=payment` only.', 'mode')
  const items = Object.entries(group(form, 'line_items') ?? {}).map(([place, item]) => readItem(item, place))
  const [first] = items
  if (!first) throw invalid('You must provide line_items in `payment` mode.', 'line_items', 'parameter_missing')
  if (items.some(({ currency }) => currency !== first.currency)) throw invalid('All line items must have the same currency.', 'line_items')
  const email = text(form, 'customer_email')
  if (email !== undefined && !/^[^@\s]+@[^@\s]+$/.test(email)) throw invalid(`Invalid email address: ${email}`, 'customer_email', 'email_invalid')
  const expires = text(form, 'expires_at')
  return {
    currency: first.currency,
    line_items: items.map(({ name, quantity, unit_amount }) => ({ name, quantity, unit_amount })),
    success_url: url(form, 'success_url'),
    cancel_url: text(form, 'cancel_url') === undefined ? null : url(form, 'cancel_url'),
    client_reference_id: text(form, 'client_reference_id') ?? null,
    customer_email: email ?? null,
    expires_at: expires === undefined ? undefined : whole(expires, 'expires_at', 0),
    metadata: texts(group(form, 'metadata')),
    payment_intent_metadata: texts(group(group(form, 'payment_intent_data'), 'metadata')),
    payment_method_types: Object.values(texts(group(form, 'allowed_payment_method_types') ?? { 0: 'card' })),
  }
}

export type ApiAnswer = { status: number; body: string; headers: Record<string, string> }

const authorise = (authorization: string | undefined): void => {
  const unauthorised = (message: string) => new ApiError(401, message, { type: 'invalid_request_error' })
  if (!authorization) throw unauthorised('You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.')
  const key =
    /^Bearer (\S+)$/.exec(authorization)?.[1] ??
    Buffer.from(/^Basic (\S+)$/.exec(authorization)?.[1] ?? '', 'base64')
      .toString()
      .split(':')[0]
  if (!/^[rs]k_test_\w+$/.test(key ?? '')) throw unauthorised('Invalid API Key provided: the stand-in takes test keys only.')
}

const found = (session: Session | undefined, id: string): Record<string, unknown> => {
  if (!session) throw missing('checkout.session', id, 'session')
  return shown(session)
}

const listEvents: Route = ({ store }, { query }) => {
  const type = query.get('type')
  return listed(
    '/v1/events',
    store.events(1000).filter((event) => type === null || event.type === type),
    query,
  )
}

const readEvent: Route = ({ store }, _request, id) => {
  const event = store.event(id)
  if (!event) throw missing('event', id, 'id')
  return event
}

const ROUTES: [method: string, path: RegExp, route: Route][] = [
  ...REFUND_ROUTES,
  ['POST', /^\/v1\/checkout\/sessions$/, ({ sessions }, { body }) => shown(sessions.create(readNewSession(decodeForm(body))))],
  ['GET', /^\/v1\/checkout\/sessions\/([^/]+)$/, ({ sessions }, _request, id) => found(sessions.get(id), id)],
  ['POST', /^\/v1\/checkout\/sessions\/([^/]+)\/expire$/, ({ sessions }, _request, id) => found(sessions.expire(id), id)],
  ['GET', /^\/v1\/events$/, listEvents],
  ['GET', /^\/v1\/events\/([^/]+)$/, readEvent],
]

/** The calls of Stripe's API that a school makes. */
export const api = (parts: Routes) => {
  const { store } = parts
  const route = (request: ApiRequest): Record<string, unknown> => {
    const { method, path } = request
    const chosen = ROUTES.find(([verb, pattern]) => verb === method && pattern.test(path))
    if (!chosen) throw new ApiError(404, `Unrecognized request URL (${method}: ${path}).`, { type: 'invalid_request_error' })
    return chosen[2](parts, request, chosen[1].exec(path)?.[1] ?? '')
  }

  const attempt = (request: ApiRequest): { status: number; body: string } => {
    try {
      authorise(request.authorization)
      return { status: 200, body: JSON.stringify(route(request), null, 2) }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { status: error.status, body: JSON.stringify({ error: { message: error.message, ...error.details } }, null, 2) }
    }
  }

  return (request: ApiRequest): ApiAnswer => {
    const headers = { 'content-type': 'application/json', 'request-id': makeId('req', 8), 'stripe-version': request.version ?? API_VERSION }
    const key = request.idempotencyKey
    if (request.method !== 'POST' || key === undefined) return { ...attempt(request), headers }
    const fingerprint = createHash('sha256').update(`${request.path}\n${request.body}`).digest('hex')
    const known = store.replay(key)
    if (known && known.fingerprint !== fingerprint) {
      const message = 'Keys for idempotent requests can only be used with the same parameters they were first used with.'
      return { status: 400, body: JSON.stringify({ error: { type: 'idempotency_error', message } }, null, 2), headers: { ...headers, 'idempotency-key': key } }
    }
    if (known) return { status: known.status, body: known.body, headers: { ...headers, 'idempotency-key': key, 'idempotent-replayed': 'true' } }
    const answer = attempt(request)
    // What was refused before any work began may be put right and sent again under the same key, as with Stripe.
    if (answer.status === 200) store.putReplay(key, { fingerprint, ...answer })
    return { ...answer, headers: { ...headers, 'idempotency-key': key } }
  }
}
