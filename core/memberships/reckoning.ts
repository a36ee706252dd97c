import type { Fact } from '#contract/grants.ts'
import type { MembershipState } from '#contract/memberships.ts'
import type { Policy } from '#contract/refunds.ts'
import { DAY_MS, HOUR_MS, isBefore, plus } from '#core/moments.ts'
import type { Invoice, Subscription } from '#ports/payments.ts'
import type { StoredMembership } from './records.ts'

/** How long a right goes on by itself after what is paid for, so that news that is late cuts nobody. */
const HARD_CAP_MS = 7 * DAY_MS
/** The provider’s clock may differ from ours by so much: nobody is cut sooner for it. */
const CLOCKS_DIFFER_MS = HOUR_MS / 4
/** An answer that seems older than what is known is believed after all when nothing newer has been read for so long. */
const DOUBTED_MS = DAY_MS
/** A change that the provider has not made within this is not going to be made. */
const CHANGE_MS = HOUR_MS / 4

/** The moment a membership is judged at (ISO 8601), and the school's rules. */
export type Asked = { now: string; policy: Pick<Policy, 'graceHours'> }

/** What a membership is, by an answer of the provider's. */
export type Standing = Pick<StoredMembership, 'state' | 'paidUntil'> & {
  /** Invoices that have been paid and are not booked yet, oldest first. */
  paid: Invoice[]
  paidCount: number
  owed: Invoice | undefined
  owedSince: string | undefined
  endsAt: string | undefined
  endedAt: string | undefined
  /** Of the right it gives, where that is to be written: absent for good. */
  right: { until?: string } | undefined
}

export const isOver = ({ status }: Subscription): boolean => status === 'canceled' || status === 'incomplete_expired'

const DONE: readonly MembershipState[] = ['ended', 'complete']
export const isDone = ({ state }: Pick<StoredMembership, 'state'>): boolean => DONE.includes(state)

export const graceUntil = (owedSince: string, { graceHours }: Pick<Policy, 'graceHours'>): string => plus(owedSince, graceHours * HOUR_MS)

/** Until when the last word of the ledger lets it run; undefined for good. */
export const runsUntil = ({ facts }: StoredMembership): string | undefined => facts.findLast(({ kind }) => kind === 'subscribed' || kind === 'renewed')?.until

const byAge = (invoices: readonly Invoice[]): Invoice[] => invoices.toSorted((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt))

const RANK: Record<string, number> = { draft: 0, open: 1, uncollectible: 2, paid: 3, void: 3 }
const rankOf = (state: string): number => RANK[state] ?? 0

const newest = ({ invoices: [first, ...rest] }: Subscription): Invoice | undefined =>
  first && rest.reduce((one, other) => (isBefore(one.createdAt, other.createdAt) ? other : one), first)

/** The newest invoice, as it is kept to be compared with. */
export const newestOf = (told: Subscription): StoredMembership['newest'] => {
  const last = newest(told)
  return last && { id: last.id, createdAt: last.createdAt, state: last.state, attempts: last.attempts }
}

/**
 * Whether an answer is older than the one a membership was last written from: invoices are only added, tried and paid. What was
 * cancelled and resumed leaves no such trace; there the versions of the record decide, since each answer is read after it.
 */
export const isOlder = (membership: StoredMembership, told: Subscription, now: string): boolean => {
  if (membership.endedAt !== undefined) return !isOver(told)
  if (isBefore(plus(membership.readAt, DOUBTED_MS), now)) return false
  const booked = new Set(membership.invoices.map(({ id }) => id))
  if (told.invoices.some(({ id, state }) => booked.has(id) && state !== 'paid')) return true
  const [before, after] = [membership.newest, newestOf(told)]
  if (!before) return false
  if (!after || isBefore(after.createdAt, before.createdAt)) return true
  return after.id === before.id && (rankOf(after.state) < rankOf(before.state) || after.attempts < before.attempts)
}

/** What does not agree and is for a person to look at. */
export const oddity = (membership: StoredMembership, told: Subscription): string | undefined => {
  const { id, order, isLive, kind, price, every, change } = membership
  if (told.isLive !== isLive) return `${told.isLive ? 'a live' : 'a test'} subscription for ${isLive ? 'a live' : 'a test'} membership ${id}`
  if (told.order !== undefined && told.order !== order) return `subscription ${told.id} names order ${told.order}, and membership ${id} is of ${order}`
  if (told.price.currency !== price.currency) return `membership ${id} is paid in ${price.currency}, and subscription ${told.id} in ${told.price.currency}`
  const isAsAgreed = told.price.amountMinor === price.amountMinor && told.every === every
  if (kind === 'instalments' && !isAsAgreed && !change) return `subscription ${told.id} is not at the price that was agreed for plan ${id}`
  return undefined
}

/** What is due and not paid: the oldest renewal after everything that was settled. */
const owedOf = ({ invoices }: Subscription): Invoice | undefined => {
  const aged = byAge(invoices)
  const settled = aged.findLast(({ state, why }) => (state === 'paid' || state === 'void') && why !== 'other')?.createdAt
  return aged.find(
    ({ why, state, createdAt }) => why === 'renewal' && state !== 'paid' && state !== 'void' && (settled === undefined || isBefore(settled, createdAt)),
  )
}

/** Of a plan each instalment counts, also one that a coupon took all of. */
const counts = ({ kind }: StoredMembership, { why, total }: Invoice): boolean =>
  (why === 'first' || why === 'renewal') && (total.amountMinor > 0 || kind === 'instalments')

const newlyPaid = (membership: StoredMembership, told: Subscription): Invoice[] => {
  const booked = new Set(membership.invoices.map(({ id }) => id))
  return byAge(told.invoices).filter(
    (invoice) => invoice.state === 'paid' && !booked.has(invoice.id) && (invoice.total.amountMinor > 0 || counts(membership, invoice)),
  )
}

/** Invoices say more than the status: whoever has paid the newest is even, though an older one is still open. */
const isFailing = (told: Subscription, owed: Invoice | undefined): boolean => {
  if (owed && (owed.state === 'uncollectible' || owed.attempts > 0 || owed.needsAction)) return true
  const { status } = told
  const isEven = newest(told)?.state === 'paid'
  return status === 'paused' || status === 'incomplete' || ((status === 'past_due' || status === 'unpaid') && !isEven)
}

/** Until when it is paid for. The period a provider tells of begins before it is paid: what is owed says where the paid one ended. */
const paidUntilOf = ({ paidUntil }: StoredMembership, told: Subscription, owed: Invoice | undefined): string => {
  if (owed) return Math.abs(Date.parse(owed.createdAt) - Date.parse(paidUntil)) > DAY_MS ? owed.createdAt : paidUntil
  const isForgiven = newest(told)?.state === 'void'
  return isFailing(told, owed) || (isOver(told) && isForgiven) ? paidUntil : told.periodEnd
}

type Reckoned = Omit<Standing, 'state' | 'right'>

const failing = (membership: StoredMembership, told: Subscription, { owedSince = '', paid }: Reckoned, { now, policy }: Asked): MembershipState => {
  // What lapsed gets no second grace for the same debt; paid, and owed anew, it does.
  if (membership.state === 'lapsed' && paid.length === 0) return isOver(told) ? 'ended' : 'lapsed'
  if (!isBefore(plus(graceUntil(owedSince, policy), CLOCKS_DIFFER_MS), now)) return 'grace'
  return isOver(told) ? 'ended' : 'lapsed'
}

const stateOf = (membership: StoredMembership, told: Subscription, reckoned: Reckoned, asked: Asked): MembershipState => {
  const { state, kind, count } = membership
  if (state === 'complete' || (kind === 'instalments' && count !== undefined && reckoned.paidCount >= count && isRestorable(membership))) return 'complete'
  if (state === 'paused') return 'paused'
  if (state === 'ended') return isPaidAfterAll(membership, told, reckoned, asked) ? 'active' : 'ended'
  if (reckoned.owedSince !== undefined) return failing(membership, told, reckoned, asked)
  if (!isOver(told)) return told.status === 'trialing' ? 'trial' : 'active'
  if (isBefore(reckoned.paidUntil, asked.now)) return 'ended'
  return state === 'trial' && reckoned.paidCount === 0 ? 'trial' : 'active'
}

/** Ended by the provider while it was owed for, and paid since: it is open for as long as was paid, and is not renewed. */
const isPaidAfterAll = (membership: StoredMembership, told: Subscription, { paid, owed, paidUntil }: Reckoned, { now }: Asked): boolean =>
  paid.some((invoice) => counts(membership, invoice)) && !owed && isOver(told) && membership.facts.at(-1)?.kind === 'lapsed' && isBefore(now, paidUntil)

/** All instalments make a plan complete, also one that had lapsed; money given back, or disputed, does not come back by it. */
const isRestorable = ({ facts }: StoredMembership): boolean => !facts.some(({ kind }) => kind === 'refunded') && facts.findLast(isTurn)?.kind !== 'disputed'
const isTurn = ({ kind }: Fact): boolean => kind === 'disputed' || kind === 'cleared'

/** The right that a state gives: absent where it gives none. */
export const rightOf = (state: MembershipState, { paidUntil, endsAt }: { paidUntil: string; endsAt?: string | undefined }): Standing['right'] => {
  if (state === 'complete') return {}
  if (state === 'grace') return { until: plus(paidUntil, HARD_CAP_MS) }
  if (state !== 'trial' && state !== 'active') return undefined
  return { until: endsAt === undefined ? plus(paidUntil, HARD_CAP_MS) : plus(endsAt, CLOCKS_DIFFER_MS) }
}

const endsAtOf = ({ kind }: StoredMembership, told: Subscription, paidUntil: string): string | undefined => {
  if (isOver(told)) return paidUntil
  // A plan is ended by itself after its last instalment: nobody has cancelled it.
  return kind === 'instalments' ? undefined : told.endsAt
}

/** What a membership is now, by what the provider tells. Pure: the same for the same answer at the same moment. */
export const standingOf = (membership: StoredMembership, told: Subscription, asked: Asked): Standing => {
  const owed = owedOf(told)
  const paid = newlyPaid(membership, told)
  const paidUntil = paidUntilOf(membership, told, owed)
  const isOwing = isFailing(told, owed) || (owed !== undefined && isOver(told))
  const reckoned: Reckoned = {
    ...{ owed, paid, paidUntil, paidCount: membership.paidCount + paid.filter((invoice) => counts(membership, invoice)).length },
    owedSince: isOwing ? (owed?.createdAt ?? membership.owedSince ?? paidUntil) : undefined,
    endsAt: endsAtOf(membership, told, paidUntil),
    endedAt: membership.endedAt ?? (isOver(told) ? (told.endedAt ?? asked.now) : undefined),
  }
  const state = stateOf(membership, told, reckoned, asked)
  // One that has run out with nothing owed: its right may still run on as if it had been renewed.
  const hasRunOut = state === 'ended' && reckoned.owedSince === undefined && ['trial', 'active', 'grace'].includes(membership.state)
  return { ...reckoned, state, right: rightOf(hasRunOut ? 'active' : state, reckoned) }
}

/** Whether a change that was asked for has been made, is still to be waited for, or has come to nothing. */
export const changeOf = ({ change }: StoredMembership, told: Subscription, now: string): 'none' | 'made' | 'waiting' | 'dropped' => {
  if (!change) return 'none'
  const { price, every, askedAt } = change
  if (told.every === every && told.price.amountMinor === price.amountMinor && told.price.currency === price.currency) return 'made'
  return isBefore(plus(askedAt, CHANGE_MS), now) ? 'dropped' : 'waiting'
}
