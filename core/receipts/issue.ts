import { event } from '#core/events.ts'
import { entriesOf, entryRecords, type StoredEntry } from '#core/payments/ledger.ts'
import { chargeOf } from '#core/payments/movements.ts'
import { orderRecords, type StoredOrder } from '#core/payments/records.ts'
import { moneyPolicy } from '#core/refunds/policy.ts'
import { schoolName } from '#core/storefront/brand.ts'
import { PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { counterRecords, issuedRecords, numberRecords, receiptRecords, type StoredReceipt } from './records.ts'
import { sellerOf, wordingOf } from './wording.ts'

/** Every loss is another’s receipt, so that this many may be written at once. */
const MOST_TRIES = 50

/** The provider’s own invoice. A receipt does not wait for a provider that is down. */
const invoiceUrlOf = async ({ payments, log }: World, { invoice }: StoredEntry): Promise<string | undefined> => {
  if (invoice === undefined) return undefined
  try {
    return (await payments.readInvoice(invoice)).url
  } catch (error) {
    if (!(error instanceof PaymentsUnavailable)) throw error
    log.warn('receipt without the link to the invoice', { invoice, reason: error.message })
    return undefined
  }
}

type Unnumbered = Omit<StoredReceipt, 'number' | 'issuedAt'>

const buyerOf = async ({ identity }: World, { email, buyer, learner }: StoredOrder, entry: StoredEntry): Promise<StoredReceipt['buyer']> => {
  const name = buyer?.name ?? (await identity.find(learner))?.name
  const taxId = entry.taxId ?? buyer?.taxId
  const country = entry.country ?? buyer?.country
  return { email, ...(name !== undefined && { name }), ...(taxId !== undefined && { taxId }), ...(country !== undefined && { country }) }
}

const written = async (world: World, order: StoredOrder, entry: StoredEntry, of: string | undefined): Promise<Unnumbered> => {
  const { ids, tables } = world
  const { lines, coupon } = await wordingOf(world, order, entry)
  const invoiceUrl = entry.kind === 'charged' ? await invoiceUrlOf(world, entry) : undefined
  return {
    ...{ id: ids.make('rct'), kind: entry.kind === 'refunded' ? 'credit' : 'receipt', order: order.id, entry: entry.id, learner: entry.learner },
    ...{ seller: sellerOf(await moneyPolicy(tables), await schoolName(world)), buyer: await buyerOf(world, order, entry), lines, total: entry.amount },
    paidAt: entry.at,
    ...(coupon && { coupon }),
    ...(entry.tax && { tax: entry.tax }),
    ...(of !== undefined && { of }),
    ...(invoiceUrl !== undefined && { invoiceUrl }),
  }
}

/** Gives it the next number of the year; the number, the receipt and its entry’s mark are one commit. */
const numbered = async (world: World, receipt: Unnumbered): Promise<string> => {
  const { tables, clock } = world
  const { id, order, entry, kind, total } = receipt
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const issued = await issuedRecords.get(tables, { order, entry })
    if (issued) return issued.value.number
    const issuedAt = clock.now().toISOString()
    const year = issuedAt.slice(0, 4)
    const counter = await counterRecords.get(tables, { year })
    const last = (counter?.value.last ?? 0) + 1
    const number = `${year}-${String(last).padStart(6, '0')}`
    const changes = [
      counter ? counterRecords.replace(counter, { year, last }) : counterRecords.add({ year, last }),
      receiptRecords.add({ ...receipt, number, issuedAt }),
      numberRecords.add({ number, receipt: id, issuedAt }),
      issuedRecords.add({ order, entry, receipt: id, number, kind, total }),
    ]
    if ((await tables.commit(changes, [event(world, 'receipt.issued', { receipt: id }, `${id}.issued`)])) === 'done') return number
  }
  throw new Error(`The numbers of receipts were given to others ${MOST_TRIES} times.`)
}

/** The credit note that a refund which failed takes back: the newest one of its payment, of the same amount if there is one. */
const cancelledNote = async (world: World, { order, payment, amount, at }: StoredEntry): Promise<string | undefined> => {
  const refunds = (await entriesOf(world.tables, order)).filter((each) => each.kind === 'refunded' && each.payment === payment && each.at <= at)
  const newestFirst = refunds.toSorted((one, other) => other.at.localeCompare(one.at))
  const refund = newestFirst.find((each) => each.amount.amountMinor === amount.amountMinor) ?? newestFirst[0]
  return refund && issue(world, { order, entry: refund.id })
}

/**
 * Issues the receipt of a movement of money, once, and answers its number: for what came in a receipt, for what went back a
 * credit note, and for a refund that failed a receipt that cancels its note. A dispute has neither: the bank’s own papers go with it.
 */
export const issue = async (world: World, { order: id, entry: of }: { order: string; entry: string }): Promise<string | undefined> => {
  const { tables } = world
  const issued = await issuedRecords.get(tables, { order: id, entry: of })
  if (issued) return issued.value.number
  const entry = (await entryRecords.get(tables, { order: id, id: of }))?.value
  const order = (await orderRecords.get(tables, { id }))?.value
  if (!entry || !order) throw new Error(`Entry ${of} of order ${id} was told of and is not here.`)
  if (entry.kind === 'charged') return numbered(world, await written(world, order, entry, undefined))
  if (entry.kind === 'refund-failed') {
    const note = await cancelledNote(world, entry)
    return note === undefined ? undefined : numbered(world, await written(world, order, entry, note))
  }
  if (entry.kind !== 'refunded') return undefined
  // A credit note names the receipt it takes back, whichever of the two was told of first.
  const { payment = '' } = entry
  const charge = chargeOf(await entriesOf(tables, id), { payment, paid: entry.amount })
  return numbered(world, await written(world, order, entry, charge && (await issue(world, { order: id, entry: charge.id }))))
}
