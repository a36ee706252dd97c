import type { RefundPreview } from '#contract/refunds.ts'
import { publicationRecords } from '#core/courses/records.ts'
import { ledgerOf } from '#core/grants/access.ts'
import { isRunning } from '#core/grants/decide.ts'
import { coursesOf, membershipRecords } from '#core/memberships/records.ts'
import type { StoredOrder } from '#core/payments/records.ts'
import { seatsRecords } from '#core/seats/records.ts'
import type { World } from '#ports/world.ts'
import { consequenceOf, moneyPolicy } from './policy.ts'
import type { Refundable } from './refundable.ts'

type Course = { id: string; title: string }
type Person = RefundPreview['people'][number]

/** Who has something by the order: its buyer, or whoever sits in its seats. */
const holdersOf = async ({ tables, identity }: World, { id, learner, recipient, email }: StoredOrder): Promise<{ id: string; name: string }[]> => {
  if (recipient.kind === 'me') return [{ id: learner, name: (await identity.find(learner))?.name ?? email }]
  const seats = (await seatsRecords.get(tables, { order: id }))?.value
  return seats?.taken.map((seat) => ({ id: seat.id, name: seat.name })) ?? []
}

/** What the order opens now: a membership what its offer holds, anything else what was agreed. */
const openedBy = async ({ tables }: World, { membership: id, learner, courses }: StoredOrder): Promise<Course[]> => {
  const membership = id === undefined ? undefined : (await membershipRecords.get(tables, { learner, id }))?.value
  if (membership?.kind !== 'membership') return courses
  const ids = await coursesOf(tables, membership)
  return Promise.all(ids.map(async (course) => ({ id: course, title: (await publicationRecords.get(tables, { id: course }))?.value.title ?? course })))
}

/** Decided as the lesson page decides, over the ledger with the refund in it. */
const after = async (
  world: World,
  person: string,
  course: string,
  { order, isEnded }: { order: string; isEnded: boolean },
): Promise<Person['courses'][number]['after']> => {
  const at = world.clock.now().toISOString()
  const facts = await ledgerOf(world.tables, { id: person }, course)
  if (!isEnded) return isRunning(facts, at) ? 'keeps' : 'ends'
  return isRunning([...facts, { id: 'fct_preview', kind: 'refunded', at, order }], at) ? 'other' : 'ends'
}

/** What giving so much back would do, person by person; nothing is written. */
export const previewOf = async (world: World, refundable: Refundable, amountMinor: number): Promise<RefundPreview> => {
  const { order, left, ends } = refundable
  const { currency } = left
  const isEnded = ends && amountMinor === left.amountMinor && order.state === 'paid' && order.refundedAt === undefined
  const occasion = isEnded ? 'refund-whole' : 'refund-part'
  const courses = order.state === 'paid' ? await openedBy(world, order) : []
  const people: Person[] = []
  for (const { id, name } of courses.length > 0 ? await holdersOf(world, order) : []) {
    const theirs = courses.map(async (course) => ({
      id: course.id,
      title: course.title,
      after: await after(world, id, course.id, { order: order.id, isEnded }),
    }))
    people.push({ id, name, courses: await Promise.all(theirs) })
  }
  return {
    ...{ order: order.id, amount: { amountMinor, currency }, left, occasion, people },
    consequence: consequenceOf(occasion, await moneyPolicy(world.tables)),
    endsMembership: isEnded && order.terms.kind !== 'once',
  }
}
