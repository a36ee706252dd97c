import type { Invoice, Item, Line, Pending, Subscription } from './billing-types.ts'
import type { Desk } from './desk.ts'
import { makeId } from './errors.ts'
import { price as words } from './html.ts'
import { containedTax, reduction, sharedOut } from './money.ts'
import { DAY_SECONDS, periodAfter } from './periods.ts'
import type { Coupon, Discount, Price } from './types.ts'

/** What becomes a line of an invoice, before discounts and tax are worked out. */
export type LineSeed = {
  amount: number
  description: string
  period: { start: number; end: number }
  price: (Pick<Price, 'id' | 'product'> & { unit_amount?: number }) | null
  quantity: number
  item: string | null
  pending: string | null
  isProration: boolean
}

const TAX_RATE = 'txr_standin_vat'

const taxOf = (amount: number): Line['taxes'][number] => {
  const tax = containedTax(amount)
  return {
    ...{ amount: tax, tax_behavior: 'inclusive', tax_rate_details: { tax_rate: TAX_RATE }, taxability_reason: 'standard_rated' },
    ...{ taxable_amount: amount - tax, type: 'tax_rate_details' },
  }
}

const parentOf = ({ item, pending, isProration }: LineSeed, subscription: string | null): Line['parent'] => {
  const proration = { proration: isProration, proration_details: isProration ? { credited_items: null } : null, subscription }
  if (item !== null) {
    const details = { invoice_item: pending, ...proration, subscription_item: item }
    return { invoice_item_details: null, subscription_item_details: details, type: 'subscription_item_details' }
  }
  return pending === null
    ? null
    : { invoice_item_details: { invoice_item: pending, ...proration }, subscription_item_details: null, type: 'invoice_item_details' }
}

export type Applied = { discount: Discount; coupon: Coupon }

/** A discount works on what is sold, not on what prorations give back or take. */
const discounted = (seeds: readonly LineSeed[], applied: readonly Applied[]): Line['discount_amounts'][] => {
  const left = seeds.map(({ amount, isProration }) => (isProration ? 0 : Math.max(0, amount)))
  const amounts: Line['discount_amounts'][] = seeds.map(() => [])
  for (const { discount, coupon } of applied) {
    const whole = left.reduce((sum, amount) => sum + amount, 0)
    sharedOut(reduction(coupon, whole), left).forEach((amount, place) => {
      left[place] = (left[place] ?? 0) - amount
      if (amount > 0) amounts[place]?.push({ amount, discount: discount.id })
    })
  }
  return amounts
}

type Frame = Pick<Invoice, 'id' | 'currency' | 'livemode'> & { subscription: string | null; hasTax: boolean; metadata: Line['metadata'] }

export const linesOf = (seeds: readonly LineSeed[], applied: readonly Applied[], { id, currency, livemode, subscription, hasTax, metadata }: Frame): Line[] => {
  const discounts = discounted(seeds, applied)
  return seeds.map((seed, place) => {
    const discount_amounts = discounts[place] ?? []
    const net = seed.amount - discount_amounts.reduce((sum, { amount }) => sum + amount, 0)
    return {
      ...{ id: makeId('il', 12), object: 'line_item', amount: seed.amount, currency, description: seed.description, discount_amounts },
      ...{ discountable: !seed.isProration, discounts: discount_amounts.map(({ discount }) => discount), invoice: id, livemode, metadata },
      ...{
        parent: parentOf(seed, subscription),
        period: seed.period,
        pretax_credit_amounts: [],
        quantity: seed.quantity,
        subscription,
        quantity_decimal: String(seed.quantity),
      },
      pricing: seed.price && {
        price_details: { price: seed.price.id, product: seed.price.product },
        type: 'price_details',
        unit_amount_decimal: String(seed.price.unit_amount ?? seed.amount),
      },
      ...{ subtotal: seed.amount, taxes: hasTax ? [taxOf(net)] : [] },
    }
  })
}

const summedTaxes = (lines: readonly Line[]): Line['taxes'] => {
  const taxes = lines.flatMap((line) => line.taxes)
  const [first] = taxes
  if (!first) return []
  const sum = (of: 'amount' | 'taxable_amount'): number => taxes.reduce((total, tax) => total + tax[of], 0)
  return [{ ...first, amount: sum('amount'), taxable_amount: sum('taxable_amount') }]
}

type Sums = Pick<Invoice, 'subtotal' | 'subtotal_excluding_tax' | 'total' | 'total_discount_amounts' | 'total_excluding_tax' | 'total_taxes'>

/** An invoice's sums; tax is contained in every one of them. */
export const sumsOf = (lines: readonly Line[]): Sums => {
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0)
  const cuts = lines.flatMap(({ discount_amounts: amounts }) => amounts)
  const total_discount_amounts = [...new Set(cuts.map(({ discount }) => discount))].map((discount) => ({
    amount: cuts.filter((cut) => cut.discount === discount).reduce((sum, { amount }) => sum + amount, 0),
    discount,
  }))
  const total = subtotal - total_discount_amounts.reduce((sum, { amount }) => sum + amount, 0)
  const total_taxes = summedTaxes(lines)
  const tax = total_taxes.reduce((sum, { amount }) => sum + amount, 0)
  return { subtotal, subtotal_excluding_tax: subtotal - tax, total, total_discount_amounts, total_excluding_tax: total - tax, total_taxes }
}

/** The discounts of a subscription that hold at this moment. */
export const appliedTo = ({ store }: Pick<Desk, 'store'>, discounts: readonly string[], at: number): Applied[] =>
  discounts.flatMap((id) => {
    const discount = store.get('discount', id)
    const coupon = discount && store.get('coupon', discount.source.coupon)
    return discount && coupon && (discount.end === null || at < discount.end) ? [{ discount, coupon }] : []
  })

/** `once` has been used by the first invoice it took something off. */
export const isUsedUp = ({ discount, coupon }: Applied, { total_discount_amounts: taken }: Pick<Invoice, 'total_discount_amounts'>): boolean =>
  coupon.duration === 'once' && taken.some((each) => each.discount === discount.id && each.amount > 0)

export const endOfDiscount = ({ duration, duration_in_months: months }: Coupon, start: number): number | null =>
  duration === 'repeating' ? periodAfter(start, { interval: 'month', interval_count: 1 }, months ?? 1) : null

const nameOf = ({ store }: Pick<Desk, 'store'>, { product }: Price): string => store.get('product', product)?.name ?? 'Product'

const per = ({ recurring }: Price): string =>
  recurring === null ? '' : ` / ${recurring.interval_count === 1 ? recurring.interval : `every ${recurring.interval_count} ${recurring.interval}s`}`

/** A period of an item as a line; of nothing while it is on trial. */
export const itemSeed = (desk: Pick<Desk, 'store'>, item: Item, isTrial: boolean): LineSeed => {
  const { price, quantity, current_period_start: start, current_period_end: end } = item
  const description = isTrial
    ? `Trial period for ${nameOf(desk, price)}`
    : `${quantity} × ${nameOf(desk, price)} (at ${words(price.unit_amount, price.currency)}${per(price)})`
  return {
    ...{ amount: isTrial ? 0 : price.unit_amount * quantity, description, period: { start, end }, price, quantity, item: item.id },
    ...{ pending: null, isProration: false },
  }
}

export const pendingSeed = ({ amount, description, period, price, quantity, item, id }: Pending): LineSeed => ({
  ...{ amount, description, period, price, quantity, item, pending: id, isProration: true },
})

export const prorationWords = (desk: Pick<Desk, 'store'>, { price, quantity }: Item, { what, at }: { what: 'Unused' | 'Remaining'; at: number }): string =>
  `${what} time on ${quantity === 1 ? '' : `${quantity} × `}${nameOf(desk, price)} after ${new Date(at * 1000).toUTCString().slice(5, 16)}`

export const isTooShortForNews = ({ items }: Subscription, days: number): boolean =>
  items.data.some(({ current_period_start: start, current_period_end: end }) => end - start <= days * DAY_SECONDS)
