import { type CheckoutRequest, type Interval, type Invoice, PaymentRefused, type Subscription, type SubscriptionChange } from '#ports/payments.ts'
import { type Bank, type Contract, charge, known, type Session } from './bank.ts'

const DAY_MS = 24 * 3600_000
/** Days after a failed payment until each further try; after the last it is given up. */
const RETRY_DAYS = [3, 5, 7]

/** The same day of a month or year later; the last of a month that is too short. */
const later = (moment: number, every: Interval, times = 1): number => {
  const from = new Date(moment)
  const months = from.getUTCMonth() + times * (every === 'month' ? 1 : 12)
  const last = new Date(Date.UTC(from.getUTCFullYear(), months + 1, 0)).getUTCDate()
  const to = new Date(moment)
  to.setUTCDate(1)
  to.setUTCMonth(months)
  to.setUTCDate(Math.min(from.getUTCDate(), last))
  return to.getTime()
}

const isOver = ({ status }: Contract): boolean => status === 'canceled'

export const toldContract = ({ isCardGood: _, title: _title, periodsFrom: _from, invoices, ...contract }: Contract): Subscription => ({
  ...contract,
  price: { ...contract.price },
  invoices: invoices
    .slice(-12)
    .reverse()
    .map((invoice) => ({ ...invoice, total: { ...invoice.total } })),
})

const end = (bank: Bank, contract: Contract): void => {
  if (isOver(contract)) return
  contract.status = 'canceled'
  contract.endedAt = bank.iso()
  bank.happened('customer.subscription.deleted', { subscription: contract.id })
}

const bill = (bank: Bank, contract: Contract, why: Invoice['why'], amountMinor: number): Invoice => {
  const id = bank.make('in')
  const invoice: Invoice = {
    ...{ id, number: id.toUpperCase(), subscription: contract.id, state: 'open', why, total: { ...contract.price, amountMinor }, taxMinor: 0 },
    ...{ createdAt: bank.iso(), paidAt: undefined, attempts: 0, retryAt: undefined, needsAction: false, payment: undefined },
    ...{ url: `https://pay.test/invoices/${id}`, isLive: false },
  }
  contract.invoices.push(invoice)
  return invoice
}

/** Takes an invoice's money. What was owed is then owed no more. */
export const payInvoice = (bank: Bank, contract: Contract, invoice: Invoice): void => {
  if (invoice.state !== 'open' || isOver(contract)) return
  if (invoice.total.amountMinor > 0) invoice.payment = charge(bank, invoice.total, { invoice: invoice.id, subscription: contract.id }).id
  Object.assign(invoice, { state: 'paid', paidAt: bank.iso(), attempts: invoice.attempts + 1, retryAt: undefined })
  if (contract.status === 'past_due' || contract.status === 'trialing') contract.status = 'active'
  bank.happened('invoice.paid', { subscription: contract.id, invoice: invoice.id, ...(invoice.payment !== undefined && { payment: invoice.payment }) })
}

const attempt = (bank: Bank, contract: Contract, invoice: Invoice): void => {
  if (invoice.state !== 'open' || isOver(contract)) return
  if (contract.isCardGood) {
    payInvoice(bank, contract, invoice)
    return
  }
  const wait = RETRY_DAYS[invoice.attempts]
  invoice.attempts += 1
  contract.status = 'past_due'
  invoice.retryAt = wait === undefined ? undefined : bank.iso(bank.now() + wait * DAY_MS)
  bank.happened('invoice.payment_failed', { subscription: contract.id, invoice: invoice.id })
  if (wait === undefined) end(bank, contract)
  else bank.at(bank.now() + wait * DAY_MS, `${invoice.id} is tried again`, () => attempt(bank, contract, invoice))
}

/** At the end of a period: over, or another is billed. */
const turn = (bank: Bank, contract: Contract, place: number): void => {
  if (isOver(contract)) return
  const hasEnded = contract.endsAt !== undefined && Date.parse(contract.endsAt) <= bank.now()
  if (hasEnded || place >= MOST_PERIODS) {
    end(bank, contract)
    return
  }
  contract.periodEnd = bank.iso(later(contract.periodsFrom, contract.every, place + 1))
  bank.happened('customer.subscription.updated', { subscription: contract.id })
  attempt(bank, contract, bill(bank, contract, 'renewal', contract.price.amountMinor))
  planTurn(bank, contract, place + 1)
}

/** A history has to end: whoever has paid so often has had enough. */
const MOST_PERIODS = 5

const planTurn = (bank: Bank, contract: Contract, place: number): void =>
  bank.at(Date.parse(contract.periodEnd), `${contract.id} comes to the end of what is paid for`, () => turn(bank, contract, place))

/** What a page for something recurring begins when it is paid on. */
export const begin = (bank: Bank, session: Session, { every, trialDays }: NonNullable<CheckoutRequest['recurring']>): string => {
  const { request, customer = '', paid } = session
  const id = bank.make('sub')
  const periodsFrom = bank.now() + trialDays * DAY_MS
  const contract: Contract = {
    ...{ id, order: request.order, customer, status: trialDays > 0 ? 'trialing' : 'active', price: request.price, every, title: request.title },
    ...{ startedAt: bank.iso(), periodEnd: bank.iso(trialDays > 0 ? periodsFrom : later(periodsFrom, every)), periodsFrom },
    ...{ endsAt: undefined, endedAt: undefined, invoices: [], isLive: false, isCardGood: true },
  }
  bank.contracts.set(id, contract)
  bank.happened('customer.subscription.created', { subscription: id })
  payInvoice(bank, { ...contract, status: 'active' }, bill(bank, contract, 'first', paid.amountMinor))
  planTurn(bank, contract, trialDays > 0 ? 0 : 1)
  return id
}

export const endContract = (bank: Bank, id: string, when: 'period-end' | 'now' | { at: string }): Subscription => {
  const contract = known(bank.contracts, id)
  if (isOver(contract)) return toldContract(contract)
  if (when === 'now') end(bank, contract)
  else {
    contract.endsAt = when === 'period-end' ? contract.periodEnd : when.at
    bank.at(Date.parse(contract.endsAt), `${id} ends`, () => contract.endsAt !== undefined && Date.parse(contract.endsAt) <= bank.now() && end(bank, contract))
    bank.happened('customer.subscription.updated', { subscription: id })
  }
  return toldContract(contract)
}

export const resumeContract = (bank: Bank, id: string): Subscription => {
  const contract = known(bank.contracts, id)
  if (isOver(contract)) throw new PaymentRefused('It has ended.')
  contract.endsAt = undefined
  bank.happened('customer.subscription.updated', { subscription: id })
  return toldContract(contract)
}

/** What is asked at once: the difference for the whole period, which is simpler than what banks reckon and moves money alike. */
export const differenceOf = (bank: Bank, { subscription, price }: SubscriptionChange): number =>
  Math.max(0, price.amountMinor - known(bank.contracts, subscription).price.amountMinor)

export const changeContract = (bank: Bank, change: SubscriptionChange & { idempotencyKey: string }): Subscription => {
  const contract = known(bank.contracts, change.subscription)
  const { price, every, title, idempotencyKey } = change
  bank.once(idempotencyKey, JSON.stringify([contract.id, price, every, title]), () => {
    if (isOver(contract) || !contract.isCardGood) throw new PaymentRefused('The card was declined.')
    const due = differenceOf(bank, change)
    Object.assign(contract, { price, title })
    if (due > 0) payInvoice(bank, contract, bill(bank, contract, 'change', due))
    bank.happened('customer.subscription.updated', { subscription: contract.id })
    return contract.id
  })
  return toldContract(contract)
}
