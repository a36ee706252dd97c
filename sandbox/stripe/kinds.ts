import type { Invoice, InvoicePayment, Pending, Subscription } from './billing-types.ts'
import type { Session } from './session-types.ts'
import type {
  Charge,
  Clock,
  Coupon,
  Customer,
  Discount,
  Dispute,
  Intent,
  PaymentMethod,
  PortalSession,
  Price,
  Product,
  Refund,
  SetupIntent,
  Warning,
} from './types.ts'

/** Everything the stand-in keeps, by the name Stripe gives it. */
export type Kept =
  | Session
  | Charge
  | Clock
  | Coupon
  | Customer
  | Discount
  | Dispute
  | Intent
  | Invoice
  | InvoicePayment
  | PaymentMethod
  | Pending
  | PortalSession
  | Price
  | Product
  | Refund
  | SetupIntent
  | Subscription
  | Warning
export type Kind = Kept['object']
export type KeptAs<K extends Kind> = Extract<Kept, { object: K }>

/** Ids of other things by which this one is looked for. */
export const linksOf = (kept: Kept): string[] => {
  const at = (name: string): unknown => ('own' in kept && name in kept.own ? Reflect.get(kept.own, name) : Reflect.get(kept, name))
  const named = ['customer', 'subscription', 'payment_intent', 'charge', 'invoice', 'test_clock', 'intent', 'payment_method'].map(at)
  const paid = kept.object === 'invoice_payment' ? kept.payment.payment_intent : undefined
  return [...named, paid].filter((id) => typeof id === 'string')
}
