import type Stripe from 'stripe'
import type { Checkout, CheckoutRequest } from '#ports/payments.ts'
import { idOf, isCode, secondsOf, underKey } from './client.ts'
import { fromStripe, toStripe } from './currency.ts'

const toStatus = (status: string | null): Checkout['status'] => {
  if (status === 'complete') return 'complete'
  return status === 'expired' ? 'expired' : 'open'
}

export const toCheckout = (session: Stripe.Checkout.Session): Checkout => {
  const { id, client_reference_id: order, url, status, payment_status: paid, amount_total: total, currency, livemode, payment_intent: payment } = session
  const { customer, subscription, customer_details: buyer, total_details: details } = session
  return {
    session: id,
    order: order ?? undefined,
    url: url ?? undefined,
    status: toStatus(status),
    // `no_payment_required` (a trial, or a coupon for all of it) is complete too; whether its amount is the order's is for the school to see.
    isPaid: status === 'complete' && paid !== 'unpaid',
    paid: fromStripe(total ?? 0, currency ?? ''),
    taxMinor: fromStripe(details?.amount_tax ?? 0, currency ?? '').amountMinor,
    isLive: livemode,
    payment: idOf(payment),
    customer: idOf(customer),
    subscription: idOf(subscription),
    buyer: { name: buyer?.name ?? undefined, country: buyer?.address?.country ?? undefined, taxId: buyer?.tax_ids?.[0]?.value ?? undefined },
  }
}

type Params = Stripe.Checkout.SessionCreateParams

/** Contained in the price, so that what was shown is what is charged wherever the buyer lives. */
const taxed = ({ customer }: CheckoutRequest): Params => ({
  automatic_tax: { enabled: true },
  tax_id_collection: { enabled: true },
  billing_address_collection: 'required',
  // A customer who is known keeps what they type at checkout; Stripe demands to be told so.
  ...(customer !== undefined && { customer_update: { address: 'auto', name: 'auto' } }),
})

const item = ({ price, quantity, title, recurring, isTaxed }: CheckoutRequest): NonNullable<Params['line_items']>[number] => {
  const { amount, currency } = toStripe(price)
  const every = recurring && { recurring: { interval: recurring.every } }
  return { quantity, price_data: { currency, unit_amount: amount, product_data: { name: title }, ...every, ...(isTaxed && { tax_behavior: 'inclusive' }) } }
}

/** A customer is made of every buyer: the portal and tax ids need one. */
const buyer = ({ customer, email, recurring }: CheckoutRequest): Params => {
  if (customer !== undefined) return { customer }
  return { customer_email: email, ...(!recurring && { customer_creation: 'always' }) }
}

const mode = ({ order, title, recurring }: CheckoutRequest, coupon: string | undefined): Params => {
  const about = { metadata: { order }, description: title }
  if (!recurring) return { mode: 'payment', payment_intent_data: about }
  const trial = recurring.trialDays > 0 ? { trial_period_days: recurring.trialDays } : {}
  return { mode: 'subscription', subscription_data: { ...about, ...trial }, ...(coupon !== undefined && { discounts: [{ coupon }] }) }
}

const sessionFor = (request: CheckoutRequest, coupon: string | undefined): Params => {
  const { order, successUrl, cancelUrl, isTaxed, expiresAt } = request
  return {
    ...mode(request, coupon),
    ...buyer(request),
    ...(isTaxed && taxed(request)),
    client_reference_id: order,
    line_items: [item(request)],
    // Other methods settle days after the page is done with; the school has no state for "on its way" yet.
    allowed_payment_method_types: ['card'],
    // The amount and currency paid must be the order's.
    adaptive_pricing: { enabled: false },
    metadata: { order },
    success_url: successUrl,
    cancel_url: cancelUrl,
    ...(expiresAt !== undefined && { expires_at: secondsOf(expiresAt) }),
  }
}

/** Taken off the first payment of this attempt and of nothing else. Its id is ours, so that asking again finds it. */
const couponFor = async (stripe: Stripe, { order, idempotencyKey, price, recurring }: CheckoutRequest): Promise<string | undefined> => {
  if (!recurring || recurring.firstOffMinor <= 0) return undefined
  const id = idempotencyKey.replaceAll(/[^\w-]/g, '-')
  const { amount, currency } = toStripe({ amountMinor: recurring.firstOffMinor, currency: price.currency })
  try {
    await stripe.coupons.create({ id, amount_off: amount, currency, duration: 'once', max_redemptions: 1, name: 'Coupon', metadata: { order } })
  } catch (error) {
    if (!isCode(error, 'resource_already_exists')) throw error
  }
  return id
}

export const openCheckout = async (stripe: Stripe, request: CheckoutRequest): Promise<Checkout> => {
  const coupon = await couponFor(stripe, request)
  const session = sessionFor(request, coupon)
  return toCheckout(await underKey(request.idempotencyKey, (options) => stripe.checkout.sessions.create(session, options)))
}

export const readCheckout = async (stripe: Stripe, session: string): Promise<Checkout> => toCheckout(await stripe.checkout.sessions.retrieve(session))

/** Read before: Stripe refuses to close a page that is paid or closed. Read after: it may have been paid in between. */
export const closeCheckout = async (stripe: Stripe, session: string): Promise<Checkout> => {
  const before = await readCheckout(stripe, session)
  if (before.status !== 'open') return before
  try {
    return toCheckout(await stripe.checkout.sessions.expire(session))
  } catch (cause) {
    const now = await readCheckout(stripe, session)
    if (now.status === 'open') throw cause
    return now
  }
}
