import type { Kept, Kind } from './kinds.ts'
import type { List, Price } from './types.ts'

export type Shown = Record<string, unknown> & { id: string; created?: number }

/** An interval's old name for what is charged, which an item still tells. */
const planOf = ({ id, created, currency, livemode, metadata, product, recurring, unit_amount: amount }: Price): Record<string, unknown> => ({
  ...{ id, object: 'plan', active: true, amount, amount_decimal: String(amount), billing_scheme: 'per_unit', created, currency, livemode, metadata, product },
  ...{ interval: recurring?.interval ?? 'month', interval_count: recurring?.interval_count ?? 1, meter: null, nickname: null, tiers_mode: null },
  ...{ transform_usage: null, trial_period_days: null, usage_type: 'licensed' },
})

/** What Stripe says of each kind that is always the same here. */
const ALWAYS: Partial<Record<Kind, Record<string, unknown>>> = {
  'checkout.session': {
    ...{ adaptive_pricing: { enabled: false }, after_expiration: null, allow_promotion_codes: null, client_secret: null, collected_information: null },
    ...{ consent: null, consent_collection: null, currency_conversion: null, custom_fields: [], customer_account: null, integration_identifier: null },
    ...{ custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null }, managed_payments: null },
    ...{ origin_context: null, payment_link: null, payment_method_configuration_details: null, payment_method_options: {}, permissions: null },
    ...{ recovered_from: null, saved_payment_method_options: null, shipping_address_collection: null, shipping_cost: null, shipping_options: [] },
    ...{ ui_mode: 'hosted_page', wallet_options: null },
  },
  customer: { default_source: null, discount: null, phone: null, preferred_locales: [], shipping: null, tax_exempt: 'none' },
  product: {
    ...{ active: true, default_price: null, images: [], marketing_features: [], package_dimensions: null, shippable: null, statement_descriptor: null },
    ...{ tax_code: null, tax_details: null, type: 'service', unit_label: null, url: null },
  },
  price: {
    ...{ active: true, billing_scheme: 'per_unit', custom_unit_amount: null, lookup_key: null, nickname: null, tiers_mode: null, transform_quantity: null },
  },
  discount: { customer_account: null, invoice: null, invoice_item: null, promotion_code: null, subscription_item: null },
  payment_method: { allow_redisplay: 'limited', customer_account: null, metadata: {}, type: 'card' },
  payment_intent: {
    ...{
      amount_capturable: 0,
      application: null,
      automatic_payment_methods: null,
      canceled_at: null,
      cancellation_reason: null,
      capture_method: 'automatic_async',
    },
    ...{
      confirmation_method: 'automatic',
      customer_account: null,
      next_action: null,
      payment_method_types: ['card'],
      processing: null,
      setup_future_usage: null,
    },
    ...{ shipping: null, statement_descriptor: null, allowed_payment_method_types: null, application_fee_amount: null, managed_payments: null },
    ...{ excluded_payment_method_types: null, on_behalf_of: null, payment_method_configuration_details: null, payment_method_options: {}, review: null },
    ...{ payment_record: null, source: null, statement_descriptor_suffix: null, transfer_group: null },
  },
  charge: {
    ...{ captured: true, balance_transaction: null, receipt_url: null, outcome: null, review: null, application: null, application_fee: null },
    ...{ application_fee_amount: null, calculated_statement_descriptor: null, failure_balance_transaction: null, fraud_details: {}, on_behalf_of: null },
    ...{ receipt_email: null, receipt_number: null, shipping: null, source: null, source_transfer: null, statement_descriptor: null },
    ...{ statement_descriptor_suffix: null, transfer_data: null, transfer_group: null },
  },
  refund: {
    ...{ balance_transaction: null, customer_account: null, destination_details: { card: { type: 'refund' }, type: 'card' }, receipt_number: null },
    ...{ source_transfer_reversal: null, transfer_reversal: null },
  },
  dispute: {
    ...{
      balance_transactions: [],
      enhanced_eligibility_types: [],
      evidence: { enhanced_evidence: {} },
      intended_submission_method: null,
      is_charge_refundable: false,
    },
  },
  subscription: {
    ...{ application: null, application_fee_percent: null, billing_cycle_anchor_config: null, billing_schedules: [], billing_thresholds: null },
    ...{ billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' }, collection_method: 'charge_automatically', customer_account: null },
    ...{ days_until_due: null, default_source: null, default_tax_rates: [], managed_payments: null, next_pending_invoice_item_invoice: null },
    ...{ invoice_settings: { account_tax_ids: null, custom_fields: null, description: null, footer: null, issuer: { type: 'self' } }, on_behalf_of: null },
    ...{ pause_collection: null, pending_invoice_item_interval: null, pending_setup_intent: null, pending_update: null, schedule: null, transfer_data: null },
    ...{ payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: 'off' } },
    ...{ trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' } } },
  },
  invoice: {
    ...{ account_country: 'DE', account_name: 'Stripe stand-in', account_tax_ids: null, amount_overpaid: 0, amount_shipping: 0, application: null },
    ...{ collection_method: 'charge_automatically', custom_fields: null, customer_account: null, customer_phone: null, customer_shipping: null },
    ...{ customer_tax_exempt: 'none', default_payment_method: null, default_source: null, default_tax_rates: [], due_date: null, footer: null },
    ...{ from_invoice: null, issuer: { type: 'self' }, last_finalization_error: null, latest_revision: null, on_behalf_of: null },
    ...{ payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null }, post_payment_credit_notes_amount: 0 },
    ...{ pre_payment_credit_notes_amount: 0, receipt_number: null, rendering: null, shipping_cost: null, shipping_details: null, statement_descriptor: null },
    ...{ total_pretax_credit_amounts: [], webhooks_delivered_at: null },
  },
  setup_intent: {
    cancellation_reason: null,
    client_secret: null,
    description: null,
    last_setup_error: null,
    latest_attempt: null,
    payment_method_types: ['card'],
  },
  'billing_portal.session': { configuration: 'bpc_standin', customer_account: null, flow: null, locale: null, on_behalf_of: null },
  invoiceitem: { discountable: true, proration: true },
}

export const listOf = <T>(data: T[], url: string): List<T> => ({ object: 'list', data, has_more: false, total_count: data.length, url })

/** A thing as the API tells it: what only the stand-in keeps stays out. */
export const shown = (kept: Kept): Shown => {
  const told: Shown = { ...ALWAYS[kept.object], ...kept }
  delete told['own']
  if (kept.object === 'discount') delete told['created']
  if (kept.object === 'price') return { ...told, unit_amount_decimal: String(kept.unit_amount) }
  if (kept.object === 'subscription') {
    const always = { billing_thresholds: null, current_trial: null, discounts: [], tax_rates: [] }
    const data = kept.items.data.map((item) => ({ ...always, ...item, price: shown(item.price), plan: planOf(item.price) }))
    return { ...told, items: { ...kept.items, data } }
  }
  return told
}

/** What differs, as an event's `previous_attributes` tells it: the old value of every field that changed. */
export const changed = (before: Shown, after: Shown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(before).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name])))
