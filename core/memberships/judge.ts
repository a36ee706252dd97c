import type { Fact } from '#contract/grants.ts'
import { momentIn } from '#core/grants/decide.ts'
import { DAY_MS, earliest, HOUR_MS, isBefore, plus } from '#core/moments.ts'
import type { Invoice, Subscription } from '#ports/payments.ts'
import { type Asked, changeOf, graceUntil, isDone, isOlder, newestOf, oddity, runsUntil, type Standing, standingOf } from './reckoning.ts'
import type { StoredMembership } from './records.ts'

/** What a step of a membership means to people; each becomes one event, named by `key`. */
export type Happening = { key: string } & (
  | { is: 'started' | 'renewed' | 'recovered' | 'complete' }
  | { is: 'payment-failed'; invoice: string; attempt: number; needsAction: boolean }
  | { is: 'due-soon'; what: 'trial-ends' | 'renews' | 'closes' }
  | { is: 'changed'; to: 'ending' | 'resumed' | 'other-offer' | 'cleared' }
  | { is: 'ended'; because: 'lapsed' | 'cancelled' }
  | { is: 'overpaid'; invoice: string }
)

/** `paid`: invoices to be booked with it. */
export type Verdict = { is: 'odd'; because: string } | { is: 'older' } | { is: 'so'; membership: StoredMembership; paid: Invoice[]; happenings: Happening[] }

const READ_DAILY_MS = DAY_MS
/** While money is owed, or due at any moment. */
const READ_OFTEN_MS = 8 * 60_000
const READ_LAPSED_MS = HOUR_MS
const TRIAL_TOLD_MS = 3 * DAY_MS
const YEAR_TOLD_MS = 7 * DAY_MS
const CLOSING_TOLD_MS = DAY_MS
const MOST_TOLD = 30

/** When the provider is to be asked again, news or not; never once both sides are done with it. */
export const dueAtOf = (
  after: Pick<StoredMembership, 'state' | 'paidUntil' | 'endedAt' | 'owedSince' | 'change' | 'every'>,
  now: string,
): string | undefined => {
  const { state, paidUntil, endedAt, owedSince, change, every } = after
  if (isDone(after) || (state === 'paused' && endedAt !== undefined)) return endedAt === undefined ? plus(now, READ_DAILY_MS) : undefined
  if (change || owedSince !== undefined) return plus(now, state === 'lapsed' ? READ_LAPSED_MS : READ_OFTEN_MS)
  if (!isBefore(now, paidUntil)) return plus(now, READ_OFTEN_MS)
  const toTell = plus(paidUntil, -(state === 'trial' ? TRIAL_TOLD_MS : YEAR_TOLD_MS))
  const isToTell = (state === 'trial' || every === 'year') && isBefore(now, toTell)
  return earliest([plus(now, READ_DAILY_MS), paidUntil, isToTell ? toTell : undefined])
}

/** What is added to the ledger of its right. A fact that would change nothing is not written. */
const factsOf = (before: StoredMembership, { state, right, owedSince }: Standing, now: string): Fact[] => {
  const { facts, order } = before
  const fact = (kind: Fact['kind'], until?: string): Fact => ({
    id: `fct_${order}.${facts.length + 1}`,
    kind,
    at: momentIn(facts, now),
    order,
    ...(until !== undefined && { until }),
  })
  const isFirst = facts.length === 0
  // An end that nothing is owed at needs no fact: the right runs out.
  const isClosed = state === 'lapsed' || (state === 'ended' && owedSince !== undefined)
  if (isFirst && !right) return [fact('subscribed', now)]
  if (isClosed && facts.at(-1)?.kind !== 'lapsed' && before.state !== 'ended') return [fact('lapsed')]
  if (!right) return []
  if (isFirst) return [fact('subscribed', right.until)]
  const isSame = right.until === runsUntil(before) && facts.at(-1)?.kind !== 'lapsed'
  return isSame ? [] : [fact('renewed', right.until)]
}

const hasTold = ({ told = [] }: StoredMembership, key: string): boolean => told.includes(key)

type Step = { before: StoredMembership; after: Standing; asked: Asked }

const owing = ({ before, after, asked: { now, policy } }: Step): Happening[] => {
  const { owed, owedSince, state } = after
  if (state !== 'grace' || owedSince === undefined) return []
  const closes = graceUntil(owedSince, policy)
  const key = `${owed?.id ?? before.id}.closes`
  const failed = owed && (owed.attempts > 0 || owed.needsAction) ? `${owed.id}.${owed.attempts}` : undefined
  if (owed && failed !== undefined && !hasTold(before, failed)) {
    return [{ is: 'payment-failed', key: failed, invoice: owed.id, attempt: owed.attempts, needsAction: owed.needsAction }]
  }
  // The first letter says until when; a warning a day before that is one for those who have more than a day.
  const isClosing = policy.graceHours * HOUR_MS > CLOSING_TOLD_MS && isBefore(plus(closes, -CLOSING_TOLD_MS), now)
  return isClosing && !hasTold(before, key) ? [{ is: 'due-soon', what: 'closes', key }] : []
}

const ahead = ({ before, after, asked: { now } }: Step): Happening[] => {
  const { state, paidUntil, endsAt, owed } = after
  if (endsAt !== undefined || owed || before.facts.length === 0 || !isBefore(now, paidUntil)) return []
  const isTrial = state === 'trial'
  const what = isTrial ? 'trial-ends' : 'renews'
  const key = `${before.id}.${what}.${paidUntil}`
  if (hasTold(before, key) || (!isTrial && (state !== 'active' || before.every !== 'year' || before.kind !== 'membership'))) return []
  const isSoon = !isBefore(now, plus(paidUntil, -(isTrial ? TRIAL_TOLD_MS : YEAR_TOLD_MS)))
  // A trial so short that its welcome has just said when it ends.
  const isShort = isTrial && isBefore(paidUntil, plus(before.startedAt, TRIAL_TOLD_MS + DAY_MS))
  return isSoon && !isShort ? [{ is: 'due-soon', what, key }] : []
}

/** What happens to one that goes on. */
const goesOn = ({ before, after: { paid, endsAt }, asked: { now } }: Step, key: string): Happening[] => {
  const { id, kind, facts } = before
  const isRenewed = paid.some(({ why }) => why === 'renewal')
  const isTurned = kind === 'membership' && (endsAt === undefined) !== (before.endsAt === undefined)
  return [
    ...(isRenewed ? [{ is: 'renewed' as const, key: `${key}.renewed` }] : []),
    ...(isTurned
      ? [{ is: 'changed' as const, to: endsAt === undefined ? ('resumed' as const) : ('ending' as const), key: `${id}.turned.${facts.length}.${now}` }]
      : []),
  ]
}

const turns = (step: Step): Happening[] => {
  const { before, after, asked } = step
  const { id, state: was } = before
  const { state: is, paid, owedSince } = after
  const key = `${id}.${is}.${paid.at(-1)?.id ?? asked.now}`
  if (before.facts.length === 0) return [{ is: 'started', key: `${id}.started` }]
  if (is === 'complete') return was === 'complete' ? [] : [{ is: 'complete', key: `${id}.complete` }]
  if (was === 'ended' && is === 'active') return [{ is: 'recovered', key }]
  if (was === 'paused' || was === 'ended') return []
  if (is === 'lapsed' || is === 'ended') {
    return was === 'lapsed' ? [] : [{ is: 'ended', because: owedSince === undefined ? 'cancelled' : 'lapsed', key }]
  }
  const wasOwing = was === 'grace' || was === 'lapsed'
  return wasOwing && is !== 'grace' ? [{ is: 'recovered', key }] : goesOn(step, key)
}

/** Money that bought nothing: beyond the last instalment, or after the end. A person gives it back. */
const beyond = ({ before, after: { paid, state } }: Step): Happening[] => {
  const { kind, count, paidCount, facts } = before
  const room = kind === 'instalments' && count !== undefined ? Math.max(0, count - paidCount) : paid.length
  const bought = state === 'ended' && before.state === 'ended' && facts.length > 0 ? 0 : room
  return paid.slice(bought).flatMap(({ id, total }) => (total.amountMinor > 0 ? [{ is: 'overpaid' as const, invoice: id, key: `${id}.overpaid` }] : []))
}

const written = ({ before, after, asked: { now } }: Step, told: Subscription, happenings: readonly Happening[]): StoredMembership => {
  const { owed, paid, state, paidUntil, paidCount, owedSince, endsAt, endedAt } = after
  const { owedSince: _o, owed: _m, retryAt: _r, payUrl: _p, endsAt: _e, endedAt: _d, dueAt: _u, newest: _n, change, ...kept } = before
  const outcome = changeOf(before, told, now)
  const isOwing = owedSince !== undefined && state !== 'complete'
  const news = newestOf(told)
  const next: StoredMembership = {
    ...{ ...kept, state, paidUntil, paidCount, price: told.price, every: told.every, customer: told.customer, readAt: now },
    ...(outcome === 'made' && change && { offer: change.offer, title: change.title }),
    ...(outcome === 'waiting' && change && { change }),
    ...(isOwing && { owedSince }),
    ...(isOwing && owed && { owed: owed.total }),
    ...(isOwing && owed?.retryAt !== undefined && { retryAt: owed.retryAt }),
    ...(isOwing && owed?.url !== undefined && { payUrl: owed.url }),
    ...(endsAt !== undefined && { endsAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(news && { newest: news }),
    invoices: [...before.invoices, ...paid.map(({ id, payment, paidAt = now }) => ({ id, paidAt, ...(payment !== undefined && { payment }) }))],
    facts: [...before.facts, ...factsOf(before, after, now)],
    told: [...(before.told ?? []), ...happenings.filter(({ is }) => is === 'payment-failed' || is === 'due-soon').map(({ key }) => key)].slice(-MOST_TOLD),
  }
  const dueAt = dueAtOf(next, now)
  return { ...next, ...(dueAt !== undefined && { dueAt }) }
}

/**
 * What an answer of the provider's makes of a membership. Pure, so that ten thousand histories can be tried; whoever writes it
 * down books `paid` and tells `happenings` in the same commit.
 */
export const judge = (before: StoredMembership, told: Subscription, asked: Asked): Verdict => {
  if (isOlder(before, told, asked.now)) return { is: 'older' }
  const because = oddity(before, told)
  if (because !== undefined) return { is: 'odd', because }
  const step: Step = { before, after: standingOf(before, told, asked), asked }
  const isChanged = changeOf(before, told, asked.now) === 'made'
  const changed: Happening[] = isChanged && before.change ? [{ is: 'changed', to: 'other-offer', key: `${before.change.id}.changed` }] : []
  const happenings = [...turns(step), ...owing(step), ...ahead(step), ...changed, ...beyond(step)]
  return { is: 'so', membership: written(step, told, happenings), paid: step.after.paid, happenings }
}
