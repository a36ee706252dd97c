/** Integer minor units (cents; yen) and an upper-case ISO 4217 code. */
export type Money = { amountMinor: number; currency: string }

export type Interval = 'month' | 'year'

export type CheckoutRequest = {
  order: string
  /** Order and attempt: asking twice with the same key makes one session. */
  idempotencyKey: string
  /** Of one. Where tax is collected it is contained. */
  price: Money
  quantity: number
  title: string
  email: string
  /** The provider's customer, where the learner is one already. */
  customer?: string
  successUrl: string
  cancelUrl: string
  /** Absent for what is paid once. `firstOffMinor`: taken off the first payment only. */
  recurring?: { every: Interval; trialDays: number; firstOffMinor: number }
  isTaxed: boolean
  /** When the page runs out (ISO 8601); a day from now when left out. The provider's least is half an hour. */
  expiresAt?: string
}

/** A checkout session as the provider tells it now. */
export type Checkout = {
  session: string
  order: string | undefined
  url: string | undefined
  status: 'open' | 'complete' | 'expired'
  /** Complete, and nothing is owed: also where a trial or a coupon left nothing to pay. */
  isPaid: boolean
  paid: Money
  /** Contained in `paid`. */
  taxMinor: number
  isLive: boolean
  payment: string | undefined
  customer: string | undefined
  subscription: string | undefined
  /** The buyer as they gave themselves at checkout. */
  buyer: Buyer
}

export type Buyer = { name: string | undefined; country: string | undefined; taxId: string | undefined }

/**
 * A payment as the provider tells it now: what it was for (a checkout, or an invoice of something recurring), how much of it has
 * gone back (pending refunds included), and what the bank says of it.
 */
export type Payment = {
  payment: string
  paid: Money
  refunded: Money
  /** Of a sale by checkout. */
  checkout: Checkout | undefined
  /** Of something recurring. */
  invoice: string | undefined
  subscription: string | undefined
  dispute: Dispute | undefined
  /** Its early fraud warning, if there is one. */
  fraudWarning: string | undefined
  isLive: boolean
}

/**
 * `open` until the bank has decided, and has the money. A withdrawn dispute is won. An `inquiry` comes before it: the bank asks, no
 * money moves, and giving it back settles it; `dropped` once it came to nothing, or was settled so.
 */
export type Dispute = { id: string; outcome: 'inquiry' | 'dropped' | 'open' | 'won' | 'lost'; amount: Money; reason: string; answerBy: string | undefined }

export type Invoice = {
  id: string
  number: string | undefined
  subscription: string | undefined
  state: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible'
  why: 'first' | 'renewal' | 'change' | 'other'
  /** What was or is to be paid: after credit, so that it may be nought. */
  total: Money
  /** Contained in it. */
  taxMinor: number
  /** ISO 8601. */
  createdAt: string
  paidAt: string | undefined
  /** How often it has been tried, when it is tried next, and whether the bank wants the learner to confirm it. */
  attempts: number
  retryAt: string | undefined
  needsAction: boolean
  payment: string | undefined
  /** Where the learner can pay it, and see it. */
  url: string | undefined
  isLive: boolean
}

/** A subscription as the provider tells it now, its newest invoices first (at most a dozen). */
export type Subscription = {
  id: string
  order: string | undefined
  customer: string
  status: 'trialing' | 'active' | 'past_due' | 'unpaid' | 'canceled' | 'incomplete' | 'incomplete_expired' | 'paused'
  price: Money
  every: Interval
  startedAt: string
  periodEnd: string
  /** It ends then and is not renewed. */
  endsAt: string | undefined
  endedAt: string | undefined
  invoices: Invoice[]
  isLive: boolean
}

/** `reckonedAt`: what is left of the period counts from there (ISO 8601), so that two answers about one change are of one amount. */
export type SubscriptionChange = { subscription: string; price: Money; every: Interval; title: string; isTaxed: boolean; reckonedAt: string }

/** A page of the payments of which something was given back; the same one may be on several. */
export type RefundedPayments = { items: string[]; next?: string }

/**
 * News of the provider's, verified or read from its own list: only what says what to read again. Each is the id of what the
 * event is about, or belongs to, where there is one.
 */
export type PaymentNews = {
  id: string
  type: string
  createdAt: string
  isLive: boolean
  /** The provider's account it happened in, where it says. */
  account: string | undefined
  apiVersion: string | undefined
  /** A checkout session. */
  subject: string | undefined
  payment: string | undefined
  subscription: string | undefined
  invoice: string | undefined
}

/** News as it lies in the provider's list of events; `raw` is its body. */
export type ListedNews = { news: PaymentNews; raw: string }

/** The provider cannot be reached or fails: try again later. Everything else it says is a fault. */
export class PaymentsUnavailable extends Error {
  readonly code = 'payments-unavailable'
}

/** Under this idempotency key the provider keeps a failure, or another request: it does nothing for it any more. Ask under a new one. */
export class PaymentKeySpent extends Error {
  readonly code = 'payment-key-spent'
}

/** The provider has understood and says no: too much is given back, a card is declined. `message` may be shown to staff. */
export class PaymentRefused extends Error {
  readonly code = 'payment-refused'
}

/** Whatever asks the provider throws PaymentsUnavailable when it cannot be asked. */
export type Payments = {
  isLive: boolean
  /** Whether exactly this much can be charged: currencies have smallest steps, and providers least and most amounts. */
  canCharge(price: Money): boolean
  /** @throws PaymentKeySpent; RangeError for a price that cannot be charged. */
  openCheckout(request: CheckoutRequest): Promise<Checkout>
  readCheckout(session: string): Promise<Checkout>
  /** Takes a page back so that nobody can pay on it any more; answers it as it is then, which may be paid. */
  closeCheckout(session: string): Promise<Checkout>
  /** Undefined for a payment that nothing of this school was paid by. */
  readPayment(payment: string): Promise<Payment | undefined>
  /** What was refunded since a moment (ISO 8601), whoever sold it. */
  listRefunded(since: string, page?: string): Promise<RefundedPayments>
  /** Gives back so much of a payment; asked twice under one key, once. @throws PaymentRefused */
  giveBack(refund: { payment: string; amount: Money; idempotencyKey: string; note?: string }): Promise<void>
  readSubscription(subscription: string): Promise<Subscription>
  readInvoice(invoice: string): Promise<Invoice>
  /** Ends at the end of what is paid for, or at a moment (ISO 8601), or now. */
  endSubscription(subscription: string, when: 'period-end' | 'now' | { at: string }): Promise<Subscription>
  resumeSubscription(subscription: string): Promise<Subscription>
  /** What would be charged at once, credit below nought, and when the next full payment is due. */
  previewChange(change: SubscriptionChange): Promise<{ dueNow: Money; nextAt: string }>
  /** Charges the difference at once. @throws PaymentRefused when that does not go through; nothing is changed then. */
  changeSubscription(change: SubscriptionChange & { idempotencyKey: string }): Promise<Subscription>
  /** The provider's page where a customer changes cards and sees invoices. */
  openPortal(customer: string, returnUrl: string): Promise<string>
  /** Everything that happened since a moment (ISO 8601), oldest first; the provider keeps thirty days. */
  listNews(since: string, page?: string): Promise<{ items: ListedNews[]; next?: string }>
  /** The provider's own page of a payment, for people who run the school. */
  pageOf(payment: string): string | undefined
  /** Verifies the signature over the raw bytes; undefined when it does not hold, or is older than the tolerance. */
  readNews(rawBody: Uint8Array, signature: string | undefined): PaymentNews | undefined
}
