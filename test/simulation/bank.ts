import type { Checkout, CheckoutRequest, Dispute, Invoice, Money, PaymentNews, Subscription } from '#ports/payments.ts'

export type Session = {
  id: string
  request: CheckoutRequest
  status: Checkout['status']
  paid: Money
  payment: string | undefined
  subscription: string | undefined
  customer: string | undefined
}

export type Charge = {
  id: string
  at: number
  amount: Money
  refundedMinor: number
  /** Moments at which something was given back. */
  refundedAt: number[]
  session: string | undefined
  invoice: string | undefined
  subscription: string | undefined
  dispute: Dispute | undefined
  fraudWarning: string | undefined
}

export type Contract = Omit<Subscription, 'invoices'> & { invoices: Invoice[]; isCardGood: boolean; title: string; periodsFrom: number }

type Outside = {
  /** The provider's own clock, which is not ours. */
  now(): number
  at(moment: number, what: string, happen: () => void): void
  /** Everything that happens is told by webhooks; how, is the network's affair. */
  tell(news: PaymentNews): void
}

type About = Partial<Pick<PaymentNews, 'subject' | 'payment' | 'subscription' | 'invoice'>>

/**
 * The payment provider's books: what was asked for, what was paid, what went back, what was told. It knows no faults and no network;
 * those are `wire.ts`'s. `sales.ts` and `subscriptions.ts` are what can be done with it.
 */
export type Bank = Outside & {
  sessions: Map<string, Session>
  charges: Map<string, Charge>
  contracts: Map<string, Contract>
  events: PaymentNews[]
  iso(moment?: number): string
  make(kind: string): string
  happened(type: string, about: About): void
  /** Does what was asked under a key once, and answers whose id that was; a key that was used for something else is a fault. */
  once(key: string, asked: string, deed: () => string): string
}

export const openBank = (outside: Outside): Bank => {
  const keys = new Map<string, { asked: string; of: string }>()
  const events: PaymentNews[] = []
  let made = 0
  const iso = (moment = outside.now()): string => new Date(moment).toISOString()
  const make = (kind: string): string => {
    made += 1
    return `${kind}_${made}`
  }
  return {
    ...{ ...outside, sessions: new Map(), charges: new Map(), contracts: new Map(), events, iso, make },
    happened: (type, about) => {
      const news: PaymentNews = {
        ...{ id: make('evt'), type, createdAt: iso(), isLive: false, account: undefined, apiVersion: undefined },
        ...{ subject: undefined, payment: undefined, subscription: undefined, invoice: undefined, ...about },
      }
      events.push(news)
      outside.tell(news)
    },
    once: (key, asked, deed) => {
      const known = keys.get(key)
      if (known && known.asked !== asked) throw new Error(`The key ${key} was used for something else.`)
      const of = known?.of ?? deed()
      keys.set(key, { asked, of })
      return of
    },
  }
}

/** What must be there: ids the provider has given out itself. */
export const known = <T>(map: ReadonlyMap<string, T>, id: string): T => {
  const found = map.get(id)
  if (!found) throw new Error(`The provider knows no ${id}.`)
  return found
}

export const charge = (bank: Bank, amount: Money, of: Partial<Pick<Charge, 'session' | 'invoice' | 'subscription'>>): Charge => {
  const id = bank.make('pi')
  const none = { session: undefined, invoice: undefined, subscription: undefined, dispute: undefined, fraudWarning: undefined }
  const taken: Charge = { ...none, id, at: bank.now(), amount, refundedMinor: 0, refundedAt: [], ...of }
  bank.charges.set(id, taken)
  bank.happened('payment_intent.succeeded', { payment: id })
  bank.happened('charge.succeeded', { payment: id })
  return taken
}

/** Which order a payment is for: its page's, or that of what is paid again and again. */
export const orderOf = ({ sessions, contracts }: Bank, { session, subscription }: Charge): string | undefined =>
  session === undefined ? contracts.get(subscription ?? '')?.order : sessions.get(session)?.request.order

export const chargesOf = (bank: Bank, order: string): Charge[] => [...bank.charges.values()].filter((charge) => orderOf(bank, charge) === order)
