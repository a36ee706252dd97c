import type { SoldOrder } from '#contract/money.ts'
import type { OrderState } from '#contract/payments.ts'
import { membershipRecords } from '#core/memberships/records.ts'
import { entryRecords } from '#core/payments/ledger.ts'
import { ORDERS, orderRecords, type StoredOrder, soldRecords } from '#core/payments/records.ts'
import { issuedFor, numberRecords, receiptRecords } from '#core/receipts/records.ts'
import { all } from '#core/records.ts'
import { missing } from '#core/refusal.ts'
import { seatsRecords } from '#core/seats/records.ts'
import type { Page, Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { member } from './members.ts'
import { listed, ROWS_A_PAGE } from './pages.ts'
import { worries } from './worries.ts'

/** Of a rare state most pages have none: so many are looked through for one answer, and the answer says where to go on. */
const MOST_PAGES = 40

export const soldOrder = (order: StoredOrder): SoldOrder => {
  const { id, learner, email, title, terms, recipient, price, unit, state, createdAt, paidAt, refundedMinor, coupon, heldBecause, dispute, fraudWarning } =
    order
  return {
    ...{ id, learner: { id: learner, email }, title, terms, recipient, price, unit, state, createdAt, hasFraudWarning: fraudWarning !== undefined },
    ...(paidAt !== undefined && { paidAt }),
    ...(refundedMinor !== undefined && { refundedMinor }),
    ...(coupon && { coupon: coupon.code }),
    ...(heldBecause !== undefined && { heldBecause }),
    ...(dispute && { dispute: dispute.outcome }),
  }
}

const read = async (tables: Tables, ids: readonly string[]): Promise<StoredOrder[]> => {
  const found = await Promise.all(ids.map((id) => orderRecords.get(tables, { id })))
  return found.flatMap((order) => (order ? [order.value] : []))
}

/** A page of everybody's orders, newest first. */
const everybodys = async ({ tables }: World, page: string | undefined): Promise<Page<StoredOrder>> => {
  const sold = await listed(soldRecords.listIndex(tables, ORDERS, { descending: true, limit: ROWS_A_PAGE, ...(page !== undefined && { page }) }))
  const items = await read(
    tables,
    sold.items.map(({ order }) => order),
  )
  return { ...sold, items }
}

const somebodys = async ({ tables, identity }: World, email: string, page: string | undefined): Promise<Page<StoredOrder>> => {
  const person = await identity.findByEmail(email)
  if (!person) return { items: [] }
  return listed(orderRecords.listIndex(tables, `orders-of#${person.id}`, { descending: true, limit: ROWS_A_PAGE, ...(page !== undefined && { page }) }))
}

/** The one order that a receipt or a credit note of that number belongs to. */
const ofReceipt = async ({ tables }: World, number: string): Promise<StoredOrder[]> => {
  const id = (await numberRecords.get(tables, { number }))?.value.receipt
  const receipt = id === undefined ? undefined : (await receiptRecords.get(tables, { id }))?.value
  return receipt ? read(tables, [receipt.order]) : []
}

type Wanted = {
  state?: OrderState | undefined
  email?: string | undefined
  receipt?: string | undefined
  worry?: 'disputed' | 'warned' | undefined
  page?: string | undefined
}

export const orders = async (world: World, { state, email, receipt, worry, page }: Wanted): Promise<{ orders: SoldOrder[]; next?: string }> => {
  if (receipt !== undefined) return { orders: (await ofReceipt(world, receipt)).map(soldOrder) }
  if (worry !== undefined) return { orders: (await worries(world))[worry].filter((order) => email === undefined || order.email === email).map(soldOrder) }
  const found: StoredOrder[] = []
  let next = page
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const part = email === undefined ? await everybodys(world, next) : await somebodys(world, email, next)
    found.push(...part.items.filter((order) => state === undefined || order.state === state))
    next = part.next
    if (next === undefined || found.length >= ROWS_A_PAGE) break
  }
  return { orders: found.map(soldOrder), ...(next !== undefined && { next }) }
}

const papersOf = async (tables: Tables, id: string) =>
  Promise.all(
    (await issuedFor(tables, id)).map(async ({ receipt, number, kind, total, entry }) => {
      const issuedAt = (await receiptRecords.get(tables, { id: receipt }))?.value.issuedAt
      return { id: receipt, number, kind, total, entry, ...(issuedAt !== undefined && { issuedAt }) }
    }),
  )

/** What the order has begun: whoever holds it, and how many sit in its seats. */
const begunBy = async (tables: Tables, { id, learner, membership, recipient }: StoredOrder) => {
  const held = membership === undefined ? undefined : (await membershipRecords.get(tables, { learner, id: membership }))?.value
  const seats = recipient.kind === 'me' ? undefined : (await seatsRecords.get(tables, { order: id }))?.value
  return { ...(held && { membership: member(held) }), ...(seats && { seats: { taken: seats.taken.length, of: seats.seats } }) }
}

/** An order with everything that money has done in it. */
export const order = async ({ tables, payments }: World, id: string) => {
  const stored = (await orderRecords.get(tables, { id }))?.value
  if (!stored) throw missing('order')
  const entries = await all((page) => entryRecords.list(tables, `order#${id}`, { prefix: 'entry#', ...(page !== undefined && { page }) }))
  const providerUrl = stored.payment === undefined ? undefined : payments.pageOf(stored.payment)
  return {
    order: soldOrder(stored),
    courses: stored.courses,
    entries: entries.toSorted((one, other) => (one.at < other.at ? -1 : 1)),
    receipts: await papersOf(tables, id),
    disputes: (stored.disputes ?? []).map(({ id: dispute, outcome, amount, reason, answerBy }) => ({
      ...{ id: dispute, outcome, amount, reason },
      ...(answerBy !== undefined && { answerBy }),
    })),
    ...(await begunBy(tables, stored)),
    ...(providerUrl !== undefined && { providerUrl }),
  }
}
