import type { Policy } from '#contract/refunds.ts'
import { consequenceOf } from '#core/refunds/policy.ts'
import type { Dispute, Payment } from '#ports/payments.ts'
import type { StoredEntry } from './ledger.ts'
import { chargedBefore, chargeOf, givenBack, movements } from './movements.ts'
import type { StoredDispute, StoredOrder } from './records.ts'
import type { Turn } from './take.ts'

/** What a payment, as it is told now, makes of an order. */
export type Judged = {
  order: StoredOrder
  /** What the ledger lacks. */
  entries: StoredEntry[]
  isChanged: boolean
  turn: Turn | undefined
  /** What the order opened closes for good by it. */
  isEnded: boolean
  /** What a person has to look at. */
  odd: string | undefined
}

type Known = { entries: readonly StoredEntry[]; policy: Policy; at: string }

const isRecurring = ({ terms }: StoredOrder): boolean => terms.kind !== 'once'

/** Something recurring that was paid and never begun: its order was held. */
export const isUnbegun = (order: StoredOrder): boolean => isRecurring(order) && order.membership === undefined

/** Whether the payment is what the order was paid by. A second payment bought nothing, and what becomes of it takes nothing. */
export const isOwn = (order: StoredOrder, { payment, checkout }: Payment, charge: StoredEntry | undefined): boolean => {
  if (isUnbegun(order)) return charge !== undefined
  if (isRecurring(order)) return charge?.membership !== undefined
  return order.payment === undefined ? order.session === checkout?.session : order.payment === payment
}

const isWhole = ({ paid, refunded }: Payment): boolean => refunded.amountMinor > 0 && refunded.amountMinor >= paid.amountMinor

/** Of something recurring, the payment that pays for the time that runs: what a change cost beside it does not. */
export const latestOf = (entries: readonly StoredEntry[]): StoredEntry | undefined =>
  entries
    .filter(({ kind, membership, why }) => kind === 'charged' && membership !== undefined && why !== 'change' && why !== 'other')
    .reduce<StoredEntry | undefined>((latest, entry) => (latest === undefined || latest.at <= entry.at ? entry : latest), undefined)

/** Whether so much given back of a payment ends what the order opened. */
export const endsOrder = (order: StoredOrder, charge: StoredEntry | undefined, entries: readonly StoredEntry[]): boolean =>
  !isRecurring(order) || latestOf(entries)?.id === charge?.id

const WEIGHT = { lost: 4, open: 3, inquiry: 2, won: 1, dropped: 0 } as const

/** Whether access waits for a dispute, or ends with it. Decided by the policy of the moment it is first seen open. */
const takes = (before: StoredDispute | undefined, { outcome }: Dispute, policy: Policy): boolean => {
  if (outcome === 'inquiry' || outcome === 'dropped') return false
  if (outcome !== 'open') return consequenceOf(outcome === 'won' ? 'dispute-won' : 'dispute-lost', policy) === 'ends'
  return before?.outcome === 'open' ? before.takes : consequenceOf('dispute-opened', policy) === 'pauses'
}

const withDispute = ({ disputes = [] }: StoredOrder, { dispute, payment }: Payment, { policy, isOfThis }: { policy: Policy; isOfThis: boolean }) => {
  if (!dispute) return disputes
  const { id, outcome, amount, reason, answerBy } = dispute
  const known = disputes.find((each) => each.id === id)
  const told = { id, payment, outcome, amount, reason, takes: isOfThis && takes(known, dispute, policy), ...(answerBy !== undefined && { answerBy }) }
  return known ? disputes.map((each) => (each === known ? told : each)) : [...disputes, told]
}

const refundOf = (order: StoredOrder, told: Payment, entries: readonly StoredEntry[]): Pick<StoredOrder, 'refundedMinor' | 'state'> => {
  if (!isRecurring(order)) return { refundedMinor: told.refunded.amountMinor, state: isWhole(told) ? 'refunded' : order.state }
  const own = isUnbegun(order) ? entries : entries.filter(({ membership }) => membership !== undefined)
  const charges = own.filter(({ kind }) => kind === 'charged')
  const refundedMinor = givenBack(own)
  const chargedMinor = charges.reduce((sum, { amount }) => sum + amount.amountMinor, 0)
  return { refundedMinor, state: refundedMinor > 0 && refundedMinor >= chargedMinor ? 'refunded' : order.state }
}

const newlyLost = (before: StoredOrder, { disputes = [] }: StoredOrder): StoredDispute | undefined =>
  disputes.find(({ id, outcome, takes }) => outcome === 'lost' && takes && before.disputes?.find((each) => each.id === id)?.outcome !== 'lost')

/** What becomes of access. A refund is final, so that no dispute that is won afterwards brings anything back. */
const turnOf = (before: StoredOrder, after: StoredOrder, at: string): Turn | undefined => {
  // Of an order that was held nothing is open.
  if (before.state !== 'paid' || before.refundedAt !== undefined) return undefined
  if (after.refundedAt !== undefined) return { kind: 'refunded', at, id: 'refunded' }
  const lost = isRecurring(before) ? newlyLost(before, after) : undefined
  if (lost) return { kind: 'lost', at, id: `lost.${lost.id}` }
  const [was, is] = [before, after].map(({ disputes = [] }) => disputes.filter((each) => each.takes))
  if (!was?.length === !is?.length) return undefined
  const changed = after.disputes?.find(({ id, takes: now }) => now !== (before.disputes?.find((each) => each.id === id)?.takes ?? false))
  return { kind: is?.length ? 'disputed' : 'cleared', at, id: `${is?.length ? 'disputed' : 'cleared'}.${changed?.id ?? ''}` }
}

const unchanged = (order: StoredOrder, odd?: string): Judged => ({ order, entries: [], isChanged: false, turn: undefined, isEnded: false, odd })

const oddities = (before: StoredOrder, told: Payment, isOfThis: boolean): string | undefined => {
  if (!isOfThis || before.state !== 'refunded' || isRecurring(before) || isWhole(told)) return undefined
  return `order ${before.id} was refunded, and its money has come back since; access stays ended`
}

/** Everything of an order that a payment may change, in a fixed order. */
const marksOf = ({ state, refundedMinor, refundedAt, fraudWarning, disputes = [] }: StoredOrder): string =>
  JSON.stringify([
    ...[state, refundedMinor, refundedAt, fraudWarning],
    ...disputes.map(({ id, payment, outcome, takes, amount, reason, answerBy }) => [id, payment, outcome, takes, amount.amountMinor, reason, answerBy]),
  ])

const changed = (before: StoredOrder, told: Payment, known: Known & { isOfThis: boolean; charge: StoredEntry }): Judged => {
  const { at, charge, isOfThis, policy } = known
  const entries = movements(known.entries, charge, told, at)
  const all = [...known.entries, ...entries]
  const disputes = withDispute(before, told, { policy, isOfThis })
  const [worst] = disputes.toSorted((one, other) => WEIGHT[other.outcome] - WEIGHT[one.outcome])
  const refund = isOfThis ? refundOf(before, told, all) : { state: before.state }
  const odd = oddities(before, told, isOfThis)
  const ends = isUnbegun(before) ? refund.state === 'refunded' : endsOrder(before, charge, all)
  const isEnded = isOfThis && isWhole(told) && ends && consequenceOf('refund-whole', policy) === 'ends'
  const order: StoredOrder = {
    ...before,
    ...(refund.refundedMinor !== undefined && (refund.refundedMinor > 0 || before.refundedMinor !== undefined) && { refundedMinor: refund.refundedMinor }),
    // Nothing leads out of `refunded`.
    state: before.state === 'refunded' ? before.state : refund.state,
    ...(isEnded && before.refundedAt === undefined && { refundedAt: at }),
    ...(disputes.length > 0 && { disputes }),
    ...(worst && { dispute: { id: worst.id, outcome: worst.outcome } }),
    ...(told.fraudWarning !== undefined && { fraudWarning: told.fraudWarning }),
  }
  const isChanged = entries.length > 0 || marksOf(order) !== marksOf(before)
  return { order, entries, isChanged, isEnded, odd, turn: turnOf(before, order, at) }
}

/** What has to be written when a payment is told like this; the same whatever was known before, and nothing when it is asked again. */
export const judgePayment = (order: StoredOrder, told: Payment, known: Known): Judged => {
  const { paid, refunded, dispute, isLive } = told
  const isClosed = order.state === 'paid' || order.state === 'held' || order.state === 'refunded'
  // Money of the other mode is none.
  if (!isClosed || isLive !== order.isLive) return unchanged(order)
  if (refunded.currency !== paid.currency) return unchanged(order, `order ${order.id} was paid in ${paid.currency} and refunded in ${refunded.currency}`)
  if (dispute && dispute.amount.currency !== paid.currency) {
    return unchanged(order, `order ${order.id} was paid in ${paid.currency} and is disputed in ${dispute.amount.currency}`)
  }
  const charge = chargeOf(known.entries, told)
  const isOfThis = isOwn(order, told, charge)
  const hasNews = refunded.amountMinor > 0 || dispute !== undefined || told.fraudWarning !== undefined
  if (!charge && !hasNews) return unchanged(order)
  if (!charge && isRecurring(order) && order.state !== 'held') return unchanged(order, `the invoice that payment ${told.payment} pays is not booked yet`)
  return changed(order, told, { ...known, isOfThis, charge: charge ?? chargedBefore(order, told, { at: known.at, isOwn: isOfThis }) })
}
