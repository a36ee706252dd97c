import type { Desk } from './desk.ts'
import { invalid } from './errors.ts'
import { listOf, type Shown, shown } from './shown.ts'

/** Parts that are left out until they are asked for. */
const included = ({ store }: Desk, of: Record<string, unknown>, name: string): unknown => {
  const id = String(of['id'])
  if (name === 'line_items' && of['object'] === 'checkout.session') {
    const session = store.get('checkout.session', id)
    const rows = session?.own.items.map(({ name: description, quantity, unit_amount: amount, price: priceId }, place) => {
      const price = store.get('price', priceId)
      const sum = amount * quantity
      const money = { amount_discount: 0, amount_subtotal: sum, amount_tax: 0, amount_total: sum, currency: session.currency }
      return { id: `li_${id.slice(8, 20)}${place}`, object: 'item', ...money, description, price: price && shown(price), quantity }
    })
    return listOf(rows ?? [], `/v1/checkout/sessions/${id}/line_items`)
  }
  if (name === 'payments' && of['object'] === 'invoice') return listOf(store.linked('invoice_payment', id).map(shown), `/v1/invoice_payments?invoice=${id}`)
  if (name === 'confirmation_secret' && of['object'] === 'invoice') {
    const intent = store.get('payment_intent', store.get('invoice', id)?.own.intent)
    return of['status'] === 'open' && intent ? { client_secret: intent.client_secret, type: 'payment_intent' } : null
  }
  if (name === 'refunds' && of['object'] === 'charge') return listOf(store.linked('refund', id).map(shown), `/v1/charges/${id}/refunds`)
  if (name === 'subscriptions' && of['object'] === 'customer') return listOf(store.linked('subscription', id).map(shown), `/v1/customers/${id}/subscriptions`)
  if (name === 'tax_ids' && of['object'] === 'customer') return listOf(store.get('customer', id)?.own.taxIds ?? [], `/v1/customers/${id}/tax_ids`)
  return undefined
}

const grown = (desk: Desk, value: unknown, path: readonly string[]): unknown => {
  const [name, ...rest] = path
  if (name === undefined || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((each) => grown(desk, each, path))
  // Plain objects only: what was parsed from JSON, or spread just before.
  const of = value as Record<string, unknown>
  const known = name in of ? of[name] : included(desk, of, name)
  if (known === undefined) throw invalid(`This property cannot be expanded (${name}).`, 'expand')
  const read = (id: unknown): unknown => {
    const found = typeof id === 'string' ? desk.store.any(id) : undefined
    return found ? shown(found) : id
  }
  const whole = Array.isArray(known) ? known.map(read) : read(known)
  return { ...of, [name]: grown(desk, whole, rest) }
}

/** An answer with things in place of their ids, for every path asked for (`data.latest_invoice.payments`). */
export const expanded = (desk: Desk, answer: Record<string, unknown>, paths: readonly string[]): Record<string, unknown> =>
  // What is grown from an object is one.
  paths.reduce((so, path) => grown(desk, so, path.split('.')) as Shown, answer)
