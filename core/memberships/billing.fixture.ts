import { DAY_MS, isBefore, monthsAfter, plus } from '#core/moments.ts'
import type { CheckoutRequest, Invoice, Money, Subscription } from '#ports/payments.ts'
import type { TestClock } from '#test/school.ts'

/** What the learner's card does when it is charged. */
export type Card = 'pays' | 'declines' | 'asks'

/** A subscription as a provider keeps it: `retries` of the open invoice are left. */
export type Kept = { told: Subscription; anchor: string; periods: number; card: Card; retries: string[] }

const RETRY_DAYS = [1, 3, 5]

export const months = (every: Subscription['every']): number => (every === 'year' ? 12 : 1)

const put = (one: Kept, invoice: Invoice): void => {
  const others = one.told.invoices.filter(({ id }) => id !== invoice.id)
  const invoices = [invoice, ...others].toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt)).slice(0, 12)
  const isOwing = invoices[0]?.state === 'open' || invoices[0]?.state === 'uncollectible'
  one.told = { ...one.told, invoices, ...(one.told.status !== 'canceled' && { status: isOwing ? ('past_due' as const) : ('active' as const) }) }
}

const openOf = ({ told }: Kept): Invoice | undefined => told.invoices.find(({ state }) => state === 'open')

type Bill = { why: Invoice['why']; total: Money; at: string }

/** Subscriptions that live by the test's clock: billed when a period begins, tried again, and ended when they are to end. */
export const billing = (clock: TestClock) => {
  const kept = new Map<string, Kept>()
  const numbers = { last: 0 }
  const now = (): string => clock.now().toISOString()
  const number = (kind: string): string => {
    numbers.last += 1
    return `${kind}_${numbers.last}`
  }
  const paid = (invoice: Invoice, at: string): Invoice => ({
    ...{ ...invoice, state: 'paid', attempts: invoice.attempts + 1, paidAt: at, payment: number('pi'), needsAction: false, retryAt: undefined },
  })
  const attempt = (one: Kept, invoice: Invoice, at: string): Invoice => {
    if (one.card === 'pays') return paid(invoice, at)
    const retryAt = one.retries.shift()
    return { ...invoice, state: 'open', attempts: invoice.attempts + 1, retryAt, needsAction: one.card === 'asks', url: `http://pay.test/${invoice.id}` }
  }
  const bill = (one: Kept, { why, total, at }: Bill): void => {
    one.retries = RETRY_DAYS.map((days) => plus(at, days * DAY_MS))
    const invoice: Invoice = {
      ...{ id: number('in'), number: undefined, subscription: one.told.id, state: 'draft', why, total, taxMinor: 0, createdAt: at, paidAt: undefined },
      ...{ attempts: 0, retryAt: undefined, needsAction: false, payment: undefined, url: undefined, isLive: false },
    }
    put(one, total.amountMinor === 0 ? { ...invoice, state: 'paid', paidAt: at } : attempt(one, invoice, at))
  }
  /** The next thing that happens by itself, if it has come. */
  const step = (one: Kept): boolean => {
    const { told } = one
    const open = openOf(one)
    const next = [told.periodEnd, told.endsAt, open?.retryAt].filter((at) => at !== undefined).reduce((first, at) => (isBefore(at, first) ? at : first))
    if (told.status === 'canceled' || isBefore(now(), next)) return false
    if (next === told.endsAt) one.told = { ...told, status: 'canceled', endedAt: next }
    else if (open && next === open.retryAt) put(one, attempt(one, open, next))
    else {
      one.periods += 1
      one.told = { ...told, periodEnd: monthsAfter(one.anchor, one.periods * months(told.every)) }
      bill(one, { why: 'renewal', total: told.price, at: next })
    }
    return true
  }
  const of = (id: string): Kept => {
    const one = kept.get(id)
    if (!one) throw new Error(`There is no subscription ${id}.`)
    let isMoving = true
    while (isMoving) isMoving = step(one)
    return one
  }
  const begin = ({ recurring, order, price }: CheckoutRequest): Subscription => {
    if (!recurring) throw new Error('This is paid once.')
    const { every, trialDays, firstOffMinor } = recurring
    const anchor = plus(now(), trialDays * DAY_MS)
    const isTrial = trialDays > 0
    const told: Subscription = {
      ...{ id: number('sub'), order, customer: 'cus_1', status: 'active', price, every, startedAt: now(), invoices: [], isLive: false },
      ...{ periodEnd: isTrial ? anchor : monthsAfter(anchor, months(every)), endsAt: undefined, endedAt: undefined },
    }
    const one: Kept = { told, anchor, periods: isTrial ? 0 : 1, card: 'pays', retries: [] }
    bill(one, { why: 'first', total: { ...price, amountMinor: isTrial ? 0 : price.amountMinor - firstOffMinor }, at: now() })
    if (isTrial) one.told = { ...one.told, status: 'trialing' }
    kept.set(told.id, one)
    return one.told
  }
  const settle = (one: Kept): void => {
    const open = openOf(one)
    if (!open) throw new Error('Nothing is open.')
    put(one, paid(open, now()))
  }
  return { of, bill, begin, settle, now }
}
