import { createHash } from 'node:crypto'
import { run } from './clocks.ts'
import type { Desk } from './desk.ts'
import { API_VERSION, ApiError, invalid, makeId, missing } from './errors.ts'
import { expanded } from './expand.ts'
import { decodeForm, type Form, group, listed, PAGE, rangeOf, refuseUnknown, text, texts, truth } from './request.ts'
import { get, type Route } from './routes.ts'
import { BILLING_ROUTES } from './routes-billing.ts'
import { PAYMENT_ROUTES } from './routes-payments.ts'
import type { StripeEvent } from './store.ts'

export type ApiRequest = {
  method: string
  path: string
  query: URLSearchParams
  body: string
  authorization: string | undefined
  idempotencyKey: string | undefined
  version: string | undefined
}
export type ApiAnswer = { status: number; body: string; headers: Record<string, string> }

/** An event as it stands now: how many endpoints have not taken it yet changes after it was made. */
const eventNow = ({ store }: Desk, event: StripeEvent): StripeEvent => ({ ...event, pending_webhooks: store.undelivered(event.id) })

const listEvents: Route['run'] = (desk, form) => {
  const [type, types] = [text(form, 'type'), Object.values(texts(group(form, 'types')))]
  if (type !== undefined && types.length > 0) throw invalid('You may only specify one of these parameters: type, types.', 'types')
  const wanted = type === undefined ? types : [type]
  const fits = (name: string): boolean =>
    wanted.length === 0 || wanted.some((each) => each === name || (each.endsWith('*') && name.startsWith(each.slice(0, -1))))
  const delivered = truth(text(form, 'delivery_success'), 'delivery_success')
  const { from, until } = rangeOf(form)
  const rows = desk.store.events(from, until).filter((event) => fits(event.type))
  const pending = delivered === undefined ? new Set() : desk.store.pendingEvents()
  const told = delivered === undefined ? rows : rows.filter((event) => pending.has(event.id) !== delivered)
  const page = listed('/v1/events', told, form)
  return { ...page, data: page.data.map(({ id }) => readEvent(desk, form, String(id))) }
}

const readEvent: Route['run'] = (desk, _form, id) => {
  const event = desk.store.event(id)
  if (!event) throw missing('event', id, 'id')
  return eventNow(desk, event)
}

const ROUTES: Route[] = [
  ...PAYMENT_ROUTES,
  ...BILLING_ROUTES,
  get('events', listEvents, [...PAGE, 'type', 'types[]', 'delivery_success']),
  get('events/:id', readEvent),
]

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

const MOST_EXPANDED = 4

const expansions = (form: Form): string[] => {
  const paths = Object.values(texts(group(form, 'expand')))
  const deep = paths.find((path) => path.replace(/^data\./, '').split('.').length > MOST_EXPANDED)
  if (deep !== undefined) throw invalid(`You cannot expand more than ${MOST_EXPANDED} levels of a property (${deep}).`, 'expand')
  return paths
}

const route = (desk: Desk, { method, path, query, body }: ApiRequest): Record<string, unknown> => {
  const chosen = ROUTES.find((each) => each.method === method && each.path.test(path))
  if (!chosen) throw new ApiError(404, `Unrecognized request URL (${method}: ${path}).`, { type: 'invalid_request_error' })
  // Stripe reads what is in the address and what is sent as one.
  const form = decodeForm(new URLSearchParams([...query, ...new URLSearchParams(body)]))
  refuseUnknown(form, chosen.knows)
  const paths = expansions(form)
  return expanded(desk, chosen.run(desk, form, chosen.path.exec(path)?.[1] ?? ''), paths)
}

type Done = { status: number; body: string }

const refusal = (error: ApiError): Done => ({ status: error.status, body: JSON.stringify({ error: { message: error.message, ...error.details } }, null, 2) })

/** The calls of Stripe's API that a school makes. */
export const api = (desk: Desk) => {
  const { store } = desk

  /** The work, its events and the answer kept under its key are one transaction. */
  const attempt = (request: ApiRequest, keep: (done: Done) => void): Done => {
    try {
      authorise(request.authorization)
      return desk.together(
        () => {
          try {
            const done = { status: 200, body: JSON.stringify(route(desk, request), null, 2) }
            keep(done)
            return done
          } catch (error) {
            if (!(error instanceof ApiError && error.keeps)) throw error
            const refused = refusal(error)
            keep(refused)
            return refused
          }
        },
        { key: request.idempotencyKey ?? null },
      )
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return refusal(error)
    }
  }

  /** `failing`: what the work comes to, where it is to fail once it has begun. */
  return (request: ApiRequest, failing?: Done): ApiAnswer => {
    run(desk)
    const headers = { 'content-type': 'application/json', 'request-id': makeId('req', 8), 'stripe-version': request.version ?? API_VERSION }
    const key = request.idempotencyKey
    if (request.method !== 'POST' || key === undefined) return { ...(failing ?? attempt(request, () => {})), headers }
    const fingerprint = createHash('sha256').update(`${request.path}\n${request.body}`).digest('hex')
    const known = store.replay(key)
    if (known && known.fingerprint !== fingerprint) {
      const message = 'Keys for idempotent requests can only be used with the same parameters they were first used with.'
      return { status: 400, body: JSON.stringify({ error: { type: 'idempotency_error', message } }, null, 2), headers: { ...headers, 'idempotency-key': key } }
    }
    if (known) return { status: known.status, body: known.body, headers: { ...headers, 'idempotency-key': key, 'idempotent-replayed': 'true' } }
    if (failing) {
      store.putReplay(key, { fingerprint, ...failing })
      return { ...failing, headers: { ...headers, 'idempotency-key': key } }
    }
    // What was refused before any work began may be put right and sent again under the same key, as with Stripe.
    const answer = attempt(request, (done) => store.putReplay(key, { fingerprint, ...done }))
    return { ...answer, headers: { ...headers, 'idempotency-key': key } }
  }
}
