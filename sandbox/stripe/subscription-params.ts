import type { Invoice, Subscription } from './billing-types.ts'
import { PRICE_NAMES, readPrice, redeem, usableCoupon } from './catalogue.ts'
import { BEHAVIOURS, type Change, changeItems, PRORATIONS, type Update, update } from './changes.ts'
import type { Desk } from './desk.ts'
import { ApiError, invalid, makeId } from './errors.ts'
import { attempt } from './invoices.ts'
import { endOfDiscount } from './lines.ts'
import { type Form, group, groups, joined, oneOf, required, text, texts, truth, whole } from './request.ts'
import { found } from './routes.ts'
import { shown } from './shown.ts'
import { periodOf, putSubscription } from './standing.ts'
import { begin, bill, billFirst, renewed, tellTrialEnd } from './subscriptions.ts'
import type { Discount, Price } from './types.ts'

const ITEM = [
  '[id]',
  '[quantity]',
  '[price]',
  ...PRICE_NAMES.filter((name) => !name.startsWith('product_data')).map((name) => `[price_data]${name.replace(/^\w+/, '[$&]')}`),
]
const itemNames = (at: string): string[] => ITEM.map((name) => `${at}${name}`)

export const CREATE = [
  ...[
    'customer',
    'default_payment_method',
    'description',
    'payment_behavior',
    'trial_period_days',
    'discounts[][coupon]',
    'automatic_tax[enabled]',
    'off_session',
  ],
  ...itemNames('items[]'),
]
export const UPDATE = [
  ...['cancel_at', 'cancel_at_period_end', 'cancellation_details[comment]', 'cancellation_details[feedback]', 'default_payment_method', 'description'],
  ...['payment_behavior', 'proration_behavior', 'proration_date', 'trial_end', 'off_session', ...itemNames('items[]')],
]
export const PREVIEW = [
  ...['subscription', 'customer', 'preview_mode', 'subscription_details[proration_behavior]', 'subscription_details[proration_date]'],
  ...['subscription_details[cancel_at_period_end]', ...itemNames('subscription_details[items][]')],
]

const readItemPrice = (desk: Desk, item: Form, at: string): Price | undefined => {
  const [named, data] = [text(item, 'price'), group(item, 'price_data')]
  const price = named === undefined ? data && readPrice(desk, data, `${at}[price_data]`, false) : found(desk, 'price', named, `${at}[price]`)
  if (price && !price.recurring) throw invalid('The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.', at)
  return price
}

const readChange = (desk: Desk, form: Form, at: string): Change | undefined => {
  const items = groups(form, 'items')
  const date = text(form, 'proration_date')
  const behaviour = oneOf(text(form, 'payment_behavior'), 'payment_behavior', BEHAVIOURS) ?? 'allow_incomplete'
  const proration = oneOf(text(form, 'proration_behavior'), 'proration_behavior', PRORATIONS) ?? 'create_prorations'
  if (items.length === 0) return undefined
  const asked = items.map((item, place) => ({
    id: required(item, 'id', `${at}[${place}][id]`),
    price: readItemPrice(desk, item, `${at}[${place}]`),
    quantity: item['quantity'] === undefined ? undefined : whole(text(item, 'quantity'), `${at}[${place}][quantity]`, 1),
  }))
  return { items: asked, behaviour, proration, prorationDate: date === undefined ? undefined : whole(date, 'proration_date', 0) }
}

const readUpdate = (desk: Desk, form: Form): Update => {
  const [cancelAt, trialEnd, said, card] = [
    text(form, 'cancel_at'),
    text(form, 'trial_end'),
    group(form, 'cancellation_details'),
    text(form, 'default_payment_method'),
  ]
  const whenCancelled = cancelAt === undefined ? undefined : cancelAt === '' ? null : whole(cancelAt, 'cancel_at', 0)
  return {
    change: readChange(desk, form, 'items'),
    cancelAtPeriodEnd: truth(text(form, 'cancel_at_period_end'), 'cancel_at_period_end'),
    cancelAt: whenCancelled,
    description: form['description'] === '' ? null : text(form, 'description'),
    card: card === undefined ? undefined : found(desk, 'payment_method', card, 'default_payment_method').id,
    comment: text(said, 'comment'),
    feedback: text(said, 'feedback'),
    trialEnd: trialEnd === undefined ? undefined : trialEnd === 'now' ? 'now' : whole(trialEnd, 'trial_end', 0),
  }
}

/** Made without a checkout page; as Stripe has it by default, one whose first payment fails waits for it. */
export const start = (desk: Desk, form: Form): Subscription => {
  const customer = found(desk, 'customer', required(form, 'customer'), 'customer')
  const behaviour =
    oneOf(text(form, 'payment_behavior'), 'payment_behavior', ['allow_incomplete', 'default_incomplete', 'error_if_incomplete'] as const) ?? 'allow_incomplete'
  const items = groups(form, 'items').map((item, place) => {
    const price = readItemPrice(desk, item, `items[${place}]`)
    if (!price) throw invalid(`Missing required param: items[${place}][price].`, `items[${place}][price]`, 'parameter_missing')
    return { price, quantity: whole(text(item, 'quantity') ?? '1', `items[${place}][quantity]`, 1) }
  })
  const [first] = items
  if (!first) throw invalid('Missing required param: items.', 'items', 'parameter_missing')
  const named = text(form, 'default_payment_method')
  const card = named === undefined ? null : found(desk, 'payment_method', named, 'default_payment_method')
  const days = text(form, 'trial_period_days')
  const hasTax = truth(text(group(form, 'automatic_tax'), 'enabled'), 'automatic_tax[enabled]') ?? false
  const about = { description: text(form, 'description') ?? null, metadata: texts(group(form, 'metadata')), hasTax, livemode: false }
  const discounts = discountsOf(desk, groups(form, 'discounts'), { customer: customer.id, currency: first.price.currency })
  const begun = begin(desk, { customer, items, card, discounts, trialDays: days === undefined ? 0 : whole(days, 'trial_period_days', 1), ...about })
  const { invoice } = billFirst(desk, begun)
  const isFree = invoice.amount_due === 0
  const waiting = isFree ? begun : putSubscription(desk, { ...(desk.store.get('subscription', begun.id) ?? begun), status: 'incomplete' })
  desk.tell('customer.subscription.created', desk.store.get('subscription', begun.id) ?? waiting)
  if (behaviour === 'default_incomplete' && !isFree) return waiting
  const { outcome } = attempt(desk, invoice, { isPresent: false, isAuthenticated: false })
  if (outcome?.error && behaviour === 'error_if_incomplete') throw new ApiError(402, outcome.error.message, { type: 'card_error', code: outcome.error.code })
  return tellTrialEnd(desk, found(desk, 'subscription', begun.id))
}

const discountsOf = (desk: Desk, asked: readonly Form[], { customer, currency }: { customer: string; currency: string }): string[] =>
  asked.map((each) => {
    const coupon = usableCoupon(desk, required(each, 'coupon'), currency)
    redeem(desk, coupon.id)
    const start = desk.seconds(customer)
    const about = {
      checkout_session: null,
      customer,
      end: endOfDiscount(coupon, start),
      source: { coupon: coupon.id, type: 'coupon' as const },
      start,
      subscription: null,
    }
    return desk.store.put<Discount>({ id: makeId('di', 12), object: 'discount', created: start, ...about }).id
  })

/** What the next invoice would be, with a change or without it; everything it takes to know is undone. */
export const preview = (desk: Desk, form: Form): Record<string, unknown> => {
  const before = found(desk, 'subscription', required(form, 'subscription'), 'subscription')
  const details = group(form, 'subscription_details') ?? {}
  const cancels = truth(text(details, 'cancel_at_period_end'), 'subscription_details[cancel_at_period_end]')
  const invoice = desk.rehearse((): Invoice => {
    const change = readChange(desk, details, 'subscription_details[items]')
    const changed = change ? changeItems(desk, before, change) : { subscription: before, invoice: undefined }
    if (changed.invoice) return changed.invoice
    if (cancels || changed.subscription.cancel_at_period_end || before.status === 'canceled')
      throw new ApiError(400, 'No upcoming invoices for customer', { type: 'invalid_request_error', code: 'invoice_upcoming_none' })
    const period = periodOf(changed.subscription)
    const drawn = bill(desk, renewed(desk, changed.subscription), { reason: 'upcoming', period, waits: true, hasItems: true }).invoice
    const balance = desk.store.get('customer', before.customer)?.balance ?? 0
    const due = Math.max(0, drawn.total + balance)
    return {
      ...drawn,
      starting_balance: balance,
      ending_balance: drawn.total + balance - due,
      amount_due: due,
      amount_remaining: due,
      created: period.end,
      next_payment_attempt: period.end + 3600,
    }
  })
  const id = `upcoming_in_${before.id.slice(4)}`
  return { ...shown({ ...invoice, id, status: 'draft', number: null, hosted_invoice_url: null, invoice_pdf: null, auto_advance: false }) }
}

/** Metadata is joined to what is there already. */
export const updateFrom = (desk: Desk, subscription: Subscription, form: Form): Subscription =>
  update(desk, subscription, { ...readUpdate(desk, form), metadata: joined(subscription.metadata, form) })
