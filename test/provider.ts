import { type Checkout, type CheckoutRequest, type Payments, PaymentsUnavailable } from '#ports/payments.ts'
import { noPayments } from './no-payments.ts'

type Page = { checkout: Checkout; request: CheckoutRequest; key: string }

/**
 * A provider in memory, for what it does with pages: one for each idempotency key, paid by `pay`, run out by `expire`. `is.down`
 * cannot be asked at all; `is.lossy` does what it is asked and its answer never arrives.
 */
export const aProvider = () => {
  const pages = new Map<string, Page>()
  const is = { down: false, lossy: false }
  const asked: string[] = []

  const answered = async <T>(what: string, answer: () => T): Promise<T> => {
    asked.push(what)
    if (is.down) throw new PaymentsUnavailable('The provider is down.')
    const made = answer()
    if (is.lossy) throw new PaymentsUnavailable('The answer was lost.')
    return made
  }
  const of = (session: string): Page => {
    const page = pages.get(session)
    if (!page) throw new Error(`There is no session ${session}.`)
    return page
  }
  const change = (session: string, to: Partial<Checkout>): Checkout => {
    const page = of(session)
    page.checkout = { ...page.checkout, ...to }
    return page.checkout
  }
  const dueNow = ({ price, quantity, recurring }: CheckoutRequest): number => {
    if (!recurring) return price.amountMinor * quantity
    return recurring.trialDays > 0 ? 0 : price.amountMinor * quantity - recurring.firstOffMinor
  }
  const open = (request: CheckoutRequest): Checkout => {
    const known = [...pages.values()].find(({ key }) => key === request.idempotencyKey)
    if (known && JSON.stringify(known.request) !== JSON.stringify(request)) throw new Error('One idempotency key, two requests.')
    if (known) return known.checkout
    const session = `cs_${pages.size + 1}`
    const checkout: Checkout = {
      ...{ session, order: request.order, url: `http://pay.test/${session}`, status: 'open', isPaid: false, taxMinor: 0, isLive: false },
      paid: { amountMinor: dueNow(request), currency: request.price.currency },
      ...{ payment: undefined, customer: undefined, subscription: undefined, buyer: { name: undefined, country: undefined, taxId: undefined } },
    }
    pages.set(session, { checkout, request, key: request.idempotencyKey })
    return checkout
  }
  const payments: Payments = {
    ...noPayments(),
    canCharge: ({ amountMinor, currency }) => amountMinor >= 50 && amountMinor <= 99_999_999 && (currency !== 'KWD' || amountMinor % 10 === 0),
    openCheckout: (request) => answered('open', () => open(request)),
    readCheckout: (session) => answered('read', () => of(session).checkout),
    closeCheckout: (session) =>
      answered('close', () => (of(session).checkout.status === 'open' ? change(session, { status: 'expired', url: undefined }) : of(session).checkout)),
  }
  const sessionOf = (url: string | undefined): string => url?.split('/').at(-1) ?? ''
  return {
    ...{ payments, is, asked },
    pages: () => [...pages.values()],
    page: (url: string | undefined) => of(sessionOf(url)),
    /** As a learner would, on the page an order points to; a page that is no longer open takes no money. */
    pay: (url: string | undefined, oddly: Partial<Checkout> = {}): 'paid' | 'refused' => {
      const session = sessionOf(url)
      if (of(session).checkout.status !== 'open') return 'refused'
      change(session, { status: 'complete', isPaid: true, payment: `pi_${session}`, ...oddly })
      return 'paid'
    },
    expire: (url: string | undefined) => change(sessionOf(url), { status: 'expired', url: undefined }),
    charges: () => [...pages.values()].filter(({ checkout }) => checkout.isPaid && checkout.paid.amountMinor > 0).length,
  }
}
