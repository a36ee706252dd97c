import { plus } from '#core/moments.ts'
import { askAboutEach } from '#core/payments/asking.ts'
import type { World } from '#ports/world.ts'
import { close, isToClose } from './close.ts'
import { isDone } from './reckoning.ts'
import { DUE_MEMBERSHIPS, membershipDueRecords, membershipRecords, type StoredMembership } from './records.ts'
import { bringUpToDate } from './standing.ts'

const MOST_A_RUN = 300
const AGAIN_MS = 5 * 60_000

const tellOdd = ({ alerts }: World, id: string, because: string): Promise<void> =>
  alerts.tell({
    kind: 'payments',
    id: `memberships.odd.${id}`,
    subject: `Membership ${id} does not agree with the payment provider`,
    text: `Membership ${id} was read, and ${because}. Nothing was changed. Look at it with the provider.`,
  })

/** Nobody is charged again whose account is closed. A plan is a debt: whether it is still asked for is for a person to say. */
const endOfDisabled = async (world: World, membership: StoredMembership): Promise<void> => {
  const { id, learner, email, title, kind, state, subscription, endsAt, endedAt } = membership
  if (kind !== 'membership' || endsAt !== undefined || endedAt !== undefined || isDone(membership)) return
  if (!(await world.identity.find(learner))?.isDisabled) return
  await world.payments.endSubscription(subscription, state === 'grace' || state === 'lapsed' ? 'now' : 'period-end')
  await bringUpToDate(world, subscription)
  await world.alerts.tell({
    kind: 'payments',
    id: `memberships.disabled.${id}`,
    subject: `A membership of a closed account is not renewed: ${title}`,
    text: `The account of ${email} is closed, and their membership “${title}” went on. It has been cancelled with the provider and is not charged again. What has been paid is kept: give it back if it should be.`,
  })
}

const readOne = async (world: World, id: string): Promise<void> => {
  const { tables, clock } = world
  const due = await membershipDueRecords.get(tables, { id })
  if (!due) return
  const { learner } = due.value
  // Put off before it is read: one that cannot be read must not stand in front of the others for ever.
  const claim = membershipDueRecords.replace(due, { ...due.value, dueAt: plus(clock.now().toISOString(), AGAIN_MS) })
  if ((await tables.commit([claim])) === 'conflict') return
  const membership = (await membershipRecords.get(tables, { learner, id }))?.value
  if (!membership) return
  const odd = await bringUpToDate(world, membership.subscription)
  if (odd !== undefined) return tellOdd(world, id, odd)
  const after = (await membershipRecords.get(tables, { learner, id }))?.value
  if (after && isToClose(after)) await close(world, after)
  else if (after) await endOfDisabled(world, after)
}

/** Asks the provider about each membership that is due, so that a renewal and an end are seen when no webhook ever comes. */
export const readDue = async (world: World): Promise<void> => {
  const now = world.clock.now().toISOString()
  const { items } = await membershipDueRecords.listIndex(world.tables, DUE_MEMBERSHIPS, { limit: MOST_A_RUN })
  const due = items.filter(({ dueAt }) => dueAt <= now)
  await askAboutEach(world, { what: 'memberships', done: 'read', items: due, ask: ({ id }) => readOne(world, id) })
}
