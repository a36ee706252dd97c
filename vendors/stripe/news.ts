import type Stripe from 'stripe'
import * as z from 'zod/mini'
import type { Clock } from '#ports/clock.ts'
import type { ListedNews, PaymentNews } from '#ports/payments.ts'
import { secondsOf } from './client.ts'

/** What else is in a place does not keep news from being read: it then names nothing. */
const Id = z.catch(z.optional(z.string().check(z.minLength(1), z.maxLength(255))), undefined)

/** What events are about, as far as it says what to read again. */
const About = z.object({
  id: Id,
  object: Id,
  payment_intent: Id,
  subscription: Id,
  invoice: Id,
  payment: z.catch(z.optional(z.object({ payment_intent: Id })), undefined),
  parent: z.catch(z.optional(z.object({ subscription_details: z.object({ subscription: Id }) })), undefined),
})
type About = z.infer<typeof About>

/** Snapshot events have numbers and an object; thin ones (`v2.…`) a date and a related object. The rest is not ours to judge. */
const Signed = z.object({
  id: z.string().check(z.minLength(1), z.maxLength(255)),
  type: z.string().check(z.minLength(1), z.maxLength(255)),
  created: z.union([z.int(), z.string()]),
  livemode: z._default(z.boolean(), false),
  /** Of a connected account; thin events call it their context. */
  account: Id,
  context: Id,
  api_version: Id,
  data: z.catch(z.optional(z.object({ object: z.optional(About) })), undefined),
})

type Ids = Pick<PaymentNews, 'subject' | 'payment' | 'subscription' | 'invoice'>

const idsOf = (about: About | undefined): Ids => {
  const { id, object, payment_intent: payment, subscription, invoice } = about ?? {}
  const none: Ids = { subject: undefined, payment: undefined, subscription: undefined, invoice: undefined }
  switch (object) {
    case 'checkout.session':
      return { subject: id, payment, subscription, invoice }
    case 'payment_intent':
      return { ...none, payment: id }
    case 'invoice':
      return { ...none, invoice: id, subscription: about?.parent?.subscription_details.subscription }
    case 'invoice_payment':
      return { ...none, invoice, payment: about?.payment?.payment_intent }
    case 'subscription':
      return { ...none, subscription: id }
    default:
      // Charges, refunds, disputes and early fraud warnings name the payment they are of.
      return { ...none, payment }
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined for what is no event of Stripe's at all. */
export const toNews = (text: string): PaymentNews | undefined => {
  const { success, data: event } = Signed.safeParse(parsed(text))
  if (!success) return undefined
  const created = new Date(typeof event.created === 'number' ? event.created * 1000 : event.created)
  if (Number.isNaN(created.getTime())) return undefined
  const { id, type, livemode, account = event.context, api_version: apiVersion } = event
  return { id, type, createdAt: created.toISOString(), isLive: livemode, account, apiVersion, ...idsOf(event.data?.object) }
}

const PAGE = 100
/** So many pages of one second are an account that no school has. */
const MOST_PAGES_A_SECOND = 50
const LONGEST_SECONDS = 30 * 24 * 3600

/** A stretch of time of the provider's list; a page token is one. */
type Stretch = { from: number; seconds: number }

const Token = z.string().check(z.regex(/^\d{1,12}\+\d{1,8}$/))
const tokenOf = ({ from, seconds }: Stretch): string => `${from}+${seconds}`
const stretchOf = (token: string): Stretch => {
  const [from = 0, seconds = 1] = Token.parse(token).split('+').map(Number)
  return { from, seconds }
}

const heard = (event: Stripe.Event): ListedNews => {
  const raw = JSON.stringify(event)
  const news = toNews(raw)
  if (!news) throw new Error(`Stripe lists event ${event.id}, and it is none.`)
  return { news, raw }
}

/** All of one second, however many; newest first. */
const secondOf = async (stripe: Stripe, from: number): Promise<Stripe.Event[]> => {
  const found: Stripe.Event[] = []
  for (let page = 0; page < MOST_PAGES_A_SECOND; page += 1) {
    const after = found.at(-1)?.id
    const { data, has_more: hasMore } = await stripe.events.list({
      ...{ created: { gte: from, lt: from + 1 }, limit: PAGE },
      ...(after !== undefined && { starting_after: after }),
    })
    found.push(...data)
    if (!hasMore || data.length === 0) return found
  }
  throw new Error(`More than ${MOST_PAGES_A_SECOND * PAGE} events in one second.`)
}

/**
 * Stripe lists the newest first and has no other order, so that a reader who is interrupted would not know what is left. Read
 * in stretches of time, halved until each fits on one page, the oldest come first, and no more than a page is held.
 */
export const listNews = async (
  { stripe, clock }: { stripe: Stripe; clock: Clock },
  since: string,
  page?: string,
): Promise<{ items: ListedNews[]; next?: string }> => {
  const now = Math.floor(clock.now().getTime() / 1000)
  const first = secondsOf(since)
  let { from, seconds } = page === undefined ? { from: first, seconds: Math.max(1, now - first + 1) } : stretchOf(page)
  for (;;) {
    const until = from + seconds
    // Its clock may be ahead of ours: the last stretch has no end.
    const isLast = until > now
    const created = { gte: from, ...(!isLast && { lt: until }) }
    const { data, has_more: hasMore } = await stripe.events.list({ created, limit: PAGE })
    const isWhole = !hasMore || seconds === 1
    if (isWhole) {
      const found = hasMore ? await secondOf(stripe, from) : data
      const isDone = isLast && !hasMore
      const next = { from: until, seconds: Math.min(seconds * 2, LONGEST_SECONDS) }
      return { items: found.toReversed().map(heard), ...(!isDone && { next: tokenOf(next) }) }
    }
    seconds = Math.ceil(seconds / 2)
  }
}
