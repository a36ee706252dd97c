import { event } from '#core/events.ts'
import { booking, type StoredEntry, shared } from '#core/payments/ledger.ts'
import { paymentRecords, type StoredOrder } from '#core/payments/records.ts'
import { together, type Writing } from '#core/records.ts'
import type { Invoice } from '#ports/payments.ts'
import type { Change, Event } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'
import type { Happening } from './judge.ts'
import { memberRecords, membershipDueRecords, type StoredMembership } from './records.ts'

const telling = (world: World, { id: membership, learner }: StoredMembership, happening: Happening): Event => {
  const of = { membership, learner }
  const { key } = happening
  switch (happening.is) {
    case 'started':
      return event(world, 'membership.started', of, key)
    case 'renewed':
      return event(world, 'membership.renewed', of, key)
    case 'recovered':
      return event(world, 'membership.recovered', of, key)
    case 'complete':
      return event(world, 'membership.complete', of, key)
    case 'payment-failed': {
      const { invoice, attempt, needsAction } = happening
      return event(world, 'membership.payment-failed', { ...of, invoice, attempt, needsAction }, key)
    }
    case 'due-soon':
      return event(world, 'membership.due-soon', { ...of, what: happening.what }, key)
    case 'changed':
      return event(world, 'membership.changed', { ...of, to: happening.to }, key)
    case 'ended':
      return event(world, 'membership.ended', { ...of, because: happening.because }, key)
    case 'overpaid':
      return event(world, 'membership.overpaid', { ...of, invoice: happening.invoice }, key)
  }
}

const sharesOf = ({ kind, courses, offer, title }: StoredMembership, amountMinor: number): StoredEntry['shares'] =>
  kind === 'instalments' && courses && courses.length > 0 ? shared(amountMinor, courses) : [{ of: offer, title, amountMinor }]

/** What an invoice that was paid puts into the ledger of money; nothing where nothing was due. */
const charged = (
  world: World,
  membership: StoredMembership,
  { id: invoice, why, payment, total, taxMinor, paidAt }: Invoice,
  buyer: StoredOrder['buyer'],
): Writing => {
  if (total.amountMinor === 0) return { changes: [], events: [] }
  const { id, order, learner } = membership
  const at = paidAt ?? world.clock.now().toISOString()
  const of = { id: `${payment ?? invoice}.charged`, kind: 'charged' as const, order, learner, membership: id, invoice, why, at }
  const about = {
    ...(payment !== undefined && { payment }),
    ...(taxMinor > 0 && { tax: { amountMinor: taxMinor, currency: total.currency } }),
    ...(buyer?.country !== undefined && { country: buyer.country }),
    ...(buyer?.taxId !== undefined && { taxId: buyer.taxId }),
  }
  const booked = booking(world, { ...of, ...about, amount: total, shares: sharesOf(membership, total.amountMinor) })
  const taken: Change[] = payment === undefined ? [] : [paymentRecords.put({ payment, order })]
  return { changes: [...booked.changes, ...taken], events: booked.events }
}

export const due = ({ id, learner, dueAt }: StoredMembership): Change =>
  dueAt === undefined ? membershipDueRecords.remove({ id }) : membershipDueRecords.put({ id, learner, dueAt })

/** What it is kept under as followed: the offer, or of a plan each of its courses. */
const followed = ({ kind, courses = [], offer }: StoredMembership): string[] => (kind === 'instalments' ? courses.map(({ id }) => id) : [offer])

/** Who follows what changes with a membership’s beginning, its offer and its end. What has been paid for whole is followed for good. */
export const following = (before: StoredMembership | undefined, after: StoredMembership): Change[] => {
  const { learner, id: membership } = after
  const was = before && before.state !== 'ended' ? followed(before) : []
  const is = after.state === 'ended' ? [] : followed(after)
  return [
    ...is.filter((of) => !was.includes(of)).map((of) => memberRecords.put({ of, learner, membership })),
    ...was.filter((of) => !is.includes(of)).map((of) => memberRecords.remove({ of, membership })),
  ]
}

type So = { before: StoredMembership | undefined; after: StoredMembership; paid: readonly Invoice[]; happenings: readonly Happening[] }

/** Everything that goes with a membership’s new state, but the record itself. */
export const beside = (world: World, { before, after, paid, happenings }: So, buyer: StoredOrder['buyer']): Writing =>
  together([
    { changes: [due(after), ...following(before, after)], events: happenings.map((happening) => telling(world, after, happening)) },
    ...paid.map((invoice) => charged(world, after, invoice, buyer)),
  ])
