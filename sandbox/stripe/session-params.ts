import { isOn, priceNames, readPrice, usableCoupon } from './catalogue.ts'
import type { Desk } from './desk.ts'
import { invalid, makeId, missing } from './errors.ts'
import { containedTax, reduction } from './money.ts'
import { type Form, group, groups, oneOf, text, texts, whole } from './request.ts'
import type { Session, SessionItem } from './session-types.ts'
import type { Coupon, Customer } from './types.ts'

const DAY_SECONDS = 24 * 3600
const LEAST_SECONDS = 30 * 60

export const SESSION = [
  ...[
    'adaptive_pricing[enabled]',
    'allow_promotion_codes',
    'allowed_payment_method_types[]',
    'automatic_tax[enabled]',
    'billing_address_collection',
    'cancel_url',
  ],
  ...['client_reference_id', 'customer', 'customer_creation', 'customer_email', 'customer_update[address]', 'customer_update[name]', 'discounts[][coupon]'],
  ...[
    'expires_at',
    'invoice_creation[enabled]',
    'invoice_creation[invoice_data][metadata][]',
    'line_items[][quantity]',
    ...priceNames('line_items[][price_data]'),
  ],
  ...['locale', 'mode', 'payment_intent_data[description]', 'payment_intent_data[metadata][]', 'payment_method_collection', 'submit_type'],
  ...['subscription_data[description]', 'subscription_data[metadata][]', 'subscription_data[trial_period_days]', 'success_url', 'tax_id_collection[enabled]'],
  ...['tax_id_collection[required]', 'ui_mode'],
]

const url = (form: Form, name: string): string => {
  const value = text(form, name)
  if (value === undefined) throw invalid(`Missing required param: ${name}.`, name, 'parameter_missing')
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) throw invalid('Not a valid URL', name, 'url_invalid')
  return value
}

const readItem = (desk: Desk, item: Form, place: string): SessionItem & { currency: string } => {
  const at = `line_items[${place}]`
  const data = group(item, 'price_data')
  if (!data) throw invalid(`The stand-in needs ${at}[price_data].`, at, 'parameter_missing')
  const quantity = whole(text(item, 'quantity'), `${at}[quantity]`, 1)
  const { id, product, currency, unit_amount, recurring, tax_behavior } = readPrice(desk, data, `${at}[price_data]`, true)
  const name = desk.store.get('product', product)?.name ?? ''
  const every = recurring && { interval: recurring.interval, interval_count: recurring.interval_count }
  return { currency, name, quantity, unit_amount, price: id, product, recurring: every, tax_behavior }
}

/** Which parameters Stripe takes in one mode only. */
const ONE_MODE: Record<string, Session['mode']> = {
  ...{ customer_creation: 'payment', invoice_creation: 'payment', payment_intent_data: 'payment', submit_type: 'payment' },
  ...{ subscription_data: 'subscription', payment_method_collection: 'subscription' },
}

const readMode = (form: Form): Session['mode'] => {
  const said = text(form, 'mode')
  const mode = (['payment', 'subscription'] as const).find((each) => each === said)
  if (!mode) throw invalid('The stand-in knows `mode=payment` and `mode=subscription` only.', 'mode')
  const misplaced = Object.entries(ONE_MODE).find(([name, only]) => form[name] !== undefined && only !== mode)
  if (misplaced) throw invalid(`You can not pass \`${misplaced[0]}\` in \`${mode}\` mode.`, misplaced[0])
  return mode
}

const readItems = (desk: Desk, form: Form, mode: Session['mode']): { items: SessionItem[]; currency: string } => {
  const read = Object.entries(group(form, 'line_items') ?? {}).map(([place, item]) => readItem(desk, typeof item === 'object' ? item : {}, place))
  const [first] = read
  if (!first) throw invalid(`You must provide line_items in \`${mode}\` mode.`, 'line_items', 'parameter_missing')
  if (read.some(({ currency }) => currency !== first.currency)) throw invalid('All line items must have the same currency.', 'line_items')
  if (mode === 'payment' && read.some(({ recurring }) => recurring)) throw invalid('You specified `payment` mode but passed a recurring price.', 'line_items')
  if (mode === 'subscription' && read.some(({ recurring }) => !recurring))
    throw invalid('The stand-in needs a recurring price in every line item in `subscription` mode.', 'line_items')
  const every = new Set(read.map(({ recurring }) => JSON.stringify(recurring)))
  if (every.size > 1) throw invalid('All prices of a subscription must have the same interval here.', 'line_items')
  return { items: read.map(({ currency: _, ...item }) => item), currency: first.currency }
}

/** What Stripe demands of an existing customer before it asks for a business tax id or reckons tax. */
const checkCustomer = (form: Form, customer: Customer | undefined): void => {
  if (!customer) return
  if (text(form, 'customer_email') !== undefined) throw invalid('You may only specify one of these parameters: customer, customer_email.', 'customer')
  const update = group(form, 'customer_update')
  if (isOn(form, 'tax_id_collection') && text(update, 'name') !== 'auto')
    throw invalid('Tax ID collection requires updating business name on the customer. Please set `customer_update[name]` to `auto`.', 'tax_id_collection')
  if (isOn(form, 'automatic_tax') && text(update, 'address') !== 'auto' && !customer.address?.country)
    throw invalid(
      'Automatic tax calculation in Checkout requires a valid address on the Customer. Set `customer_update[address]` to `auto`.',
      'automatic_tax',
      'customer_tax_location_invalid',
    )
}

const readCustomer = ({ store }: Desk, form: Form): Customer | undefined => {
  const id = text(form, 'customer')
  if (id === undefined) return undefined
  const customer = store.get('customer', id)
  if (!customer) throw missing('customer', id, 'customer')
  return customer
}

const readEmail = (form: Form): string | null => {
  const email = text(form, 'customer_email')
  if (email !== undefined && !/^[^@\s]+@[^@\s]+$/.test(email)) throw invalid(`Invalid email address: ${email}`, 'customer_email', 'email_invalid')
  return email ?? null
}

const readExpiry = (form: Form, created: number): number => {
  const asked = text(form, 'expires_at')
  const expires = asked === undefined ? created + DAY_SECONDS : whole(asked, 'expires_at', 0)
  if (expires < created + LEAST_SECONDS || expires > created + DAY_SECONDS)
    throw invalid('The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.', 'expires_at')
  return expires
}

const readCoupon = (desk: Desk, form: Form, currency: string): Coupon | undefined => {
  const discounts = groups(form, 'discounts')
  const [discount] = discounts
  if (discounts.length > 1) throw invalid('You can only pass one discount.', 'discounts')
  if (discount && form['allow_promotion_codes'] !== undefined)
    throw invalid('You may only specify one of these parameters: allow_promotion_codes, discounts.', 'discounts')
  return discount && usableCoupon(desk, text(discount, 'coupon') ?? '', currency)
}

type Sums = Pick<Session, 'amount_subtotal' | 'amount_total' | 'total_details' | 'automatic_tax'>

const sums = (items: readonly SessionItem[], { coupon, hasTax, isTrial }: { coupon: Coupon | undefined; hasTax: boolean; isTrial: boolean }): Sums => {
  if (hasTax && items.some(({ tax_behavior: behaviour }) => behaviour !== 'inclusive'))
    throw invalid('Automatic tax needs `tax_behavior=inclusive` on every price here.', 'line_items')
  const subtotal = isTrial ? 0 : items.reduce((sum, { quantity, unit_amount: amount }) => sum + quantity * amount, 0)
  const off = coupon ? reduction(coupon, subtotal) : 0
  const tax = hasTax ? containedTax(subtotal - off) : 0
  return {
    ...{ amount_subtotal: subtotal, amount_total: subtotal - off, total_details: { amount_discount: off, amount_shipping: 0, amount_tax: tax } },
    automatic_tax: { enabled: hasTax, liability: hasTax ? { type: 'self' } : null, provider: hasTax ? 'stripe' : null, status: hasTax ? 'complete' : null },
  }
}

const readPlans = (form: Form, items: SessionItem[], due: number): Session['own'] => {
  const [intent, subscription, invoice] = ['payment_intent_data', 'subscription_data', 'invoice_creation'].map((name) => group(form, name))
  const days = text(subscription, 'trial_period_days')
  return {
    ...{ due, clock: null, items, taxIds: [] },
    ...{ intentMetadata: texts(group(intent, 'metadata')), intentDescription: text(intent, 'description') ?? null },
    ...{ subscriptionMetadata: texts(group(subscription, 'metadata')), subscriptionDescription: text(subscription, 'description') ?? null },
    ...{
      trialDays: days === undefined ? 0 : whole(days, 'subscription_data[trial_period_days]', 1),
      invoiceMetadata: texts(group(group(invoice, 'invoice_data'), 'metadata')),
    },
  }
}

const details = (customer: Customer | undefined, email: string | null): Session['customer_details'] =>
  customer || email !== null
    ? {
        ...{ address: customer?.address ?? null, business_name: null, email: customer?.email ?? email, individual_name: null, name: customer?.name ?? null },
        ...{ phone: null, tax_exempt: 'none', tax_ids: customer?.own.taxIds ?? [] },
      }
    : null

/** A session as it is asked for, not yet kept. @throws ApiError in Stripe's words for what Stripe would refuse. */
export const readNewSession = (desk: Desk, form: Form): Session => {
  const mode = readMode(form)
  const { items, currency } = readItems(desk, form, mode)
  const customer = readCustomer(desk, form)
  checkCustomer(form, customer)
  const [id, created, email] = [makeId('cs_test', 29), desk.stamp(), readEmail(form)]
  const [expires, coupon, hasTax] = [readExpiry(form, created), readCoupon(desk, form, currency), isOn(form, 'automatic_tax')]
  // Whoever asks has the wall's clock: a page lives by that one, however far ahead the stand-in's has been moved.
  const own = readPlans(form, items, expires + desk.store.ahead())
  const invoices = {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: null,
    metadata: own.invoiceMetadata,
    rendering_options: null,
  }
  const creation = oneOf(text(form, 'customer_creation'), 'customer_creation', ['always', 'if_required'] as const)
  return {
    ...{ id, object: 'checkout.session', ...sums(items, { coupon, hasTax, isTrial: own.trialDays > 0 }), created, currency, expires_at: expires, own },
    allowed_payment_method_types: group(form, 'allowed_payment_method_types') ? Object.values(texts(group(form, 'allowed_payment_method_types'))) : null,
    billing_address_collection: oneOf(text(form, 'billing_address_collection'), 'billing_address_collection', ['auto', 'required'] as const) ?? null,
    ...{ success_url: url(form, 'success_url'), cancel_url: text(form, 'cancel_url') === undefined ? null : url(form, 'cancel_url') },
    ...{
      client_reference_id: text(form, 'client_reference_id') ?? null,
      customer: customer?.id ?? null,
      customer_email: email,
      customer_details: details(customer, email),
    },
    ...{ customer_creation: mode === 'payment' ? (creation ?? 'if_required') : null, discounts: coupon ? [{ coupon: coupon.id, promotion_code: null }] : [] },
    ...{ invoice: null, invoice_creation: mode === 'payment' ? { enabled: isOn(form, 'invoice_creation'), invoice_data: invoices } : null, livemode: false },
    ...{ locale: text(form, 'locale') ?? null, metadata: texts(group(form, 'metadata')), mode, payment_intent: null, payment_status: 'unpaid', status: 'open' },
    payment_method_collection:
      oneOf(text(form, 'payment_method_collection'), 'payment_method_collection', ['always', 'if_required'] as const) ??
      (mode === 'payment' ? 'if_required' : 'always'),
    ...{ payment_method_types: ['card'], setup_intent: null, submit_type: text(form, 'submit_type') ?? null, subscription: null },
    ...{ tax_id_collection: { enabled: isOn(form, 'tax_id_collection'), required: 'never' }, url: `${desk.publicUrl}/sandbox/stripe/checkout/${id}` },
  }
}
