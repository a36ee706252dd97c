import { type Hearing, hearing } from '#core/events.ts'
import { monthsAfter } from '#core/moments.ts'
import { orderRecords } from '#core/payments/records.ts'
import { PaymentRefused } from '#ports/payments.ts'
import type { Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import { isDone, isOver } from './reckoning.ts'
import { membershipOfRecords, membershipRecords, type StoredMembership } from './records.ts'
import { bringUpToDate } from './standing.ts'

const found = async ({ tables }: World, learner: string, id: string): Promise<StoredMembership> => {
  const membership = (await membershipRecords.get(tables, { learner, id }))?.value
  if (!membership) throw new Error(`Membership ${id} was told of and is not here.`)
  return membership
}

/** Whether nothing may be charged for it any more, and the provider has not ended it yet. */
export const isToClose = (membership: StoredMembership): boolean => isDone(membership) && membership.endedAt === undefined

/** Has the provider end it now, so that nothing is charged for what nobody has any more. Done twice, done once. */
export const close = async (world: World, { learner, id, subscription }: Pick<StoredMembership, 'learner' | 'id' | 'subscription'>): Promise<void> => {
  if (!isToClose(await found(world, learner, id))) return
  try {
    await world.payments.endSubscription(subscription, 'now')
  } catch (error) {
    // It may have ended meanwhile: reading it tells.
    if (!(error instanceof PaymentRefused)) throw error
  }
  await bringUpToDate(world, subscription)
  if (isToClose(await found(world, learner, id))) throw new Error(`The provider has not ended subscription ${subscription}.`)
}

/**
 * A subscription that began nothing, for its order is held or was paid by another page: the provider ends it, or it would be
 * charged for without end. What was paid is in the books, and a person's to give back.
 */
const closeUnbegun = async ({ tables, payments }: World, { order: id, session }: { order: string; session?: string }): Promise<void> => {
  const order = (await orderRecords.get(tables, { id }))?.value
  const page = session ?? order?.session
  if (order === undefined || order.terms.kind === 'once' || page === undefined) return
  const { subscription } = await payments.readCheckout(page)
  if (subscription === undefined || (await membershipOfRecords.get(tables, { by: subscription }))) return
  const { order: named } = await payments.readSubscription(subscription)
  // Another order's is that one's to end.
  if (named !== undefined && named !== id) return
  try {
    await payments.endSubscription(subscription, 'now')
  } catch (error) {
    if (!(error instanceof PaymentRefused)) throw error
  }
  if (!isOver(await payments.readSubscription(subscription))) throw new Error(`The provider has not ended subscription ${subscription}.`)
}

/**
 * When the last paid month of a plan ends: exactly there, since a provider bills a last period that is shorter by its days. The
 * day of the month is the first payment's, unless the provider has begun counting at another.
 */
export const planEnd = ({ startedAt, count = 0 }: Pick<StoredMembership, 'startedAt' | 'count'>, firstPeriodEnd: string): string =>
  Date.parse(monthsAfter(startedAt, 1)) === Date.parse(firstPeriodEnd) ? monthsAfter(startedAt, count) : monthsAfter(firstPeriodEnd, count - 1)

/** From its beginning a plan is to end by itself after the last instalment, so that nobody pays once too often while the school is down. */
const bind = async (world: World, { membership: id, learner }: { membership: string; learner: string }): Promise<void> => {
  const membership = await found(world, learner, id)
  const { kind, subscription } = membership
  if (kind !== 'instalments' || isDone(membership)) return
  const told = await world.payments.readSubscription(subscription)
  if (told.status !== 'active' || told.endsAt !== undefined) return
  await world.payments.endSubscription(subscription, { at: planEnd(membership, told.periodEnd) })
}

const overpaid = async ({ alerts }: World, { membership, invoice }: { membership: string; invoice: string }, { id }: Event): Promise<void> =>
  alerts.tell({
    kind: 'payments',
    id,
    subject: `Membership ${membership} was paid for once too often`,
    text: `Invoice ${invoice} of membership ${membership} was paid, and it bought nothing: all instalments were paid already, or it had ended. The money is in the books. Give it back.`,
  })

export const closing: readonly Hearing[] = [
  hearing('memberships.bind', 'membership.started', bind),
  hearing('memberships.close', 'membership.ended', async (world, { membership, learner }) => close(world, await found(world, learner, membership))),
  hearing('memberships.close-complete', 'membership.complete', async (world, { membership, learner }) => close(world, await found(world, learner, membership))),
  hearing('memberships.close-held', 'order.held', closeUnbegun),
  hearing('memberships.close-second', 'order.paid-twice', closeUnbegun),
  hearing('memberships.alert-overpaid', 'membership.overpaid', overpaid),
]
