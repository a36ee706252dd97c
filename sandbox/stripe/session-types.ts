import type { Recurring } from './periods.ts'
import type { Address, Metadata, TaxBehaviour, TaxId } from './types.ts'

/** A line of a session: its price is made when the session is. */
export type SessionItem = {
  name: string
  quantity: number
  unit_amount: number
  price: string
  product: string
  recurring: Recurring | null
  tax_behavior: TaxBehaviour
}

/** What a session does once it is paid, and what only the stand-in keeps of it. */
export type SessionPlans = {
  due: number | null
  clock: null
  items: SessionItem[]
  intentMetadata: Metadata
  intentDescription: string | null
  subscriptionMetadata: Metadata
  subscriptionDescription: string | null
  trialDays: number
  invoiceMetadata: Metadata
  taxIds: TaxId[]
}

export type Session = {
  id: string
  object: 'checkout.session'
  amount_subtotal: number
  amount_total: number
  automatic_tax: { enabled: boolean; liability: { type: 'self' } | null; provider: 'stripe' | null; status: 'complete' | 'requires_location_inputs' | null }
  allowed_payment_method_types: string[] | null
  billing_address_collection: 'auto' | 'required' | null
  cancel_url: string | null
  client_reference_id: string | null
  created: number
  currency: string
  customer: string | null
  customer_creation: 'always' | 'if_required' | null
  customer_details: {
    address: Address | null
    business_name: null
    email: string | null
    individual_name: null
    name: string | null
    phone: null
    tax_exempt: 'none'
    tax_ids: TaxId[]
  } | null
  customer_email: string | null
  discounts: { coupon: string; promotion_code: null }[]
  expires_at: number
  invoice: string | null
  invoice_creation: {
    enabled: boolean
    invoice_data: { account_tax_ids: null; custom_fields: null; description: null; footer: null; issuer: null; metadata: Metadata; rendering_options: null }
  } | null
  livemode: boolean
  locale: string | null
  metadata: Metadata
  mode: 'payment' | 'subscription'
  payment_intent: string | null
  payment_method_collection: 'always' | 'if_required' | null
  payment_method_types: string[]
  payment_status: 'paid' | 'unpaid' | 'no_payment_required'
  setup_intent: string | null
  status: 'open' | 'complete' | 'expired'
  submit_type: string | null
  subscription: string | null
  success_url: string
  tax_id_collection: { enabled: boolean; required: 'never' }
  total_details: { amount_discount: number; amount_shipping: number; amount_tax: number }
  url: string | null
  own: SessionPlans
}
