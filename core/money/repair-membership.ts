import type { Fact } from '#contract/grants.ts'
import { doneBy } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { membershipOfRecords, membershipRecords, type StoredMembership } from '#core/memberships/records.ts'
import { bringUpToDate } from '#core/memberships/standing.ts'
import { orderRecords } from '#core/payments/records.ts'
import type { Stored, Writing } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import type { StoredFinding } from './findings.ts'
import { misfitsOfMembership, misfitsOfOrder } from './misfits.ts'
import { endedAtProvider } from './provider.ts'

type Mending = { did: string; writing: Writing } | undefined

const NOTHING: Writing = { changes: [], events: [] }

const stored = async ({ tables }: World, id: string): Promise<Stored<StoredMembership> | undefined> => {
  const named = (await membershipOfRecords.get(tables, { by: id }))?.value
  return named && membershipRecords.get(tables, { learner: named.learner, id: named.id })
}

const misfit = async (world: World, membership: StoredMembership): Promise<string | undefined> => {
  const [own] = await misfitsOfMembership(world, membership)
  return (own ?? (await endedAtProvider(world, membership, { left: 1, isAnswered: true })))?.kind
}

/** By hand, where reading the provider anew has not put it right. */
const byHand = (world: World, admin: Actor, membership: Stored<StoredMembership>, kind: string): Mending => {
  const { id, learner, order, state, title, paidUntil } = membership.value
  const isGiven = kind === 'paid-no-access'
  const until = isGiven && state !== 'complete' ? { until: paidUntil } : {}
  const of = {
    id: world.ids.make('fct'),
    at: world.clock.now().toISOString(),
    order,
    by: doneBy(admin),
    note: 'Put right from the comparison of payments and access',
  }
  const fact: Fact = isGiven ? { ...of, kind: 'subscribed', ...until } : { ...of, kind: 'lapsed' }
  const after: StoredMembership = {
    ...membership.value,
    ...(!isGiven && state !== 'lapsed' && { state: 'ended' as const }),
    facts: [...membership.value.facts, fact],
  }
  const events = isGiven ? [] : [event(world, 'membership.ended', { membership: id, learner, because: 'lapsed' }, `${fact.id}.ended`)]
  return { did: isGiven ? `“${title}” was given.` : `“${title}” was closed.`, writing: { changes: [membershipRecords.replace(membership, after)], events } }
}

/** A paid order of something recurring of which nothing came: its subscription is read anew, which begins what it pays for. */
const begun = async (world: World, finding: StoredFinding): Promise<Mending> => {
  const order = (await orderRecords.get(world.tables, { id: finding.order ?? '' }))?.value
  const isStill = order && (await misfitsOfOrder(world, order)).some(({ id }) => id === finding.id)
  if (!isStill || order.session === undefined) return undefined
  const { subscription } = await world.payments.readCheckout(order.session)
  if (subscription !== undefined) await bringUpToDate(world, subscription)
  const isMended = (await misfitsOfOrder(world, order)).every(({ id }) => id !== finding.id)
  return isMended ? { did: `“${order.title}” was begun.`, writing: NOTHING } : undefined
}

/** The provider's word is taken first; only what it leaves wrong is written by hand. */
export const repairedMembership = async (world: World, admin: Actor, finding: StoredFinding): Promise<Mending> => {
  if (finding.membership === undefined) return begun(world, finding)
  const before = await stored(world, finding.membership)
  if (!before || (await misfit(world, before.value)) === undefined) return undefined
  await bringUpToDate(world, before.value.subscription)
  const after = await stored(world, finding.membership)
  const kind = after && (await misfit(world, after.value))
  if (!after || kind === undefined) return { did: `“${before.value.title}” was brought up to date with the payment provider.`, writing: NOTHING }
  return byHand(world, admin, after, kind)
}
