import {
  type Checkout,
  type CheckoutRequest,
  type Invoice,
  type Money,
  PaymentRefused,
  type Payments,
  PaymentsUnavailable,
  type Subscription,
} from '#ports/payments.ts'
import { noPayments } from '#test/no-payments.ts'
import type { TestClock } from '#test/school.ts'
import { DAY_MS, monthsAfter, plus } from './calendar.ts'

/** What the learner's card does when it is charged. */
type Card = 'pays' | 'declines' | 'asks'

type Kept = {
  request: CheckoutRequest
  told: Subscription
  anchor: string
  periods: number
  card: Card
  /** Retries of the open invoice that are left. */
  retries: string[]
}

const RETRY_DAYS = [1, 3, 5]
const NOBODY = { name: undefined, country: undefined, taxId: undefined }

const months = (every: Subscription['every']): number => (every === 'year' ? 12 : 1)

/** A provider in memory: subscriptions that live by the test's clock, with every call counted and a switch for being down. */
export const aProvider = (clock: TestClock) => {
  const pages = new Map<string, { request: CheckoutRequest; checkout: Checkout }>()
  const kept = new Map<string, Kept>()
  const changes = new Map<string, Subscription>()
  const state = { isDown: false, refusesChanges: false, reads: 0, changed: 0, numbers: 0 }
  const now = (): string => clock.now().toISOString()
  const number = (kind: string): string => `${kind}_${(state.numbers += 1)}`

  const attempt = (one: Kept, invoice: Invoice, at: string): Invoice => {
    if (one.card === 'pays')
      return { ...invoice, state: 'paid', attempts: invoice.attempts + 1, paidAt: at, payment: number('pi'), needsAction: false, retryAt: undefined }
    const [retryAt, ...rest] = one.retries
    one.retries = rest
    return { ...invoice, state: 'open', attempts: invoice.attempts + 1, retryAt, needsAction: one.card === 'asks', url: `http://pay.test/${invoice.id}` }
  }
  const put = (one: Kept, invoice: Invoice): void => {
    const others = one.told.invoices.filter(({ id }) => id !== invoice.id)
    one.told = { ...one.told, invoices: [invoice, ...others].toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt)).slice(0, 12) }
    const isOwing = one.told.invoices.some((each) => each.state === 'open' || each.state === 'uncollectible')
    if (one.told.status !== 'canceled') one.told = { ...one.told, status: isOwing ? 'past_due' : 'active' }
  }
  const bill = (one: Kept, { why, total, at }: { why: Invoice['why']; total: Money; at: string }): void => {
    one.retries = RETRY_DAYS.map((days) => plus(at, days * DAY_MS))
    const invoice: Invoice = {
      ...{ id: number('in'), number: undefined, subscription: one.told.id, state: 'draft', why, total, taxMinor: 0, createdAt: at, paidAt: undefined },
      ...{ attempts: 0, retryAt: undefined, needsAction: false, payment: undefined, url: undefined, isLive: false },
    }
    put(one, total.amountMinor === 0 ? { ...invoice, state: 'paid', paidAt: at } : attempt(one, invoice, at))
  }
  /** What happens by itself: the next step until now, or nothing more. */
  const step = (one: Kept): boolean => {
    const { told } = one
    if (told.status === 'canceled') return false
    const open = told.invoices.find((each) => each.state === 'open')
    const [end, retry] = [told.endsAt, open?.retryAt]
    const next = [told.periodEnd, end, retry].filter((at) => at !== undefined).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0]
    if (next === undefined || Date.parse(next) > clock.now().getTime()) return false
    if (next === end) one.told = { ...told, status: 'canceled', endedAt: next }
    else if (next === retry && open) put(one, attempt(one, open, next))
    else {
      one.periods += 1
      one.told = { ...told, periodEnd: monthsAfter(one.anchor, one.periods * months(told.every)) }
      bill(one, { why: 'renewal', total: told.price, at: next })
    }
    return true
  }
  const of = (subscription: string): Kept => {
    const one = kept.get(subscription)
    if (!one) throw new Error(`There is no subscription ${subscription}.`)
    while (step(one));
    return one
  }
  const up = (): void => {
    if (state.isDown) throw new PaymentsUnavailable('The provider is down.')
  }
  const upon = async (subscription: string, change: (one: Kept) => void): Promise<Subscription> => {
    up()
    const one = of(subscription)
    if (one.told.status === 'canceled') throw new PaymentRefused('It has ended.')
    change(one)
    return of(subscription).told
  }
  const subscribed = ({ request }: { request: CheckoutRequest }): Kept => {
    const { recurring, order, price } = request
    if (!recurring) throw new Error('This is paid once.')
    const { every, trialDays, firstOffMinor } = recurring
    const at = now()
    const anchor = plus(at, trialDays * DAY_MS)
    const isTrial = trialDays > 0
    const told: Subscription = {
      ...{ id: number('sub'), order, customer: 'cus_1', status: 'active', price, every, startedAt: at, invoices: [], isLive: false },
      ...{ periodEnd: isTrial ? anchor : monthsAfter(anchor, months(every)), endsAt: undefined, endedAt: undefined },
    }
    const one: Kept = { request, told, anchor, periods: isTrial ? 0 : 1, card: 'pays', retries: [] }
    bill(one, { why: 'first', total: { ...price, amountMinor: isTrial ? 0 : price.amountMinor - firstOffMinor }, at })
    if (isTrial) one.told = { ...one.told, status: 'trialing' }
    kept.set(told.id, one)
    return one
  }
  const difference = (one: Kept, price: Money): Money => ({
    ...price,
    amountMinor: one.told.status === 'trialing' ? 0 : price.amountMinor - one.told.price.amountMinor,
  })

  const payments: Payments = {
    ...noPayments(),
    openCheckout: async (request) => {
      up()
      const session = `cs_${request.idempotencyKey}`
      const page = {
        session,
        order: request.order,
        url: `http://pay.test/${session}`,
        status: 'open' as const,
        isPaid: false,
        paid: { ...request.price, amountMinor: 0 },
      }
      const nothing = { taxMinor: 0, isLive: false, payment: undefined, customer: undefined, subscription: undefined, buyer: NOBODY }
      const made = pages.get(session)?.checkout ?? { ...page, ...nothing }
      pages.set(session, { request, checkout: made })
      return made
    },
    readCheckout: async (session) => {
      up()
      const page = pages.get(session)
      if (!page) throw new Error(`There is no page ${session}.`)
      return page.checkout
    },
    readSubscription: async (subscription) => {
      up()
      state.reads += 1
      return structuredClone(of(subscription).told)
    },
    endSubscription: (subscription, when) =>
      upon(subscription, (one) => {
        const at = when === 'now' ? now() : when === 'period-end' ? one.told.periodEnd : when.at
        one.told = { ...one.told, ...(when === 'now' ? { status: 'canceled', endedAt: at } : { endsAt: at }) }
      }),
    resumeSubscription: (subscription) =>
      upon(subscription, (one) => {
        one.told = { ...one.told, endsAt: undefined }
      }),
    previewChange: async ({ subscription, price, every }) => {
      up()
      const one = of(subscription)
      return { dueNow: difference(one, price), nextAt: every === one.told.every ? one.told.periodEnd : monthsAfter(now(), months(every)) }
    },
    changeSubscription: async ({ subscription, price, every, idempotencyKey }) => {
      const before = changes.get(idempotencyKey)
      if (before) return before
      const told = await upon(subscription, (one) => {
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
      })
      changes.set(idempotencyKey, told)
      return told
    },
    openPortal: async (customer, back) => {
      up()
      return `http://pay.test/portal/${customer}?back=${back}`
    },
  }
  return {
    payments,
    state,
    subscription: (id: string) => of(id).told,
    card: (id: string, card: Card) => {
      of(id).card = card
    },
    /** Fills in an order's page; answers the subscription it began. */
    buy: (checkoutUrl: string | undefined): string => {
      const session = checkoutUrl?.split('/').at(-1) ?? ''
      const page = pages.get(session)
      if (!page) throw new Error(`There is no page ${session}.`)
      const { told } = subscribed(page)
      const paid = told.invoices[0]?.total ?? page.checkout.paid
      page.checkout = { ...page.checkout, status: 'complete', isPaid: true, paid, subscription: told.id, customer: told.customer, url: undefined }
      return told.id
    },
    /** The learner pays what is open by hand. */
    settle: (id: string) => {
      const one = of(id)
      const open = one.told.invoices.find((each) => each.state === 'open')
      if (!open) throw new Error('Nothing is open.')
      put(one, { ...open, state: 'paid', attempts: open.attempts + 1, paidAt: now(), payment: number('pi'), needsAction: false, retryAt: undefined })
    },
    /** An invoice made by hand that is paid at once. */
    bill: (id: string, total: Money) => bill(of(id), { why: 'renewal', total, at: now() }),
    /** As the provider’s own people may do on its pages. */
    end: (id: string) => payments.endSubscription(id, 'now'),
  }
}
export type Provider = ReturnType<typeof aProvider>
