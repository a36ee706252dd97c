import type { Finding } from '#contract/money.ts'
import type { CourseName } from '#contract/offers.ts'
import { type Enrolment, enrolmentOf } from '#core/enrolments/enrolments.ts'
import { type Right, rightsOf } from '#core/grants/decide.ts'
import { membershipNamed, type StoredMembership } from '#core/memberships/records.ts'
import { orderRecords, type StoredOrder } from '#core/payments/records.ts'
import { seatsRecords } from '#core/seats/records.ts'
import type { Tables } from '#ports/tables.ts'
import type { World } from '#ports/world.ts'

/** What does not agree, before anybody is told. */
export type Misfit = Omit<Finding, 'foundAt' | 'learner' | 'order'> & { order: string; learner: string; membership?: string }

/** The bank has the money, or may take it: what that does to access is the policy's to say, not a mistake. */
const isDisputed = ({ dispute }: StoredOrder): boolean => dispute?.outcome === 'open' || dispute?.outcome === 'lost'

/** Somebody of the school has closed it: then it is meant. */
const isEndedByStaff = (rights: readonly Right[]): boolean => rights.at(-1)?.endedBy?.kind === 'ended'

const isGiven = (rights: readonly Right[]): boolean => rights.some(({ isRunning }) => isRunning) || isEndedByStaff(rights)

const howEnded = (rights: readonly Right[]): string => {
  const ended = rights.at(-1)?.endedBy
  return ended ? `the right it gave was ended as “${ended.kind}”` : 'no right of theirs comes from it'
}

const held = ({ id, learner, heldBecause = 'it does not match its payment' }: StoredOrder): Misfit => ({
  ...{ id: `held.${id}`, kind: 'held', order: id, learner, canRepair: false },
  says: `The order is held: ${heldBecause}. Give the money back, or give access by hand.`,
})

const withoutCourse = async (tables: Tables, { id, learner }: StoredOrder, course: CourseName, at: string): Promise<Misfit | undefined> => {
  const facts = (await enrolmentOf(tables, learner, course.id))?.value.facts ?? []
  const rights = rightsOf(facts, at).filter(({ begunBy }) => begunBy.order === id)
  if (isGiven(rights)) return undefined
  return {
    ...{ id: `paid-no-access.${id}.${course.id}`, kind: 'paid-no-access', order: id, learner, course, canRepair: true },
    says: `“${course.title}” was paid for and is not open to them by it: ${howEnded(rights)}.`,
  }
}

const withoutMembership = async (tables: Tables, order: StoredOrder): Promise<Misfit | undefined> => {
  const { id, learner, title, membership } = order
  if (membership !== undefined && (await membershipNamed(tables, membership))) return undefined
  return {
    ...{ id: `paid-no-access.${id}`, kind: 'paid-no-access', order: id, learner, canRepair: order.session !== undefined },
    says: `“${title}” was paid for, and there is no membership of theirs that came of it.`,
  }
}

/** Seats that were paid for and cannot be taken, because there is no link or it has been closed. */
const withoutSeats = async (tables: Tables, { id, learner, title }: StoredOrder): Promise<Misfit[]> => {
  const seats = (await seatsRecords.get(tables, { order: id }))?.value
  if (seats && seats.isEnded === undefined) return []
  const because = seats ? `they were closed as “${seats.isEnded}”` : 'there is no invitation'
  return [
    {
      ...{ id: `paid-no-access.${id}.seats`, kind: 'paid-no-access', order: id, learner, canRepair: true },
      says: `“${title}” was bought for others, and nobody can take it up: ${because}.`,
    },
  ]
}

/** What of an order does not agree with who has access, by what the school itself knows. Whoever sits in a seat is looked at by name. */
export const misfitsOfOrder = async ({ tables, clock }: Pick<World, 'tables' | 'clock'>, order: StoredOrder): Promise<Misfit[]> => {
  if (order.state === 'held') return [held(order)]
  if (order.state !== 'paid' || isDisputed(order)) return []
  const at = clock.now().toISOString()
  if (order.terms.kind !== 'once') return [await withoutMembership(tables, order)].filter((misfit) => misfit !== undefined)
  if (order.recipient.kind !== 'me') return withoutSeats(tables, order)
  const found = await Promise.all(order.courses.map((course) => withoutCourse(tables, order, course, at)))
  return found.filter((misfit) => misfit !== undefined)
}

/** Why an order is no reason for access; undefined where it is one. */
const unpaid = (order: StoredOrder | undefined): string | undefined => {
  if (!order) return 'there is no such order'
  if (order.state === 'refunded') return 'it has been given back'
  if (order.dispute?.outcome === 'lost') return 'the bank has taken the money back'
  return order.state === 'paid' ? undefined : 'it is not paid'
}

const orderNamed = async (tables: Tables, id: string): Promise<StoredOrder | undefined> => (await orderRecords.get(tables, { id }))?.value

/** Rights to a course that run though nothing is paid for them. */
export const misfitsOfEnrolment = async ({ tables, clock }: Pick<World, 'tables' | 'clock'>, { learner, course, facts }: Enrolment): Promise<Misfit[]> => {
  const found: Misfit[] = []
  for (const { kind, begunBy, isRunning } of rightsOf(facts, clock.now().toISOString())) {
    const { order: id } = begunBy
    if (!isRunning || id === undefined || (kind !== 'paid' && kind !== 'seated')) continue
    const order = await orderNamed(tables, id)
    const because = unpaid(order)
    if (because === undefined) continue
    const name = order?.courses.find((each) => each.id === course) ?? { id: course, slug: '', title: 'A course' }
    found.push({
      ...{ id: `access-no-payment.${id}.${course}.${learner}`, kind: 'access-no-payment', order: id, learner, course: name, canRepair: true },
      says: `“${name.title}” is open to them by an order that pays for nothing: ${because}.`,
    })
  }
  return found
}

/** Memberships whose right should be running; `paused` is the policy's to say. */
const RUNS: readonly StoredMembership['state'][] = ['trial', 'active', 'grace', 'complete']
const HAS_ENDED: readonly StoredMembership['state'][] = ['ended', 'lapsed']

export const misfitsOfMembership = async ({ tables, clock }: Pick<World, 'tables' | 'clock'>, membership: StoredMembership): Promise<Misfit[]> => {
  const { id, learner, order: paidBy, title, state, facts } = membership
  const of = { order: paidBy, learner, membership: id, canRepair: true }
  const rights = rightsOf(facts, clock.now().toISOString())
  if (rights.some(({ isRunning }) => isRunning)) {
    const because = unpaid(await orderNamed(tables, paidBy)) ?? (HAS_ENDED.includes(state) ? 'it has ended' : undefined)
    if (because === undefined) return []
    return [{ ...of, id: `access-no-payment.${id}`, kind: 'access-no-payment', says: `“${title}” is open to them and pays for nothing: ${because}.` }]
  }
  if (!RUNS.includes(state) || isEndedByStaff(rights)) return []
  return [{ ...of, id: `paid-no-access.${id}`, kind: 'paid-no-access', says: `“${title}” is being paid for and opens nothing to them: ${howEnded(rights)}.` }]
}
