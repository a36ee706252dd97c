import { enrolmentOf } from '#core/enrolments/enrolments.ts'
import { entriesOf } from '#core/payments/ledger.ts'
import { orderRecords, type StoredOrder } from '#core/payments/records.ts'
import { issuedFor } from '#core/receipts/records.ts'
import { refusalOf, type School } from './school.ts'

type Learner = Awaited<ReturnType<School['person']>>

export const orderNow = async (school: School, order: string): Promise<StoredOrder> => {
  const found = await orderRecords.get(school.world.tables, { id: order })
  if (!found) throw new Error(`There is no order ${order}.`)
  return found.value
}

export const factsOf = async (school: School, learner: string, course: string): Promise<string[]> =>
  (await enrolmentOf(school.world.tables, learner, course))?.value.facts.map(({ kind }) => kind) ?? []

/** Whether the course's first lesson is answered, or why not. */
export const lessonOf = async ({ client }: Learner, course: string): Promise<string> => {
  const { sections } = await client.learning.curriculum({ course })
  return refusalOf(client.learning.lesson({ lesson: sections[0]?.lessons[0]?.id ?? '' }))
}

const SIGNS = { charged: 1, refunded: -1, 'refund-failed': 1, disputed: -1, 'dispute-won': 1 } as const

/** What an order has left with the school, by the ledger; every entry's shares are checked to add up. */
export const balanceOf = async (school: School, order: string): Promise<number> => {
  const entries = await entriesOf(school.world.tables, order)
  for (const { id, amount, shares } of entries) {
    const sum = shares.reduce((total, share) => total + share.amountMinor, 0)
    if (sum !== amount.amountMinor || shares.some((share) => share.amountMinor < 0)) throw new Error(`The shares of ${id} do not add up.`)
  }
  return entries.reduce((sum, { kind, amount }) => sum + SIGNS[kind] * amount.amountMinor, 0)
}

/** Everything an order has come to, but ids and moments: two that went through the same are alike. */
export const outcomeOf = async (school: School, { learner, course, order }: { learner: Learner; course: string; order: string }) => {
  const { state, refundedMinor, dispute, fraudWarning } = await orderNow(school, order)
  const entries = await entriesOf(school.world.tables, order)
  const receipts = await issuedFor(school.world.tables, order)
  return {
    ...{ state, refundedMinor, dispute: dispute?.outcome, isWarned: fraudWarning !== undefined, lesson: await lessonOf(learner, course) },
    facts: await factsOf(school, learner.id, course),
    entries: entries.map(({ kind, amount, shares }) => ({ kind, amount: amount.amountMinor, shares: shares.map((share) => share.amountMinor) })),
    balance: await balanceOf(school, order),
    receipts: receipts.map(({ kind, total }) => `${kind} ${total.amountMinor}`).toSorted(),
  }
}
