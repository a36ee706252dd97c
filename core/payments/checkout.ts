import { publicationRecords, type StoredPublication } from '#core/courses/records.ts'
import { enrolmentOf } from '#core/enrolments/enrolments.ts'
import { rightsOf } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { type Checkout, PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { orderRecords, type StoredOrder, sessionRecords, unpaidRecords } from './records.ts'
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

const forSale = async ({ tables, payments }: World, course: string): Promise<StoredPublication> => {
  const publication = await publicationRecords.get(tables, { id: course })
  if (!publication?.value.isListed) throw missing('course')
  const { price } = publication.value
  if (price.amountMinor === 0) throw new Refusal('not-for-sale', 'This course is free: enrol in it instead.')
  // Refused when it is priced; the provider may be another since.
  if (!payments.canCharge(price)) throw new Refusal('not-for-sale', 'The price of this course cannot be charged. Tell its teacher.')
  return publication.value
}

type Terms = Pick<StoredOrder, 'email' | 'course' | 'price' | 'isLive'>

const termsOf = ({ payments }: World, { email }: Actor, { id, slug, title, price }: StoredPublication): Terms => ({
  email,
  course: { id, slug, title },
  price,
  isLive: payments.isLive,
})

const isSame = (order: StoredOrder, terms: Terms): boolean =>
  order.email === terms.email &&
  order.course.title === terms.course.title &&
  order.course.slug === terms.course.slug &&
  order.price.amountMinor === terms.price.amountMinor &&
  order.price.currency === terms.price.currency &&
  order.isLive === terms.isLive

/** The learner's unpaid order for the course, or a new one. */
const unpaidOrder = async ({ tables, clock, ids }: World, learner: string, terms: Terms): Promise<Stored<StoredOrder>> => {
  const course = terms.course.id
  const order: StoredOrder = { ...terms, id: ids.make('ord'), learner, state: 'waiting', attempt: 1, createdAt: clock.now().toISOString() }
  const known = await unpaidRecords.get(tables, { learner, course })
  // Losing this commit means that another tab has just made the order.
  if (!known) await tables.commit([orderRecords.add(order), unpaidRecords.add({ learner, course, order: order.id })])
  const guard = known ?? (await unpaidRecords.get(tables, { learner, course }))
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
const prepared = async (world: World, before: Stored<StoredOrder>, terms: Terms): Promise<Stored<StoredOrder>> => {
  const order = before.value
  if (order.state === 'waiting' && isSame(order, terms)) return before
  const { session: _, openedAt: _opened, askedAt: _asked, ...rest } = order
  await world.tables.commit([orderRecords.replace(before, { ...rest, ...terms, state: 'waiting', attempt: order.attempt + 1 })])
  return again(world, order.id)
}

const store = ({ tables, clock }: World, before: Stored<StoredOrder>, { session, url }: Checkout): Promise<'done' | 'conflict'> => {
  const { id, learner, course } = before.value
  return tables.commit([
    orderRecords.replace(before, { ...before.value, state: 'open', session, openedAt: clock.now().toISOString(), ...(url && { checkoutUrl: url }) }),
    sessionRecords.put({ session, order: id }),
    unpaidRecords.put({ learner, course: course.id, order: id, dueAt: after({ clock }, READ_EVERY_MS) }),
  ])
}

/** Asks the provider for a page; the order stays `waiting` when it cannot be asked. */
const opened = async (world: World, waiting: Stored<StoredOrder>): Promise<StoredOrder> => {
  const { id, state, attempt, price, email, course } = waiting.value
  if (state !== 'waiting') return waiting.value
  const { url } = world.settings
  const asked = world.payments.openCheckout({
    order: id,
    idempotencyKey: `${id}:${attempt}`,
    price,
    title: course.title,
    email,
    successUrl: `${url}/orders/${id}`,
    cancelUrl: `${url}/courses/${course.slug}`,
  })
  const checkout = await unlessDown(world, asked)
  if (!checkout) return waiting.value
  await store(world, waiting, checkout)
  // Stored by us, or by another tab that was answered with the same session.
  return (await again(world, id)).value
}

/** An open order as it is now: from memory while its page is young, from the provider after. */
const current = async (world: World, order: StoredOrder): Promise<StoredOrder> => {
  const { id, session, openedAt } = order
  if (session === undefined || openedAt === undefined || openedAt > after(world, -FRESH_MS)) return order
  const checkout = await unlessDown(world, world.payments.readCheckout(session))
  return (checkout && (await settle(world, id, checkout))) ?? order
}

/** An order as somebody who waits for it is told: a webhook that is late, or lost, does not keep them waiting. */
export const watched = async (world: World, found: Stored<StoredOrder>): Promise<StoredOrder> => {
  const { id, state, session, openedAt, askedAt = openedAt } = found.value
  const isDue = askedAt !== undefined && askedAt <= after(world, -WATCHED_EVERY_MS)
  if (state !== 'open' || session === undefined || !isDue) return found.value
  // Claimed before it is asked: many tabs are one question.
  const claim = orderRecords.replace(found, { ...found.value, askedAt: world.clock.now().toISOString() })
  if ((await world.tables.commit([claim])) === 'conflict') return (await again(world, id)).value
  const checkout = await unlessDown(world, world.payments.readCheckout(session))
  return (checkout && (await settle(world, id, checkout))) ?? found.value
}

const takeUp = async (world: World, found: Stored<StoredOrder>, terms: Terms): Promise<StoredOrder> => {
  const order = found.value.state === 'open' ? await current(world, found.value) : found.value
  if (order.state !== 'waiting' && order.state !== 'expired') return order
  return opened(world, await prepared(world, await again(world, order.id), terms))
}

const refuseEnrolled = async ({ tables, clock }: World, learner: string, course: string): Promise<void> => {
  // Someone who has it until a day may still buy it for good.
  const rights = rightsOf((await enrolmentOf(tables, learner, course))?.value.facts ?? [], clock.now().toISOString())
  const hasForGood = rights.some(({ isRunning, until }) => isRunning && until === undefined)
  // Money is not taken for a door that the school has closed itself: whoever closed it can open it.
  const isShut = !rights.some(({ isRunning }) => isRunning) && rights.at(-1)?.endedBy?.kind === 'ended'
  if (isShut) throw new Refusal('access-ended', 'The school has ended your access to this course. Write to the school before you buy it again.', 'ended')
  if (hasForGood) throw new Refusal('already-enrolled', 'You are enrolled in this course already.')
}

/** Orders a course: at most one unpaid order for each learner and course, whatever the browser does. */
export const checkout = async (world: World, actor: Actor, course: string): Promise<StoredOrder> => {
  const publication = await forSale(world, course)
  await refuseEnrolled(world, actor.id, course)
  const terms = termsOf(world, actor, publication)
  return takeUp(world, await unpaidOrder(world, actor.id, terms), terms)
}

export const retry = async (world: World, actor: Actor, found: Stored<StoredOrder>): Promise<StoredOrder> => {
  const { state, course } = found.value
  if (state === 'paid' || state === 'held' || state === 'refunded') return found.value
  await refuseEnrolled(world, actor.id, course.id)
  return takeUp(world, found, termsOf(world, actor, await forSale(world, course.id)))
}
