import type { Desk } from './desk.ts'
import { makeId } from './errors.ts'
import type { Behaviour, CardError, PaymentMethod } from './types.ts'

export const TEST_CARD = '4242 4242 4242 4242'

/** Stripe's own test cards, with Stripe's meanings (docs.stripe.com/testing). Any other number is refused. */
const CARDS: Record<string, { brand: string; behaviour: Behaviour; says: string }> = {
  '4242424242424242': { brand: 'visa', behaviour: 'pays', says: 'is paid' },
  '4000056655665556': { brand: 'visa', behaviour: 'pays', says: 'is paid (debit)' },
  '5555555555554444': { brand: 'mastercard', behaviour: 'pays', says: 'is paid (Mastercard)' },
  '378282246310005': { brand: 'amex', behaviour: 'pays', says: 'is paid (American Express)' },
  '4000000000000002': { brand: 'visa', behaviour: 'generic_decline', says: 'is declined' },
  '4000000000009995': { brand: 'visa', behaviour: 'insufficient_funds', says: 'has no money left' },
  '4000000000000069': { brand: 'visa', behaviour: 'expired_card', says: 'has expired' },
  '4000000000000341': { brand: 'visa', behaviour: 'attaches', says: 'can be kept, but every charge fails' },
  '4000002500003155': { brand: 'visa', behaviour: 'asks-once', says: 'asks its owner once, and is charged by itself afterwards' },
  '4000002760003184': { brand: 'visa', behaviour: 'asks-always', says: 'asks its owner every time, so that renewals wait for them' },
  '4000000000000259': { brand: 'visa', behaviour: 'disputed', says: 'is paid, and disputed as fraud at once' },
  '4000000000005423': { brand: 'visa', behaviour: 'warned', says: 'is paid, with an early fraud warning' },
  '4000000000005126': { brand: 'visa', behaviour: 'refund-fails', says: 'is paid, but a refund to it fails a minute later' },
}

export const testCards = (): { number: string; says: string }[] =>
  Object.entries(CARDS).map(([number, { says }]) => ({ number: number.replace(/(\d{4})(?=\d)/g, '$1 '), says }))

export const cardOf = (number: string): { brand: string; behaviour: Behaviour; last4: string } | undefined => {
  const digits = number.replace(/[\s-]/g, '')
  const card = CARDS[digits]
  return card && { brand: card.brand, behaviour: card.behaviour, last4: digits.slice(-4) }
}

const DECLINES: Partial<Record<Behaviour, { code: string; message: string }>> = {
  generic_decline: { code: 'card_declined', message: 'Your card was declined.' },
  attaches: { code: 'card_declined', message: 'Your card was declined.' },
  insufficient_funds: { code: 'card_declined', message: 'Your card has insufficient funds.' },
  expired_card: { code: 'expired_card', message: 'Your card has expired.' },
}

export type Use = {
  /** Nought when a card is only kept for later. */
  amount: number
  /** Its owner is there to be asked. */
  isPresent: boolean
  isAuthenticated: boolean
}

/** What a charge of this card comes to. */
export const verdict = (behaviour: Behaviour, { amount, isPresent, isAuthenticated }: Use): 'succeeds' | 'asks' | CardError => {
  const decline = behaviour === 'attaches' && amount === 0 ? undefined : DECLINES[behaviour]
  if (decline) {
    const reason = behaviour === 'attaches' ? 'generic_decline' : behaviour
    return { type: 'card_error', code: decline.code, decline_code: reason, message: decline.message }
  }
  const mustAsk = behaviour === 'asks-always' || (behaviour === 'asks-once' && isPresent)
  return mustAsk && !isAuthenticated ? 'asks' : 'succeeds'
}

export const AUTHENTICATION_REQUIRED: CardError = {
  type: 'card_error',
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
}

type Keeping = { number: string; customer: string | null; email?: string | null; name?: string | null; livemode?: boolean }

/** A card to be charged; of its number only the last four digits are kept. */
export const keepCard = ({ store, seconds, tell }: Desk, { number, customer, email = null, name = null, livemode = false }: Keeping): PaymentMethod => {
  const card = cardOf(number)
  if (!card) throw new Error('Only test cards are kept.')
  const created = seconds(customer)
  const { brand, last4, behaviour } = card
  const kept = store.put<PaymentMethod>({
    ...{ id: makeId('pm', 12), object: 'payment_method', created, customer, email, livemode, name },
    card: { brand, last4, exp_month: 12, exp_year: new Date(created * 1000).getUTCFullYear() + 4 },
    own: { due: null, clock: null, behaviour },
  })
  if (customer !== null) tell('payment_method.attached', kept)
  return kept
}
