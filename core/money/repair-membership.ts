import type { Fact } from '#contract/grants.ts'
import { doneBy } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import type { Actor } from '#core/handlers.ts'
import { beginning } from '#core/memberships/begin.ts'
import { membershipNamed, membershipRecords, type StoredMembership } from '#core/memberships/records.ts'
import { bringUpToDate } from '#core/memberships/standing.ts'
import { orderRecords } from '#core/payments/records.ts'
import type { Stored, Writing } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import type { Change } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import type { StoredFinding } from './findings.ts'
import { misfitsOfMembership, misfitsOfOrder } from './misfits.ts'
import { endedAtProvider } from './provider.ts'

/** What puts a finding right, and how that is written down. `undefined`: by now there is nothing to put right. */
export type Mending = { did: string; writing: Writing } | undefined

export const NOTE = 'Put right from the comparison of payments and access'

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
    note: NOTE,
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

/** What is there already stays as it is: money that is booked is not booked again. */
const newOnes = async ({ tables }: World, changes: readonly Change[]): Promise<Change[]> => {
  const known = await Promise.all(changes.map(({ key, expect }) => (expect === 'absent' ? tables.get(key) : undefined)))
  return changes.filter((_, place) => known[place] === undefined)
}

/** A paid order of something recurring of which nothing came: it begins as it would have when it was paid. */
const begun = async (world: World, finding: StoredFinding): Promise<Mending> => {
  const order = await orderRecords.get(world.tables, { id: finding.order ?? '' })
  const isStill = order && (await misfitsOfOrder(world, order.value)).some(({ id }) => id === finding.id)
  if (!isStill || order.value.session === undefined) return undefined
  const checkout = await world.payments.readCheckout(order.value.session)
  const begins = await beginning(world, order.value, checkout, world.clock.now().toISOString())
  if ('heldBecause' in begins) throw new Refusal('conflict', `This cannot be begun by itself: ${begins.heldBecause}.`, 'by-hand')
  const changes = [orderRecords.replace(order, { ...order.value, ...begins.keeps }), ...(await newOnes(world, begins.changes))]
  return { did: `“${order.value.title}” was begun.`, writing: { changes, events: begins.events } }
}

/** The provider's word is taken first; only what it leaves wrong is written by hand. */
export const repairedMembership = async (world: World, admin: Actor, finding: StoredFinding): Promise<Mending> => {
  if (finding.membership === undefined) return begun(world, finding)
  const before = await membershipNamed(world.tables, finding.membership)
  if (!before || (await misfit(world, before.value)) === undefined) return undefined
  await bringUpToDate(world, before.value.subscription)
  const after = await membershipNamed(world.tables, finding.membership)
  const kind = after && (await misfit(world, after.value))
  if (!after || kind === undefined)
    return { did: `“${before.value.title}” was brought up to date with the payment provider.`, writing: { changes: [], events: [] } }
  return byHand(world, admin, after, kind)
}
