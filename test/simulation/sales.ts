import { type Checkout, type CheckoutRequest, type Payment, PaymentRefused } from '#ports/payments.ts'
import { type Bank, charge, known, type Session } from './bank.ts'
import { begin } from './subscriptions.ts'

const HOUR_MS = 3600_000
const PAGE_KEPT_MS = 24 * HOUR_MS
const NOBODY = { name: undefined, country: undefined, taxId: undefined }

export const told = ({ id, request, status, paid, payment, customer, subscription }: Session): Checkout => ({
  ...{ session: id, order: request.order, status, isPaid: status === 'complete', paid: { ...paid }, taxMinor: 0, isLive: false },
  ...{ payment, customer, subscription, buyer: NOBODY, url: status === 'open' ? `https://pay.test/${id}` : undefined },
})

export const expire = (bank: Bank, id: string): Session => {
  const session = known(bank.sessions, id)
  if (session.status === 'open') {
    session.status = 'expired'
    bank.happened('checkout.session.expired', { subject: id })
  }
  return session
}

const dueAtOnce = ({ price, quantity, recurring }: CheckoutRequest): number => {
  const whole = price.amountMinor * quantity
  if (!recurring) return whole
  return recurring.trialDays > 0 ? 0 : whole - recurring.firstOffMinor
}

const open = (bank: Bank, request: CheckoutRequest): Session => {
  const id = bank.make('cs')
  const paid = { amountMinor: dueAtOnce(request), currency: request.price.currency }
  const session: Session = { id, request, status: 'open', paid, payment: undefined, subscription: undefined, customer: undefined }
  bank.sessions.set(id, session)
  const ends = request.expiresAt === undefined ? bank.now() + PAGE_KEPT_MS : Date.parse(request.expiresAt)
  bank.at(ends, `page ${id} runs out`, () => void expire(bank, id))
  return session
}

/** Asked again under its key, the same page. */
export const openPage = (bank: Bank, request: CheckoutRequest): Session => {
  const { expiresAt: _, ...asked } = request
  return known(
    bank.sessions,
    bank.once(request.idempotencyKey, JSON.stringify(asked), () => open(bank, request).id),
  )
}

/** Somebody pays on the page; `amountMinor` where it is not what was asked. Answers whether the page took it. */
export const pay = (bank: Bank, id: string, amountMinor?: number): boolean => {
  const session = known(bank.sessions, id)
  if (session.status !== 'open') return false
  session.status = 'complete'
  session.customer = session.request.customer ?? bank.make('cus')
  if (session.request.recurring) {
    session.subscription = begin(bank, session, session.request.recurring)
    bank.happened('checkout.session.completed', { subject: id, subscription: session.subscription })
    return true
  }
  if (amountMinor !== undefined) session.paid = { ...session.paid, amountMinor }
  session.payment = charge(bank, session.paid, { session: id }).id
  bank.happened('checkout.session.completed', { subject: id, payment: session.payment })
  return true
}

export const giveBack = (bank: Bank, payment: string, amountMinor: number): void => {
  const of = known(bank.charges, payment)
  if (amountMinor <= 0 || of.refundedMinor + amountMinor > of.amount.amountMinor) throw new PaymentRefused('That is more than is left of it.')
  if (of.dispute?.outcome === 'open' || of.dispute?.outcome === 'lost') throw new PaymentRefused('The payment is disputed.')
  of.refundedMinor += amountMinor
  of.refundedAt.push(bank.now())
  bank.happened('refund.created', { payment })
  bank.happened('charge.refunded', { payment })
}

export const giveBackOnce = (bank: Bank, key: string, payment: string, amountMinor: number): void => {
  bank.once(key, `${payment} ${amountMinor}`, () => {
    giveBack(bank, payment, amountMinor)
    return payment
  })
}

export const paymentOf = ({ charges, sessions }: Bank, id: string): Payment | undefined => {
  const found = charges.get(id)
  if (!found) return undefined
  const { amount, refundedMinor, session, invoice, subscription, dispute, fraudWarning } = found
  return {
    ...{ payment: id, paid: { ...amount }, refunded: { ...amount, amountMinor: refundedMinor }, invoice, subscription, fraudWarning, isLive: false },
    checkout: session === undefined ? undefined : told(known(sessions, session)),
    dispute: dispute && { ...dispute, amount: { ...dispute.amount } },
  }
}

/** The bank takes a payment's money back until it has decided. */
export const dispute = (bank: Bank, payment: string): void => {
  const of = known(bank.charges, payment)
  if (of.dispute || of.refundedMinor > 0) return
  of.dispute = { id: bank.make('dp'), outcome: 'open', amount: of.amount, reason: 'fraudulent', answerBy: bank.iso(bank.now() + 7 * 24 * HOUR_MS) }
  bank.happened('charge.dispute.created', { payment })
}

export const decide = (bank: Bank, payment: string, outcome: 'won' | 'lost'): void => {
  const { dispute: decided } = known(bank.charges, payment)
  if (decided?.outcome !== 'open') return
  decided.outcome = outcome
  bank.happened('charge.dispute.closed', { payment })
}

export const warn = (bank: Bank, payment: string): void => {
  const of = known(bank.charges, payment)
  of.fraudWarning ??= bank.make('issfr')
  bank.happened('radar.early_fraud_warning.created', { payment })
}
