import type { Recurring } from './periods.ts'

/**
 * What the stand-in keeps of each thing, named as Stripe names it. Fields that never change with it are added when it is shown
 * (shown.ts). `own` is the stand-in's alone: when it is next to be worked on, and on which test clock it lies.
 */
export type Own<More = unknown> = { own: { due: number | null; clock: string | null } & More }
export type Metadata = Record<string, string>
export type List<T> = { object: 'list'; data: T[]; has_more: boolean; total_count: number; url: string }
export type Address = {
  city: string | null
  country: string | null
  line1: string | null
  line2: string | null
  postal_code: string | null
  state: string | null
}
export type TaxId = { type: string; value: string }

export type Customer = Own<{ taxIds: TaxId[]; invoices: number }> & {
  id: string
  object: 'customer'
  address: Address | null
  balance: number
  created: number
  currency: string | null
  delinquent: boolean
  description: string | null
  email: string | null
  invoice_prefix: string
  invoice_settings: { custom_fields: null; default_payment_method: string | null; footer: null; rendering_options: null }
  livemode: boolean
  metadata: Metadata
  name: string | null
  test_clock: string | null
}

export type Product = {
  id: string
  object: 'product'
  created: number
  name: string
  description: string | null
  livemode: boolean
  metadata: Metadata
  updated: number
}

export type TaxBehaviour = 'inclusive' | 'unspecified'
export type Price = {
  id: string
  object: 'price'
  created: number
  currency: string
  livemode: boolean
  metadata: Metadata
  product: string
  recurring: (Recurring & { meter: null; trial_period_days: null; usage_type: 'licensed' }) | null
  tax_behavior: TaxBehaviour
  type: 'one_time' | 'recurring'
  unit_amount: number
}

export type Coupon = {
  id: string
  object: 'coupon'
  amount_off: number | null
  created: number
  currency: string | null
  duration: 'forever' | 'once' | 'repeating'
  duration_in_months: number | null
  livemode: boolean
  max_redemptions: number | null
  metadata: Metadata
  name: string | null
  percent_off: number | null
  redeem_by: number | null
  times_redeemed: number
  valid: boolean
}

export type Discount = {
  id: string
  object: 'discount'
  created: number
  checkout_session: string | null
  customer: string | null
  end: number | null
  source: { coupon: string; type: 'coupon' }
  start: number
  subscription: string | null
}

/** How a test card behaves; the number itself is never kept. */
export type Behaviour =
  | 'pays'
  | 'attaches'
  | 'asks-once'
  | 'asks-always'
  | 'disputed'
  | 'warned'
  | 'refund-fails'
  | 'generic_decline'
  | 'insufficient_funds'
  | 'expired_card'

export type PaymentMethod = {
  id: string
  object: 'payment_method'
  card: { brand: string; exp_month: number; exp_year: number; last4: string }
  created: number
  customer: string | null
  email: string | null
  livemode: boolean
  name: string | null
  own: { due: null; clock: null; behaviour: Behaviour }
}

export type CardError = { type: 'card_error'; code: string; decline_code?: string; message: string }

export type Intent = {
  id: string
  object: 'payment_intent'
  amount: number
  amount_received: number
  client_secret: string
  created: number
  currency: string
  customer: string | null
  description: string | null
  last_payment_error: CardError | null
  latest_charge: string | null
  livemode: boolean
  metadata: Metadata
  payment_method: string | null
  receipt_email: string | null
  status: 'requires_payment_method' | 'requires_action' | 'succeeded' | 'canceled'
}

export type Charge = {
  id: string
  object: 'charge'
  amount: number
  amount_captured: number
  amount_refunded: number
  billing_details: { address: Address | null; email: string | null; name: string | null; phone: null; tax_id: null }
  created: number
  currency: string
  customer: string | null
  description: string | null
  disputed: boolean
  failure_code: string | null
  failure_message: string | null
  livemode: boolean
  metadata: Metadata
  paid: boolean
  payment_intent: string
  payment_method: string | null
  payment_method_details: { card: PaymentMethod['card']; type: 'card' }
  refunded: boolean
  status: 'succeeded' | 'failed'
}

export type Refund = Own & {
  id: string
  object: 'refund'
  amount: number
  charge: string
  created: number
  currency: string
  customer: string | null
  failure_reason?: string
  metadata: Metadata
  payment_intent: string
  payment_method: string | null
  reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null
  status: 'succeeded' | 'failed'
}

export type Dispute = {
  id: string
  object: 'dispute'
  amount: number
  charge: string
  created: number
  currency: string
  evidence_details: {
    due_by: number | null
    enhanced_eligibility: Record<string, never>
    has_evidence: boolean
    past_due: boolean
    submission_count: number
    submission_method: 'dashboard'
  }
  livemode: boolean
  metadata: Metadata
  payment_intent: string
  reason: string
  status: 'warning_needs_response' | 'warning_closed' | 'needs_response' | 'won' | 'lost'
}

export type Warning = {
  id: string
  object: 'radar.early_fraud_warning'
  actionable: boolean
  charge: string
  created: number
  fraud_type: string
  livemode: boolean
  payment_intent: string
}

export type SetupIntent = {
  id: string
  object: 'setup_intent'
  created: number
  customer: string
  livemode: boolean
  metadata: Metadata
  payment_method: string
  status: 'succeeded'
  usage: 'off_session'
}

export type Clock = {
  id: string
  object: 'test_helpers.test_clock'
  created: number
  deletes_after: number
  frozen_time: number
  livemode: boolean
  name: string | null
  status: 'ready'
  status_details: Record<string, never>
}

export type PortalSession = {
  id: string
  object: 'billing_portal.session'
  created: number
  customer: string
  livemode: boolean
  return_url: string | null
  url: string
}
