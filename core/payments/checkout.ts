import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { after } from '#core/moments.ts'
import { exchanging, reserving } from '#core/offers/coupons.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { type Checkout, type CheckoutRequest, type Money, PaymentKeySpent, PaymentsUnavailable } from '#ports/payments.ts'
import type { Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { type Agreed, agreed, offered, refuseEnrolled } from './agreed.ts'
import { type Basket, quote } from './quote.ts'
import { orderRecords, type StoredOrder, sessionRecords, soldRecords, unpaidRecords, waitingRecords, wantedOf } from './records.ts'
import { settle, settleFree } from './settle.ts'

/** A page this old may have been paid on or run out: the provider is asked before it is handed out again. */
const FRESH_MS = 3 * 60_000
/** Somebody who looks at their order has paid, most likely: the provider is asked this often while they wait. */
const WATCHED_EVERY_MS = 15_000
/** How often the provider is asked about an open page, webhooks or not. */
export const READ_EVERY_MS = 5 * 60_000
/** Whoever ordered is asking for the page themselves; this long after, the school asks for them. */
const ASK_AGAIN_MS = 60_000
/** Many may want the last uses of a coupon at once: each time an order is not written, somebody else's has been. */
const MOST_TRIES = 200

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

const again = async ({ tables }: World, id: string): Promise<Stored<StoredOrder>> => {
  const found = await orderRecords.get(tables, { id })
  if (!found) throw missing('order')
  return found
}

const busy = (): Refusal => new Refusal('conflict', 'This order has just been changed, perhaps in another window: look at it again.')

const waits = (world: World, order: string) =>
  waitingRecords.put({ order, since: world.clock.now().toISOString(), tries: 0, dueAt: after(world, ASK_AGAIN_MS) })

/** The learner's unpaid order for the same thing, or a new one that holds its coupon from its first moment. */
const unpaidOrder = async (world: World, learner: string, terms: Agreed): Promise<string> => {
  const { tables, clock, ids } = world
  const wanted = wantedOf(terms)
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const known = (await unpaidRecords.get(tables, { learner, wanted }))?.value.order
    if (known !== undefined) return known
    const createdAt = clock.now().toISOString()
    const order: StoredOrder = { ...terms, id: ids.make('ord'), learner, state: 'waiting', attempt: 1, createdAt }
    const { id } = order
    const made = [orderRecords.add(order), soldRecords.add({ order: id, createdAt }), unpaidRecords.add({ learner, wanted, order: id }), waits(world, id)]
    // Losing this commit means that another tab has just made the order, or another buyer used the coupon.
    if ((await tables.commit([...made, ...(await reserving(world, order))])) === 'done') return id
  }
  throw busy()
}

/** Begins a new attempt, with a page of its own, on other terms or after the last page. What it had of a coupon goes along, or back. */
const prepare = async (world: World, before: Stored<StoredOrder>, terms: Agreed): Promise<void> => {
  const { session: _, checkoutUrl: _url, openedAt: _opened, askedAt: _asked, coupon: _coupon, ...rest } = before.value
  const order: StoredOrder = { ...rest, ...terms, state: 'waiting', attempt: rest.attempt + 1 }
  const coupons = await exchanging(world, before.value, order)
  await world.tables.commit([orderRecords.replace(before, order), waits(world, order.id), ...coupons])
}

type Opening = { checkout: Checkout; events: Event[] }

const store = ({ tables, clock }: World, before: Stored<StoredOrder>, { checkout: { session, url }, events }: Opening): Promise<'done' | 'conflict'> => {
  const { id, learner } = before.value
  const changes = [
    orderRecords.replace(before, { ...before.value, state: 'open', session, openedAt: clock.now().toISOString(), ...(url && { checkoutUrl: url }) }),
    sessionRecords.put({ session, order: id }),
    unpaidRecords.put({ learner, wanted: wantedOf(before.value), order: id, dueAt: after({ clock }, READ_EVERY_MS) }),
    waitingRecords.remove({ order: id }),
  ]
  return tables.commit(changes, events)
}

const pathOf = ({ item, courses: [course] }: StoredOrder): string => (item.kind === 'course' ? `/courses/${course?.slug ?? ''}` : `/offers/${item.offer}`)

const recurringOf = ({ terms, coupon }: StoredOrder): Pick<CheckoutRequest, 'recurring'> => {
  if (terms.kind === 'once') return {}
  const firstOffMinor = coupon?.off.amountMinor ?? 0
  if (terms.kind === 'instalments') return { recurring: { every: 'month', trialDays: 0, firstOffMinor } }
  return { recurring: { every: terms.every, trialDays: terms.trialDays, firstOffMinor } }
}

/** The same for the same attempt, whoever asks and whenever: that is what makes it one page. */
const requestFor = ({ settings: { url } }: World, order: StoredOrder): CheckoutRequest => {
  const { id, attempt, terms, recipient, unit, price, title, email, customer, isTaxed } = order
  return {
    order: id,
    idempotencyKey: `${id}:${attempt}`,
    // A coupon may leave an amount that no number of seats divides: what is paid once is one line.
    price: terms.kind === 'once' ? price : unit,
    quantity: 1,
    title: recipient.kind === 'team' ? `${title} (${recipient.seats} seats)` : title,
    ...{ email, isTaxed, ...recurringOf(order), ...(customer !== undefined && { customer }) },
    // The order’s page tells whoever comes from the payment from whoever comes to pay.
    successUrl: `${url}/orders/${id}?returned=1`,
    cancelUrl: `${url}${pathOf(order)}`,
  }
}

/** What a coupon has paid for whole asks nobody. */
const isFree = ({ price, terms }: StoredOrder): boolean => price.amountMinor === 0 && terms.kind === 'once'

const freeCheckout = ({ id, price, isLive }: StoredOrder): Checkout => ({
  ...{ session: `free_${id}`, order: id, url: undefined, status: 'complete', isPaid: true, paid: price, taxMinor: 0, isLive },
  ...{ payment: undefined, customer: undefined, subscription: undefined, buyer: { name: undefined, country: undefined, taxId: undefined } },
})

/** Says once of an attempt that it has to wait. */
const tellWaiting = async (world: World, { id, attempt }: StoredOrder): Promise<void> => {
  const note = await waitingRecords.get(world.tables, { order: id })
  if (!note || note.value.toldAt !== undefined) return
  const told = waitingRecords.replace(note, { ...note.value, toldAt: world.clock.now().toISOString() })
  await world.tables.commit([told], [event(world, 'order.waiting', { order: id }, `${id}.${attempt}.waiting`)])
}

/** Attempts of one call whose keys may prove spent; more at once are left to the next. */
const MOST_KEYS = 3

/** The page, and the attempt it was made for; undefined while the provider cannot be asked. */
const pageFor = async (world: World, waiting: Stored<StoredOrder>): Promise<{ checkout: Checkout; asked: Stored<StoredOrder> } | undefined> => {
  let asked = waiting
  for (let tried = 0; tried < MOST_KEYS && asked.value.state === 'waiting'; tried += 1) {
    try {
      const checkout = await unlessDown(world, world.payments.openCheckout(requestFor(world, asked.value)))
      return checkout && { checkout, asked }
    } catch (error) {
      if (!(error instanceof PaymentKeySpent)) throw error
      world.log.warn('a checkout is asked for under a new key', { order: asked.value.id, reason: error.message })
      // Should a page have been made under the old key, nobody has its address.
      await world.tables.commit([orderRecords.replace(asked, { ...asked.value, attempt: asked.value.attempt + 1 })])
      const now = await again(world, waiting.value.id)
      // Another window may have agreed to other terms meanwhile.
      if (offered(now.value) !== offered(waiting.value)) return undefined
      asked = now
    }
  }
  return undefined
}

/** Asks the provider for a page, on the terms that were agreed; the order stays `waiting` when it cannot be asked. */
export const opened = async (world: World, waiting: Stored<StoredOrder>, events: Event[] = []): Promise<StoredOrder> => {
  if (isFree(waiting.value)) return (await settleFree(world, waiting.value.id, freeCheckout(waiting.value))) ?? waiting.value
  const page = await pageFor(world, waiting)
  if (!page) {
    await tellWaiting(world, waiting.value)
    return (await again(world, waiting.value.id)).value
  }
  const { checkout, asked } = page
  const order = asked.value
  const outcome = await store(world, asked, { checkout, events })
  const now = (await again(world, order.id)).value
  // Other terms were agreed while this page was made. Nobody has seen it, and nobody is to.
  if (outcome === 'conflict' && now.attempt !== order.attempt) await unlessDown(world, world.payments.closeCheckout(checkout.session))
  // Stored by us, or by another tab that was answered with the same session.
  return now
}

/** As its page says it is; undefined while the provider cannot be asked, about the page or about what that began. */
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

/** Takes back the page of an order whose terms change: nobody pays the old price for it any more. Somebody who has paid it already has bought it. */
const close = async (world: World, { id, session, isLive }: StoredOrder): Promise<'closed' | 'settled'> => {
  // A page of the other mode moves none of the money that is meant now, and this mode's key cannot read it.
  if (session === undefined || isLive !== world.payments.isLive) return 'closed'
  const checkout = await unlessDown(world, world.payments.closeCheckout(session))
  if (!checkout) throw new Refusal('payments-down', 'The payment service does not answer, so your order cannot be changed now. It stays as it was.')
  if (checkout.isPaid) {
    await settle(world, id, checkout)
    return 'settled'
  }
  if (checkout.status !== 'expired') throw new Refusal('conflict', 'A payment for this order is on its way: look at it again in a moment.')
  return 'closed'
}

const isClosed = ({ state }: StoredOrder): boolean => state === 'paid' || state === 'held' || state === 'refunded'

/** Brings an unpaid order to a page that offers exactly these terms, or finds it paid. */
const takeUp = async (world: World, id: string, terms: Agreed): Promise<StoredOrder> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const found = await again(world, id)
    const { value: order } = found
    if (isClosed(order)) return order
    const isSame = offered(order) === offered(terms)
    if (order.state === 'waiting' && isSame) return opened(world, found)
    if (order.state === 'open' && isSame) {
      const now = await current(world, order)
      if (now.state !== 'expired') return now
    } else if (order.state !== 'open' || (await close(world, order)) === 'closed') {
      await prepare(world, found, terms)
    }
  }
  throw busy()
}

/** Orders something: at most one unpaid order of each thing for each learner, whatever the browser does. */
export const checkout = async (world: World, actor: Actor, { shown, ...basket }: Basket & { shown: Money }): Promise<StoredOrder> => {
  const quoted = await quote(world, { ...basket, learner: actor.id })
  const { dueNow } = quoted
  if (dueNow.amountMinor !== shown.amountMinor || dueNow.currency !== shown.currency) {
    throw new Refusal('price-changed', 'The price has changed since it was shown. Look at it again before you order.')
  }
  await refuseEnrolled(world, actor.id, quoted)
  const terms = agreed(world, actor, quoted)
  const order = await takeUp(world, await unpaidOrder(world, actor.id, terms), terms)
  // Another window has ordered the same on other terms at the same moment: nobody is sent to a page they have not agreed to.
  if (!isClosed(order) && offered(order) !== offered(terms)) throw busy()
  return order
}

/** Whether what was ordered is still sold at all. @throws Refusal */
export const refuseUnsold = async (world: World, { item, recipient, price }: StoredOrder): Promise<void> => {
  await quote(world, { item, recipient, currency: price.currency })
}

/** Goes on with an order. While it waits, or its page is open, what was agreed stands; a new page is opened at the same price or not at all. */
export const retry = async (world: World, actor: Actor, found: Stored<StoredOrder>): Promise<StoredOrder> => {
  const now = found.value.state === 'open' ? await current(world, found.value) : found.value
  if (isClosed(now) || now.state === 'open') return now
  const { id, item, recipient, coupon, price } = now
  await refuseEnrolled(world, actor.id, now)
  if (now.state === 'waiting' && now.isLive === world.payments.isLive) {
    await refuseUnsold(world, now)
    return opened(world, found)
  }
  const quoted = await quote(world, { item, recipient, currency: price.currency, coupon: coupon?.code, learner: actor.id })
  if (quoted.dueNow.amountMinor !== price.amountMinor) {
    throw new Refusal('price-changed', 'The price has changed since you ordered. Look at it again, and order anew.')
  }
  return takeUp(world, id, agreed(world, actor, quoted))
}
