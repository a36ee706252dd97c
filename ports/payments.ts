/** Integer minor units (cents; yen) and an upper-case ISO 4217 code. */
export type Money = { amountMinor: number; currency: string }

export type CheckoutRequest = {
  order: string
  /** Order and attempt: asking twice with the same key makes one session. */
  idempotencyKey: string
  price: Money
  title: string
  email: string
  successUrl: string
  cancelUrl: string
}

/** A checkout session as the provider tells it now. */
export type Checkout = {
  session: string
  order: string | undefined
  url: string | undefined
  status: 'open' | 'complete' | 'expired'
  isPaid: boolean
  paid: Money
  isLive: boolean
  payment: string | undefined
}

/** A payment as the provider tells it now: the checkout it was made in, and how much of `checkout.paid` has gone back, pending refunds included. */
export type Payment = { checkout: Checkout; refunded: Money }

/** A page of the payments of which something was given back; the same one may be on several. */
export type RefundedPayments = { items: string[]; next?: string }

/**
 * A verified webhook: only what says what to read again. `subject` is a checkout session's id and `payment` a payment's, where
 * the event is about one.
 */
export type PaymentNews = { id: string; type: string; createdAt: string; isLive: boolean; subject: string | undefined; payment: string | undefined }

/** The provider cannot be reached or fails: try again later. Everything else it says is a fault. */
export class PaymentsUnavailable extends Error {
  readonly code = 'payments-unavailable'
}

export type Payments = {
  isLive: boolean
  /** Whether exactly this much can be charged: currencies have smallest steps, and providers least and most amounts. */
  canCharge(price: Money): boolean
  /** @throws PaymentsUnavailable; RangeError for a price that cannot be charged. */
  openCheckout(request: CheckoutRequest): Promise<Checkout>
  /** @throws PaymentsUnavailable */
  readCheckout(session: string): Promise<Checkout>
  /**
   * Undefined for a payment that no checkout of this provider was paid by.
   * @throws PaymentsUnavailable
   */
  readPayment(payment: string): Promise<Payment | undefined>
  /**
   * What was refunded since a moment (ISO 8601), whoever sold it.
   * @throws PaymentsUnavailable
   */
  listRefunded(since: string, page?: string): Promise<RefundedPayments>
  /** Verifies the signature over the raw bytes; undefined when it does not hold, or is older than the tolerance. */
  readNews(rawBody: Uint8Array, signature: string | undefined): PaymentNews | undefined
}
