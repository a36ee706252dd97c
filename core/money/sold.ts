import type { SoldOrder } from '#contract/money.ts'
import type { OrderState } from '#contract/payments.ts'
import { entryRecords } from '#core/payments/ledger.ts'
import { ORDERS, orderRecords, type StoredOrder, soldRecords } from '#core/payments/records.ts'
import { issuedFor } from '#core/receipts/records.ts'
import { all } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import { type Page, type Tables, TablesLimit } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'

export const ROWS_A_PAGE = 25
/** Of a rare state most pages have none: so many are looked through for one answer, and the answer says where to go on. */
const MOST_PAGES = 40

/** A page token is a stranger's to write: one that the listing did not give is refused, not a fault. */
export const listed = async <T>(listing: Promise<Page<T>>): Promise<Page<T>> => {
  try {
    return await listing
  } catch (error) {
    if (error instanceof TablesLimit) throw new Refusal('bad-input', 'This page does not go on from the one before. Begin at the first.')
    throw error
  }
}

export const soldOrder = (order: StoredOrder): SoldOrder => {
  const { id, learner, email, title, terms, recipient, price, state, createdAt, paidAt, refundedMinor, coupon, heldBecause, dispute, fraudWarning } = order
  return {
    ...{ id, learner: { id: learner, email }, title, terms, recipient, price, state, createdAt, hasFraudWarning: fraudWarning !== undefined },
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

type Wanted = { state?: OrderState | undefined; email?: string | undefined; page?: string | undefined }

export const orders = async (world: World, { state, email, page }: Wanted): Promise<{ orders: SoldOrder[]; next?: string }> => {
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
    receipts: (await issuedFor(tables, id)).map(({ receipt, number, kind, total }) => ({ id: receipt, number, kind, total })),
    ...(stored.membership !== undefined && { membership: stored.membership }),
    ...(providerUrl !== undefined && { providerUrl }),
  }
}
