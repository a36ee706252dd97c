import type { Desk } from './desk.ts'
import { ApiError, invalid, makeId, missing } from './errors.ts'
import type { Interval, Recurring } from './periods.ts'
import { type Form, group, groups, joined, oneOf, required, text, texts, truth, whole } from './request.ts'
import type { Coupon, Customer, Price, Product } from './types.ts'

const INTERVALS: readonly Interval[] = ['day', 'week', 'month', 'year']
/** The longest interval Stripe bills by. */
const MOST_YEARS: Record<Interval, number> = { day: 1095, week: 156, month: 36, year: 3 }

export const readRecurring = (form: Form | undefined, at: string): Recurring | null => {
  if (!form) return null
  const interval = oneOf(required(form, 'interval', `${at}[interval]`), `${at}[interval]`, INTERVALS) ?? 'month'
  const interval_count = whole(text(form, 'interval_count') ?? '1', `${at}[interval_count]`, 1)
  if (interval_count > MOST_YEARS[interval]) throw invalid('The maximum billing interval is three years.', `${at}[interval_count]`)
  return { interval, interval_count }
}

export const makeProduct = ({ store, seconds, tell }: Desk, form: Form): Product => {
  const at = seconds()
  const product = store.put<Product>({
    ...{ id: text(form, 'id') ?? makeId('prod', 9), object: 'product', created: at, updated: at, name: required(form, 'name') },
    ...{ description: text(form, 'description') ?? null, livemode: false, metadata: texts(group(form, 'metadata')) },
  })
  tell('product.created', product)
  return product
}

export type NewPrice = Pick<Price, 'currency' | 'product' | 'tax_behavior' | 'unit_amount'> & { recurring: Recurring | null }

export const makePrice = ({ store, seconds, tell }: Desk, { recurring, ...asked }: NewPrice): Price => {
  const price = store.put<Price>({
    ...{ ...asked, id: makeId('price', 12), object: 'price', created: seconds(), livemode: false, metadata: {} },
    recurring: recurring && { ...recurring, meter: null, trial_period_days: null, usage_type: 'licensed' },
    type: recurring ? 'recurring' : 'one_time',
  })
  tell('price.created', price)
  return price
}

const PRICE = [
  'currency',
  'unit_amount',
  'tax_behavior',
  'recurring[interval]',
  'recurring[interval_count]',
  'product',
  'product_data[name]',
  'product_data[description]',
  'product_data[metadata][]',
]

/** What may be in `price_data`, for the list of what a call knows. */
export const priceNames = (at: string): string[] => PRICE.map((name) => `${at}${name.replace(/^\w+/, '[$&]')}`)
export const PRICE_NAMES = PRICE

/** A price made for one thing sold. `product_data` makes its product too, where the call has that. */
export const readPrice = (desk: Desk, form: Form, at: string, mayMakeProduct: boolean): Price => {
  const currency = required(form, 'currency', `${at}[currency]`)
  if (!/^[a-z]{3}$/.test(currency)) throw invalid(`Invalid currency: ${currency}.`, `${at}[currency]`)
  const behaviour = oneOf(text(form, 'tax_behavior'), `${at}[tax_behavior]`, ['inclusive', 'exclusive', 'unspecified'] as const) ?? 'unspecified'
  if (behaviour === 'exclusive')
    throw invalid('The stand-in knows taxes that are contained in the price only (`tax_behavior=inclusive`).', `${at}[tax_behavior]`)
  const [data, named] = [group(form, 'product_data'), text(form, 'product')]
  if (data && !mayMakeProduct) throw invalid(`Received unknown parameter: ${at}[product_data]`, `${at}[product_data]`, 'parameter_unknown')
  if (!data && named === undefined) throw invalid(`Missing required param: ${at}[${mayMakeProduct ? 'product_data' : 'product'}].`, at, 'parameter_missing')
  if (data) required(data, 'name', `${at}[product_data][name]`)
  const product = data ? makeProduct(desk, data) : desk.store.get('product', named)
  if (!product) throw missing('product', named ?? '', `${at}[product]`)
  const unit_amount = whole(text(form, 'unit_amount'), `${at}[unit_amount]`, 0)
  return makePrice(desk, {
    currency,
    product: product.id,
    recurring: readRecurring(group(form, 'recurring'), `${at}[recurring]`),
    tax_behavior: behaviour,
    unit_amount,
  })
}

export const makeCoupon = ({ store, seconds, tell }: Desk, form: Form): Coupon => {
  const id = text(form, 'id') ?? makeId('c', 4).slice(2).toUpperCase()
  if (store.get('coupon', id)) throw new ApiError(400, 'Coupon already exists.', { type: 'invalid_request_error', code: 'resource_already_exists' })
  const [off, percent] = [text(form, 'amount_off'), text(form, 'percent_off')]
  if ((off === undefined) === (percent === undefined)) throw invalid('You must pass either `percent_off` or `amount_off`, and not both.')
  if (percent !== undefined && !(Number(percent) > 0 && Number(percent) <= 100))
    throw invalid('Invalid decimal: percent_off must be between 0 and 100.', 'percent_off')
  const duration = oneOf(text(form, 'duration'), 'duration', ['forever', 'once', 'repeating'] as const) ?? 'once'
  const [months, most, until] = ['duration_in_months', 'max_redemptions', 'redeem_by'].map((name) =>
    text(form, name) === undefined ? null : whole(text(form, name), name, 1),
  )
  if (duration === 'repeating' && months === null) throw invalid('Missing required param: duration_in_months.', 'duration_in_months', 'parameter_missing')
  const coupon = store.put<Coupon>({
    ...{
      id,
      object: 'coupon',
      amount_off: off === undefined ? null : whole(off, 'amount_off', 1),
      currency: off === undefined ? null : required(form, 'currency'),
    },
    ...{
      created: seconds(),
      duration,
      duration_in_months: months ?? null,
      livemode: false,
      max_redemptions: most ?? null,
      metadata: texts(group(form, 'metadata')),
    },
    ...{
      name: text(form, 'name') ?? null,
      percent_off: percent === undefined ? null : Number(percent),
      redeem_by: until ?? null,
      times_redeemed: 0,
      valid: true,
    },
  })
  tell('coupon.created', coupon)
  return coupon
}

/** @throws ApiError for a coupon that can no longer be used. */
export const usableCoupon = ({ store, seconds }: Desk, id: string, currency: string): Coupon => {
  const coupon = store.get('coupon', id)
  if (!coupon) throw missing('coupon', id, 'discounts[0][coupon]')
  const isLate = coupon.redeem_by !== null && coupon.redeem_by <= seconds()
  if (!coupon.valid || isLate) throw invalid(`Coupon ${id} is used up, or has expired.`, 'discounts[0][coupon]', 'coupon_expired')
  if (coupon.currency !== null && coupon.currency !== currency)
    throw invalid(`The coupon's currency (${coupon.currency}) is not that of the items (${currency}).`, 'discounts')
  return coupon
}

export const redeem = ({ store, tell }: Desk, id: string): Coupon | undefined => {
  const coupon = store.get('coupon', id)
  if (!coupon) return undefined
  const times_redeemed = coupon.times_redeemed + 1
  const redeemed = store.put<Coupon>({ ...coupon, times_redeemed, valid: coupon.max_redemptions === null || times_redeemed < coupon.max_redemptions })
  tell('coupon.updated', redeemed, coupon)
  return redeemed
}

const readAddress = (form: Form | undefined): Customer['address'] =>
  form
    ? {
        city: text(form, 'city') ?? null,
        country: text(form, 'country') ?? null,
        line1: text(form, 'line1') ?? null,
        line2: text(form, 'line2') ?? null,
        postal_code: text(form, 'postal_code') ?? null,
        state: text(form, 'state') ?? null,
      }
    : null

const ADDRESS = ['city', 'country', 'line1', 'line2', 'postal_code', 'state'].map((name) => `address[${name}]`)
export const CUSTOMER = [
  'email',
  'name',
  'description',
  'address',
  ...ADDRESS,
  'invoice_settings[default_payment_method]',
  'tax_id_data[][type]',
  'tax_id_data[][value]',
  'test_clock',
]

const email = (form: Form): string | null => {
  const said = text(form, 'email')
  if (said && !/^[^@\s]+@[^@\s]+$/.test(said)) throw invalid(`Invalid email address: ${said}`, 'email', 'email_invalid')
  return said ? said : null
}

export const makeCustomer = ({ store, seconds, tell }: Desk, form: Form): Customer => {
  const clock = text(form, 'test_clock') ?? null
  if (clock !== null && !store.get('test_helpers.test_clock', clock)) throw missing('testclock', clock, 'test_clock')
  const created = clock === null ? seconds() : (store.get('test_helpers.test_clock', clock)?.frozen_time ?? seconds())
  const taxIds = groups(form, 'tax_id_data').map((each) => ({ type: required(each, 'type'), value: required(each, 'value') }))
  const settings = { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null }
  const customer = store.put<Customer>({
    ...{ id: makeId('cus', 9), object: 'customer', address: readAddress(group(form, 'address')), balance: 0, created, currency: null, delinquent: false },
    ...{
      description: text(form, 'description') ?? null,
      email: email(form),
      invoice_prefix: makeId('p', 4).slice(2).toUpperCase(),
      invoice_settings: settings,
    },
    ...{ livemode: false, metadata: texts(group(form, 'metadata')), name: text(form, 'name') ?? null, test_clock: clock },
    own: { due: null, clock: null, taxIds, invoices: 0 },
  })
  tell('customer.created', customer)
  return customer
}

export const updateCustomer = ({ store, tell }: Desk, before: Customer, form: Form): Customer => {
  const card = text(group(form, 'invoice_settings'), 'default_payment_method') ?? before.invoice_settings.default_payment_method
  if (card !== null && !store.get('payment_method', card)) throw missing('payment_method', card, 'invoice_settings[default_payment_method]')
  const address = group(form, 'address')
  const customer = store.put<Customer>({
    ...{
      ...before,
      metadata: joined(before.metadata, form),
      email: form['email'] === undefined ? before.email : email(form),
      name: text(form, 'name') ?? before.name,
    },
    ...{ description: text(form, 'description') ?? before.description, address: address ? readAddress(address) : before.address },
    invoice_settings: { ...before.invoice_settings, default_payment_method: card },
  })
  tell('customer.updated', customer, before)
  return customer
}

export const isOn = (form: Form, name: string): boolean => truth(text(group(form, name), 'enabled'), `${name}[enabled]`) ?? false
