import { type Invoice, type ListedNews, type Payments, PaymentsUnavailable } from '#ports/payments.ts'
import { type Bank, known } from './bank.ts'
import type { Random } from './random.ts'
import { expire, giveBackOnce, openPage, paymentOf, told } from './sales.ts'
import type { Runner, Scheduler } from './scheduler.ts'
import { changeContract, differenceOf, endContract, resumeContract, toldContract } from './subscriptions.ts'

/** How bad the line to the provider is: chances a question. */
export type Line = { refused: number; lostAnswer: number; slow: number }

export type Outages = readonly { from: number; to: number }[]

type Options = { scheduler: Scheduler; random: Random; bank: Bank; line: Line; outages: Outages }

/** As long as the school waits for an answer. */
const LONGEST_MS = 10_000
const PAGE = 100

const pageOf = <T>(all: readonly T[], page: string | undefined): { items: T[]; next?: string } => {
  const end = Number(page ?? 0) + PAGE
  return { items: all.slice(end - PAGE, end), ...(all.length > end && { next: String(end) }) }
}

const refundedSince = ({ charges }: Bank, since: number): string[] =>
  [...charges.values()].filter(({ refundedAt }) => refundedAt.some((at) => at >= since)).map(({ id }) => id)

const newsSince = ({ events }: Bank, since: string): ListedNews[] =>
  events.filter(({ createdAt }) => createdAt >= since).map((news) => ({ news, raw: JSON.stringify(news) }))

const invoiceOf = ({ contracts }: Bank, id: string): Invoice => {
  const found = [...contracts.values()].flatMap(({ invoices }) => invoices).find((invoice) => invoice.id === id)
  if (!found) throw new Error(`The provider knows no invoice ${id}.`)
  return { ...found }
}

/** A question over a line that breaks before or after the deed, or is slow. */
const asking = ({ scheduler, random, line, outages }: Options, runner: Runner) => {
  const isDown = (): boolean => outages.some(({ from, to }) => scheduler.now() >= from && scheduler.now() < to)
  return async <T>(what: string, deed: () => T): Promise<T> => {
    if (isDown() || random.chance(line.refused)) {
      await scheduler.step(runner, `${what} → down`, () => {})
      throw new PaymentsUnavailable('The provider cannot be reached.')
    }
    const answer = await scheduler.step(runner, what, deed)
    if (random.chance(line.slow)) await scheduler.pause(random.between(50, LONGEST_MS - 1))
    const isLost = random.chance(line.lostAnswer)
    // What it answers is as old as the line is slow: others may have gone on meanwhile.
    await scheduler.step(runner, isLost ? `${what} → answer lost` : `${what} → answered`, () => {})
    if (isLost) throw new PaymentsUnavailable('No answer has come.')
    return answer
  }
}

/** The payments' port of one machine: the provider, over such a line. */
export const wired = (given: Options, runner: Runner): Payments => {
  const ask = asking(given, runner)
  const { bank } = given
  return {
    ...{ isLive: false, canCharge: () => true, readNews: () => undefined, pageOf: (payment) => `https://pay.test/payments/${payment}` },
    openCheckout: (request) => ask(`openCheckout ${request.idempotencyKey}`, () => told(openPage(bank, request))),
    readCheckout: (session) => ask(`readCheckout ${session}`, () => told(known(bank.sessions, session))),
    closeCheckout: (session) => ask(`closeCheckout ${session}`, () => told(expire(bank, session))),
    readPayment: (payment) => ask(`readPayment ${payment}`, () => paymentOf(bank, payment)),
    listRefunded: (since, page) => ask(`listRefunded ${since}`, () => pageOf(refundedSince(bank, Date.parse(since)), page)),
    giveBack: ({ payment, amount, idempotencyKey }) =>
      ask(`giveBack ${payment} ${amount.amountMinor} ${idempotencyKey}`, () => giveBackOnce(bank, idempotencyKey, payment, amount.amountMinor)),
    readSubscription: (id) => ask(`readSubscription ${id}`, () => toldContract(known(bank.contracts, id))),
    readInvoice: (id) => ask(`readInvoice ${id}`, () => invoiceOf(bank, id)),
    endSubscription: (id, when) => ask(`endSubscription ${id} ${JSON.stringify(when)}`, () => endContract(bank, id, when)),
    resumeSubscription: (id) => ask(`resumeSubscription ${id}`, () => resumeContract(bank, id)),
    previewChange: (change) =>
      ask(`previewChange ${change.subscription}`, () => ({
        dueNow: { ...change.price, amountMinor: differenceOf(bank, change) },
        nextAt: known(bank.contracts, change.subscription).periodEnd,
      })),
    changeSubscription: (change) => ask(`changeSubscription ${change.subscription} ${change.idempotencyKey}`, () => changeContract(bank, change)),
    openPortal: (customer) => ask(`openPortal ${customer}`, () => 'https://pay.test/portal'),
    listNews: (since, page) => ask(`listNews ${since}`, () => pageOf(newsSince(bank, since), page)),
  }
}
