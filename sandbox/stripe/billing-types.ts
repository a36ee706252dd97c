import type { Address, List, Metadata, Own, Price, TaxId } from './types.ts'

export type Item = {
  id: string
  object: 'subscription_item'
  created: number
  current_period_end: number
  current_period_start: number
  metadata: Metadata
  price: Price
  quantity: number
  subscription: string
}

/** What was last taken for an item, and for which time: what a change gives back a part of. */
export type Debit = { item: string; amount: number; from: number; to: number }

export type SubscriptionStatus = 'trialing' | 'active' | 'past_due' | 'unpaid' | 'canceled' | 'incomplete' | 'incomplete_expired'
export type Subscription = Own<{ debits: Debit[]; toldTrialEnd: boolean; toldUpcoming: number | null }> & {
  id: string
  object: 'subscription'
  automatic_tax: { disabled_reason: null; enabled: boolean; liability: { type: 'self' } | null }
  billing_cycle_anchor: number
  cancel_at: number | null
  cancel_at_period_end: boolean
  canceled_at: number | null
  cancellation_details: {
    comment: string | null
    feedback: string | null
    feedback_option: null
    reason: 'cancellation_requested' | 'payment_failed' | 'payment_disputed' | null
  }
  created: number
  currency: string
  customer: string
  default_payment_method: string | null
  description: string | null
  discounts: string[]
  ended_at: number | null
  items: List<Item>
  latest_invoice: string | null
  livemode: boolean
  metadata: Metadata
  start_date: number
  status: SubscriptionStatus
  test_clock: string | null
  trial_end: number | null
  trial_start: number | null
}

type TaxAmount = {
  amount: number
  tax_behavior: 'inclusive'
  tax_rate_details: { tax_rate: string }
  taxability_reason: 'standard_rated'
  taxable_amount: number
  type: 'tax_rate_details'
}

type Proration = { credited_items: null } | null
export type Line = {
  id: string
  object: 'line_item'
  amount: number
  currency: string
  description: string
  discount_amounts: { amount: number; discount: string }[]
  discountable: boolean
  discounts: string[]
  invoice: string
  livemode: boolean
  metadata: Metadata
  parent: {
    invoice_item_details: { invoice_item: string; proration: boolean; proration_details: Proration; subscription: string | null } | null
    subscription_item_details: {
      invoice_item: string | null
      proration: boolean
      proration_details: Proration
      subscription: string | null
      subscription_item: string
    } | null
    type: 'invoice_item_details' | 'subscription_item_details'
  } | null
  period: { start: number; end: number }
  pretax_credit_amounts: never[]
  pricing: { price_details: { price: string; product: string }; type: 'price_details'; unit_amount_decimal: string } | null
  quantity: number
  quantity_decimal: string
  subscription: string | null
  subtotal: number
  taxes: TaxAmount[]
}

/** A proration that waits for the next invoice. */
export type Pending = {
  id: string
  object: 'invoiceitem'
  amount: number
  created: number
  currency: string
  customer: string
  description: string
  item: string
  period: { start: number; end: number }
  price: Price
  quantity: number
  subscription: string
  own: { due: null; clock: null; invoice: string | null; tax: boolean }
}

export type BillingReason = 'manual' | 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'upcoming'
export type Invoice = Own<{ intent: string | null; subscription: string | null }> & {
  id: string
  object: 'invoice'
  amount_due: number
  amount_paid: number
  amount_remaining: number
  attempt_count: number
  attempted: boolean
  auto_advance: boolean
  automatic_tax: { disabled_reason: null; enabled: boolean; liability: { type: 'self' } | null; provider: 'stripe' | null; status: 'complete' | null }
  automatically_finalizes_at: number | null
  billing_reason: BillingReason
  created: number
  currency: string
  customer: string
  customer_address: Address | null
  customer_email: string | null
  customer_name: string | null
  customer_tax_ids: TaxId[]
  description: string | null
  discounts: string[]
  effective_at: number | null
  ending_balance: number | null
  hosted_invoice_url: string | null
  invoice_pdf: string | null
  lines: List<Line>
  livemode: boolean
  metadata: Metadata
  next_payment_attempt: number | null
  number: string | null
  parent: { quote_details: null; subscription_details: { metadata: Metadata; subscription: string }; type: 'subscription_details' } | null
  period_end: number
  period_start: number
  starting_balance: number
  status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void'
  status_transitions: { finalized_at: number | null; marked_uncollectible_at: number | null; paid_at: number | null; voided_at: number | null }
  subtotal: number
  subtotal_excluding_tax: number
  test_clock: string | null
  total: number
  total_discount_amounts: { amount: number; discount: string }[]
  total_excluding_tax: number
  total_taxes: TaxAmount[]
}

export type InvoicePayment = {
  id: string
  object: 'invoice_payment'
  amount_paid: number | null
  amount_requested: number
  created: number
  currency: string
  invoice: string
  is_default: boolean
  livemode: boolean
  payment: { payment_intent: string; type: 'payment_intent' }
  status: 'open' | 'paid' | 'canceled'
  status_transitions: { canceled_at: number | null; paid_at: number | null }
}
