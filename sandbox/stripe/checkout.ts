import type { Invoice } from './billing-types.ts'
import { cardOf, keepCard, verdict } from './cards.ts'
import { makeCustomer, redeem } from './catalogue.ts'
import type { Desk } from './desk.ts'
import { invalid, makeId } from './errors.ts'
import { attempt, draft, finalise, markPaid } from './invoices.ts'
import { endOfDiscount, type LineSeed } from './lines.ts'
import { charge, openIntent } from './paying.ts'
import type { Session } from './session-types.ts'
import { putSubscription } from './standing.ts'
import { begin, billFirst, tellTrialEnd } from './subscriptions.ts'
import type { Address, CardError, Customer, Discount, Intent, PaymentMethod, SetupIntent, TaxId } from './types.ts'

/** What is filled in on the page; tests may make amounts and mode different from what was asked for. */
export type PaidWith = {
  email?: string
  name?: string
  card?: string
  address?: Address
  taxId?: TaxId
  isAuthenticated?: boolean
  amount_total?: number
  currency?: string
  livemode?: boolean
}

export const needsCard = ({ amount_total: total, payment_method_collection: collection, mode }: Session): boolean =>
  total > 0 || (mode === 'subscription' && collection === 'always')

export const needsAddress = ({ billing_address_collection: collection, automatic_tax: tax }: Session): boolean => collection === 'required' || tax.enabled

/** What Stripe takes for granted of somebody who fills in no address. */
const SOME_ADDRESS: Address = { city: 'Berlin', country: 'DE', line1: 'Unter den Linden 1', line2: null, postal_code: '10117', state: null }

const personOf = (session: Session, { email, name, address, taxId }: PaidWith): NonNullable<Session['customer_details']> => {
  const known = session.customer_details
  return {
    ...{
      address: address ?? known?.address ?? (needsAddress(session) ? SOME_ADDRESS : null),
      business_name: null,
      individual_name: null,
      phone: null,
      tax_exempt: 'none',
    },
    ...{ email: email ?? known?.email ?? session.customer_email, name: name ?? known?.name ?? null },
    tax_ids: taxId && session.tax_id_collection.enabled ? [taxId] : (known?.tax_ids ?? []),
  }
}

const customerFor = (desk: Desk, session: Session, person: NonNullable<Session['customer_details']>): Customer | undefined => {
  const { store } = desk
  const isNeeded = session.mode === 'subscription' || session.customer_creation === 'always' || session.invoice_creation?.enabled === true
  const known = store.get('customer', session.customer)
  if (!known && !isNeeded) return undefined
  const customer = known ?? makeCustomer(desk, {})
  const { email, name, address, tax_ids: taxIds } = person
  return store.put<Customer>({
    ...{ ...customer, email: customer.email ?? email, name: name ?? customer.name, address: address ?? customer.address, currency: session.currency },
    ...{ livemode: session.livemode, own: { ...customer.own, taxIds } },
  })
}

type Buying = { session: Session; customer: Customer | undefined; card: PaymentMethod | null }

const payOnce = (desk: Desk, { session, customer, card }: Buying, person: NonNullable<Session['customer_details']>): Session => {
  const { amount_total: amount, currency, livemode, own } = session
  if (amount === 0 || !card) return { ...session, payment_status: 'no_payment_required' }
  const about = { description: own.intentDescription ?? own.items[0]?.name ?? null, metadata: own.intentMetadata, email: person.email }
  const intent = openIntent(desk, { amount, currency, livemode, customer: customer?.id ?? null, ...about })
  charge(desk, intent, card, { isPresent: true, isAuthenticated: true, address: person.address })
  const paid: Session = { ...session, payment_status: 'paid', payment_intent: intent.id }
  return customer && session.invoice_creation?.enabled ? { ...paid, invoice: invoiceFor(desk, paid, { customer, intent }).id } : paid
}

const seedsOf = ({ own, created, total_details: { amount_discount: off } }: Session): LineSeed[] => {
  const line = { period: { start: created, end: created }, item: null, pending: null, isProration: false }
  const seeds = own.items.map(({ name, quantity, unit_amount: amount, price: id, product }) => ({
    ...line,
    amount: amount * quantity,
    description: name,
    quantity,
    price: { id, product },
  }))
  return off === 0 ? seeds : [...seeds, { ...line, amount: -off, description: 'Discount', quantity: 1, price: null }]
}

/** What was paid on the page as an invoice, paid already. */
const invoiceFor = (desk: Desk, session: Session, { customer, intent }: { customer: Customer; intent: Intent }): Invoice => {
  const { currency, livemode, automatic_tax: tax, created, own } = session
  const frame = {
    customer,
    currency,
    reason: 'manual' as const,
    applied: [],
    hasTax: tax.enabled,
    subscription: null,
    period: { start: created, end: created },
    livemode,
  }
  const drawn = draft(desk, { ...frame, seeds: seedsOf(session), metadata: own.invoiceMetadata })
  return markPaid(desk, finalise(desk, drawn, intent))
}

const discountFor = (desk: Desk, { id, discounts }: Session, customer: Customer): string[] => {
  const [used] = discounts
  const coupon = used && redeem(desk, used.coupon)
  if (!coupon) return []
  const start = desk.seconds(customer.id)
  const source = { coupon: coupon.id, type: 'coupon' as const }
  const discount = desk.store.put<Discount>({
    ...{ id: makeId('di', 12), object: 'discount', created: start, checkout_session: id, customer: customer.id, end: endOfDiscount(coupon, start) },
    ...{ source, start, subscription: null },
  })
  return [discount.id]
}

const keepForLater = ({ store, seconds, tell }: Desk, customer: Customer, { id, livemode }: PaymentMethod): SetupIntent => {
  const intent = store.put<SetupIntent>({
    ...{ id: makeId('seti'), object: 'setup_intent', created: seconds(customer.id), customer: customer.id, livemode, metadata: {}, payment_method: id },
    ...{ status: 'succeeded', usage: 'off_session' },
  })
  tell('setup_intent.succeeded', intent)
  return intent
}

const subscribe = (desk: Desk, { session, customer, card }: Buying): Session => {
  const { store, tell } = desk
  if (!customer) throw new Error('A subscription needs a customer.')
  const { own, automatic_tax: tax, livemode } = session
  const items = own.items.flatMap(({ price, quantity }) => {
    const kept = store.get('price', price)
    return kept ? [{ price: kept, quantity }] : []
  })
  const discounts = discountFor(desk, session, customer)
  const about = { description: own.subscriptionDescription, metadata: own.subscriptionMetadata, trialDays: own.trialDays }
  const begun = begin(desk, { customer, items, card, discounts, hasTax: tax.enabled, livemode, ...about })
  const { invoice, subscription } = billFirst(desk, begun)
  tell('customer.subscription.created', subscription)
  const setup = card && invoice.amount_due === 0 ? keepForLater(desk, customer, card) : undefined
  const { invoice: paid, outcome } = attempt(desk, invoice, { isPresent: true, isAuthenticated: true })
  if (paid.status !== 'paid') throw new Error(`The first invoice was not paid: ${outcome?.error?.message}`)
  tellTrialEnd(desk, putSubscription(desk, store.get('subscription', subscription.id) ?? subscription))
  const status = own.trialDays > 0 ? 'no_payment_required' : 'paid'
  return { ...session, payment_status: status, subscription: subscription.id, invoice: paid.id, setup_intent: setup?.id ?? null }
}

export type Paying = Session | CardError | 'asks'

/** Pays the page. What the card refuses, and what its owner is to be asked, is answered; nothing has happened then. */
export const pay = (desk: Desk, { id }: Session, paidWith: PaidWith): Paying => {
  const { store, tell } = desk
  const open = store.get('checkout.session', id)
  if (open?.status !== 'open') return open ?? invalidSession(id)
  const {
    amount_total = open.amount_total,
    currency = open.currency,
    livemode = open.livemode,
    card: number = '4242424242424242',
    isAuthenticated = true,
  } = paidWith
  const behaviour = cardOf(number)?.behaviour
  if (behaviour === undefined) throw invalid('Only test cards can pay here.')
  const isCharged = needsCard(open)
  const comesTo = isCharged ? verdict(behaviour, { amount: open.amount_total, isPresent: true, isAuthenticated }) : 'succeeds'
  if (comesTo !== 'succeeds') return comesTo
  const person = personOf(open, paidWith)
  const session: Session = { ...open, amount_total, currency, livemode, customer_details: person }
  const customer = customerFor(desk, session, person)
  const about = { customer: customer?.id ?? null, email: person.email, name: person.name, livemode }
  const card = isCharged ? keepCard(desk, { number, ...about }) : null
  const buying = { session: { ...session, customer: customer?.id ?? session.customer }, customer, card }
  const bought = session.mode === 'payment' ? payOnce(desk, buying, person) : subscribe(desk, buying)
  if (session.mode === 'payment' && session.discounts[0]) redeem(desk, session.discounts[0].coupon)
  const done = store.put<Session>({ ...bought, status: 'complete', url: null, own: { ...bought.own, due: null } })
  tell('checkout.session.completed', done)
  return done
}

const invalidSession = (id: string): never => {
  throw invalid(`No such checkout.session: '${id}'`, 'id', 'resource_missing')
}

export const expire = ({ store, tell }: Desk, { id }: Session): Session => {
  const session = store.get('checkout.session', id) ?? invalidSession(id)
  if (session.status !== 'open')
    throw invalid(`Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`)
  const expired = store.put<Session>({ ...session, status: 'expired', url: null, own: { ...session.own, due: null } })
  tell('checkout.session.expired', expired)
  return expired
}
