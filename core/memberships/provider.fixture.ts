import { monthsAfter } from '#core/moments.ts'
import { type Checkout, type CheckoutRequest, type Money, PaymentRefused, type Payments, PaymentsUnavailable, type Subscription } from '#ports/payments.ts'
import { noPayments } from '#test/no-payments.ts'
import type { TestClock } from '#test/school.ts'
import { billing, type Card, type Kept, months } from './billing.fixture.ts'

type Pages = Map<string, { request: CheckoutRequest; checkout: Checkout }>
type State = { isDown: boolean; refusesChanges: boolean; losesAnswers: boolean; reads: number; changed: number }
type Books = ReturnType<typeof billing>

const up = ({ isDown }: State): void => {
  if (isDown) throw new PaymentsUnavailable('The provider is down.')
}

const pagesFor = (pages: Pages, state: State): Pick<Payments, 'openCheckout' | 'readCheckout'> => ({
  openCheckout: async (request) => {
    up(state)
    const { order, price, idempotencyKey } = request
    const session = `cs_${idempotencyKey}`
    const page = { session, order, url: `http://pay.test/${session}`, status: 'open' as const, isPaid: false, paid: { ...price, amountMinor: 0 } }
    const nobody = { name: undefined, country: undefined, taxId: undefined }
    const checkout = { ...page, taxMinor: 0, isLive: false, payment: undefined, customer: undefined, subscription: undefined, buyer: nobody }
    const made = pages.get(session)?.checkout ?? checkout
    pages.set(session, { request, checkout: made })
    return made
  },
  readCheckout: async (session) => {
    up(state)
    const page = pages.get(session)
    if (!page) throw new Error(`There is no page ${session}.`)
    return page.checkout
  },
})

const difference = ({ told }: Kept, price: Money): Money => ({
  ...price,
  amountMinor: told.status === 'trialing' ? 0 : price.amountMinor - told.price.amountMinor,
})

type Upon = (subscription: string, change: (one: Kept) => void) => Promise<Subscription>

const changesFor = ({ of, bill, now }: Books, state: State, upon: Upon): Pick<Payments, 'previewChange' | 'changeSubscription'> => {
  const made = new Map<string, Subscription>()
  const changed = (one: Kept, { price, every }: { price: Money; every: Subscription['every'] }): void => {
    if (state.refusesChanges) throw new PaymentRefused('The card was declined.')
    const total = difference(one, price)
    state.changed += 1
    if (every !== one.told.every) {
      one.anchor = now()
      one.periods = 1
      one.told = { ...one.told, periodEnd: monthsAfter(one.anchor, months(every)) }
    }
    one.told = { ...one.told, price, every }
    if (total.amountMinor > 0) bill(one, { why: 'change', total, at: now() })
  }
  return {
    previewChange: async ({ subscription, price, every }) => {
      up(state)
      const one = of(subscription)
      return { dueNow: difference(one, price), nextAt: every === one.told.every ? one.told.periodEnd : monthsAfter(now(), months(every)) }
    },
    changeSubscription: async ({ idempotencyKey, subscription, ...to }) => {
      const told = made.get(idempotencyKey) ?? (await upon(subscription, (one) => changed(one, to)))
      made.set(idempotencyKey, told)
      if (state.losesAnswers) throw new PaymentsUnavailable('The line broke before the answer came.')
      return told
    },
  }
}

const subscriptionsFor = (books: Books, state: State): Partial<Payments> => {
  const { of, now } = books
  const upon: Upon = async (subscription, change) => {
    up(state)
    const one = of(subscription)
    if (one.told.status === 'canceled') throw new PaymentRefused('It has ended.')
    change(one)
    return of(subscription).told
  }
  return {
    ...changesFor(books, state, upon),
    readSubscription: async (subscription) => {
      up(state)
      state.reads += 1
      return structuredClone(of(subscription).told)
    },
    endSubscription: (subscription, when) =>
      upon(subscription, (one) => {
        const at = when === 'period-end' ? one.told.periodEnd : when === 'now' ? now() : when.at
        one.told = { ...one.told, ...(when === 'now' ? { status: 'canceled', endedAt: at } : { endsAt: at }) }
      }),
    resumeSubscription: (subscription) =>
      upon(subscription, (one) => {
        one.told = { ...one.told, endsAt: undefined }
      }),
    openPortal: async (customer, back) => {
      up(state)
      return `http://pay.test/portal/${customer}?back=${back}`
    },
  }
}

/** A provider in memory: pages and subscriptions that live by the test's clock, and switches for what may go wrong. */
export const aProvider = (clock: TestClock) => {
  const pages: Pages = new Map()
  const state: State = { isDown: false, refusesChanges: false, losesAnswers: false, reads: 0, changed: 0 }
  const books = billing(clock)
  const { of, bill, begin, settle, now } = books
  const payments: Payments = { ...noPayments(), ...pagesFor(pages, state), ...subscriptionsFor(books, state) }
  return {
    ...{ payments, state },
    subscription: (id: string): Subscription => of(id).told,
    card: (id: string, card: Card): void => {
      of(id).card = card
    },
    /** Fills in an order's page; answers the subscription it began. */
    buy: (checkoutUrl: string | undefined): string => {
      const page = pages.get(checkoutUrl?.split('/').at(-1) ?? '')
      if (!page) throw new Error(`There is no page ${checkoutUrl}.`)
      const { id, customer, invoices } = begin(page.request)
      const paid = invoices[0]?.total ?? page.checkout.paid
      page.checkout = { ...page.checkout, status: 'complete', isPaid: true, paid, subscription: id, customer, url: undefined }
      return id
    },
    /** The learner pays what is open by hand. */
    settle: (id: string): void => settle(of(id)),
    /** An invoice made by hand that is paid at once. */
    bill: (id: string, total: Money): void => bill(of(id), { why: 'renewal', total, at: now() }),
    /** As the provider’s own people may do on its pages. */
    end: (id: string): Promise<Subscription> => payments.endSubscription(id, 'now'),
  }
}
export type Provider = ReturnType<typeof aProvider>
