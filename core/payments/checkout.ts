import { enrolmentOf } from '#core/enrolments/enrolments.ts'
import { rightsOf } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import { refuseMember } from '#core/memberships/followers.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { type Checkout, type CheckoutRequest, type Money, PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { type Basket, type Quoted, quote } from './quote.ts'
import { orderRecords, type StoredOrder, sessionRecords, soldRecords, unpaidRecords, wantedOf } from './records.ts'
import { settle } from './settle.ts'

/** A page this old may have been paid on or run out: the provider is asked before it is handed out again. */
const FRESH_MS = 3 * 60_000
/** Somebody who looks at their order has paid, most likely: the provider is asked this often while they wait. */
const WATCHED_EVERY_MS = 15_000
/** How often the provider is asked about an open page, webhooks or not. */
export const READ_EVERY_MS = 5 * 60_000

export const after = ({ clock }: Pick<World, 'clock'>, milliseconds: number): string => new Date(clock.now().getTime() + milliseconds).toISOString()

/** What a provider that is down leaves undone: undefined; any other failure is a fault and passes. */
const unlessDown = async <T>({ log }: World, asked: Promise<T>): Promise<T | undefined> => {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof PaymentsUnavailable)) throw error
    log.warn('payments unavailable', { reason: error.message })
    return undefined
  }
}

type Agreed = Pick<StoredOrder, 'email' | 'item' | 'title' | 'courses' | 'terms' | 'recipient' | 'unit' | 'price' | 'coupon' | 'isTaxed' | 'isLive'>

const agreed = ({ payments }: World, { email }: Actor, quoted: Quoted): Agreed => {
  const { item, title, courses, terms, recipient, unit, dueNow, coupon, isTaxed } = quoted
  return { ...{ email, item, title, courses, terms, recipient, unit, isTaxed }, price: dueNow, isLive: payments.isLive, ...(coupon && { coupon }) }
}

/** What a checkout page offers; while it is the same, the page may be handed out again. */
const offered = ({ email, title, courses, terms, recipient, unit, price, coupon, isTaxed, isLive }: Agreed): string =>
  JSON.stringify([email, title, courses.map(({ id }) => id), terms, recipient, unit, price, coupon?.code, isTaxed, isLive])

/** The learner's unpaid order for the same thing, or a new one. */
const unpaidOrder = async ({ tables, clock, ids }: World, learner: string, terms: Agreed): Promise<Stored<StoredOrder>> => {
  const wanted = wantedOf(terms)
  const createdAt = clock.now().toISOString()
  const order: StoredOrder = { ...terms, id: ids.make('ord'), learner, state: 'waiting', attempt: 1, createdAt }
  const known = await unpaidRecords.get(tables, { learner, wanted })
  const changes = [orderRecords.add(order), soldRecords.add({ order: order.id, createdAt }), unpaidRecords.add({ learner, wanted, order: order.id })]
  // Losing this commit means that another tab has just made the order.
  if (!known) await tables.commit(changes)
  const guard = known ?? (await unpaidRecords.get(tables, { learner, wanted }))
  const found = guard && (await orderRecords.get(tables, { id: guard.value.order }))
  if (!found) throw new Refusal('conflict', 'This order has just changed: look again.')
  return found
}

const again = async ({ tables }: World, id: string): Promise<Stored<StoredOrder>> => {
  const found = await orderRecords.get(tables, { id })
  if (!found) throw missing('order')
  return found
}

/** Begins a new attempt when the last page has run out, or when what it would offer is no longer what is sold. */
const prepared = async (world: World, before: Stored<StoredOrder>, terms: Agreed): Promise<Stored<StoredOrder>> => {
  const order = before.value
  if (order.state === 'waiting' && offered(order) === offered(terms)) return before
  const { session: _, openedAt: _opened, askedAt: _asked, coupon: _coupon, ...rest } = order
  await world.tables.commit([orderRecords.replace(before, { ...rest, ...terms, state: 'waiting', attempt: order.attempt + 1 })])
  return again(world, order.id)
}

const store = ({ tables, clock }: World, before: Stored<StoredOrder>, { session, url }: Checkout): Promise<'done' | 'conflict'> => {
  const { id, learner } = before.value
  return tables.commit([
    orderRecords.replace(before, { ...before.value, state: 'open', session, openedAt: clock.now().toISOString(), ...(url && { checkoutUrl: url }) }),
    sessionRecords.put({ session, order: id }),
    unpaidRecords.put({ learner, wanted: wantedOf(before.value), order: id, dueAt: after({ clock }, READ_EVERY_MS) }),
  ])
}

const pathOf = ({ item, courses: [course] }: StoredOrder): string => (item.kind === 'course' ? `/courses/${course?.slug ?? ''}` : `/offers/${item.offer}`)

const requestFor = ({ settings }: World, order: StoredOrder): CheckoutRequest => {
  const { id, attempt, terms, recipient, unit, price, title, email, customer, isTaxed } = order
  const { url } = settings
  const isOnce = terms.kind === 'once'
  const isTrial = terms.kind === 'membership' && terms.trialDays > 0
  const recurring = isOnce
    ? {}
    : {
        recurring: {
          every: terms.kind === 'membership' ? terms.every : ('month' as const),
          trialDays: terms.kind === 'membership' ? terms.trialDays : 0,
          firstOffMinor: isTrial ? 0 : unit.amountMinor - price.amountMinor,
        },
      }
  return {
    order: id,
    idempotencyKey: `${id}:${attempt}`,
    // A coupon may leave an amount that no number of seats divides: what is paid once is one line.
    price: isOnce ? price : unit,
    quantity: 1,
    title: recipient.kind === 'team' ? `${title} (${recipient.seats} seats)` : title,
    ...{ email, isTaxed, ...recurring, ...(customer !== undefined && { customer }) },
    successUrl: `${url}/orders/${id}`,
    cancelUrl: `${url}${pathOf(order)}`,
  }
}

/** What a coupon has paid for whole asks nobody. */
const isFree = ({ price, terms }: StoredOrder): boolean => price.amountMinor === 0 && terms.kind === 'once'

const freeCheckout = ({ id, price, isLive }: StoredOrder): Checkout => ({
  ...{ session: `free_${id}`, order: id, url: undefined, status: 'complete', isPaid: true, paid: price, taxMinor: 0, isLive },
  ...{ payment: undefined, customer: undefined, subscription: undefined, buyer: { name: undefined, country: undefined, taxId: undefined } },
})

/** Asks the provider for a page; the order stays `waiting` when it cannot be asked. */
const opened = async (world: World, waiting: Stored<StoredOrder>): Promise<StoredOrder> => {
  const { id, state } = waiting.value
  if (state !== 'waiting') return waiting.value
  if (isFree(waiting.value)) return (await settle(world, id, freeCheckout(waiting.value))) ?? waiting.value
  const checkout = await unlessDown(world, world.payments.openCheckout(requestFor(world, waiting.value)))
  if (!checkout) return waiting.value
  await store(world, waiting, checkout)
  // Stored by us, or by another tab that was answered with the same session.
  return (await again(world, id)).value
}

/** As its page says it is; undefined while the provider cannot be asked, about the page or about what it began. */
const settledAs = (world: World, id: string, session: string): Promise<StoredOrder | undefined> =>
  unlessDown(
    world,
    world.payments.readCheckout(session).then((checkout) => settle(world, id, checkout)),
  )

/** An open order as it is now: from memory while its page is young, from the provider after. */
const current = async (world: World, order: StoredOrder): Promise<StoredOrder> => {
  const { id, session, openedAt } = order
  if (session === undefined || openedAt === undefined || openedAt > after(world, -FRESH_MS)) return order
  return (await settledAs(world, id, session)) ?? order
}

/** An order as somebody who waits for it is told: a webhook that is late, or lost, does not keep them waiting. */
export const watched = async (world: World, found: Stored<StoredOrder>): Promise<StoredOrder> => {
  const { id, state, session, openedAt, askedAt = openedAt } = found.value
  const isDue = askedAt !== undefined && askedAt <= after(world, -WATCHED_EVERY_MS)
  if (state !== 'open' || session === undefined || !isDue) return found.value
  // Claimed before it is asked: many tabs are one question.
  const claim = orderRecords.replace(found, { ...found.value, askedAt: world.clock.now().toISOString() })
  if ((await world.tables.commit([claim])) === 'conflict') return (await again(world, id)).value
  return (await settledAs(world, id, session)) ?? found.value
}

const takeUp = async (world: World, found: Stored<StoredOrder>, terms: Agreed): Promise<StoredOrder> => {
  const order = found.value.state === 'open' ? await current(world, found.value) : found.value
  if (order.state !== 'waiting' && order.state !== 'expired') return order
  return opened(world, await prepared(world, await again(world, order.id), terms))
}

const hasForGood = async ({ tables, clock }: World, learner: string, { id }: { id: string }): Promise<boolean> => {
  const at = clock.now().toISOString()
  const own = rightsOf((await enrolmentOf(tables, learner, id))?.value.facts ?? [], at)
  // Money is not taken for a door that the school has closed itself: whoever closed it can open it.
  const isShut = !own.some(({ isRunning }) => isRunning) && own.at(-1)?.endedBy?.kind === 'ended'
  if (isShut) throw new Refusal('access-ended', 'The school has ended your access to this course. Write to the school before you buy it again.', 'ended')
  // Someone who has it until a day, or while they pay for it, may still buy it for good.
  return own.some(({ isRunning, until }) => isRunning && until === undefined)
}

/** Refuses to sell somebody what they have for good already. Of several courses one that is new is enough. */
const refuseEnrolled = async (world: World, learner: string, { recipient, courses, item }: Pick<Agreed, 'recipient' | 'courses' | 'item'>): Promise<void> => {
  if (recipient.kind !== 'me') return
  if (item.kind === 'offer') await refuseMember(world, learner, item.offer)
  const had = await Promise.all(courses.map((course) => hasForGood(world, learner, course)))
  if (!had.every(Boolean)) return
  throw new Refusal('already-enrolled', item.kind === 'course' ? 'You are enrolled in this course already.' : 'You have all of this already.')
}

/** Orders something: at most one unpaid order of each thing for each learner, whatever the browser does. */
export const checkout = async (world: World, actor: Actor, { shown, ...basket }: Basket & { shown: Money }): Promise<StoredOrder> => {
  const quoted = await quote(world, basket)
  const { dueNow } = quoted
  if (dueNow.amountMinor !== shown.amountMinor || dueNow.currency !== shown.currency) {
    throw new Refusal('price-changed', 'The price has changed since it was shown. Look at it again before you order.')
  }
  await refuseEnrolled(world, actor.id, quoted)
  const terms = agreed(world, actor, quoted)
  return takeUp(world, await unpaidOrder(world, actor.id, terms), terms)
}

export const retry = async (world: World, actor: Actor, found: Stored<StoredOrder>): Promise<StoredOrder> => {
  const { state, item, recipient, coupon, price } = found.value
  if (state === 'paid' || state === 'held' || state === 'refunded') return found.value
  const quoted = await quote(world, { item, recipient, currency: price.currency, coupon: coupon?.code })
  await refuseEnrolled(world, actor.id, quoted)
  return takeUp(world, found, agreed(world, actor, quoted))
}
