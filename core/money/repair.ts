import type { Fact } from '#contract/grants.ts'
import type { Report } from '#contract/money.ts'
import { followed, publicationRecords } from '#core/courses/records.ts'
import { doneBy, enrolmentOf, withFact } from '#core/enrolments/enrolments.ts'
import { event } from '#core/events.ts'
import { isRunning } from '#core/grants/decide.ts'
import type { Actor } from '#core/handlers.ts'
import { orderRecords, type StoredOrder } from '#core/payments/records.ts'
import { settle } from '#core/payments/settle.ts'
import { type Stored, together } from '#core/records.ts'
import { Refusal } from '#core/refusal.ts'
import { seating, unseating } from '#core/seats/open.ts'
import { seatsRecords } from '#core/seats/records.ts'
import { PaymentsUnavailable } from '#ports/payments.ts'
import type { World } from '#ports/world.ts'
import { findingRecords, repairRecords, report, type StoredFinding } from './findings.ts'
import { misfitsOfEnrolment, misfitsOfOrder } from './misfits.ts'
import { type Mending, NOTE, repairedMembership } from './repair-membership.ts'

const changed = (): Refusal => new Refusal('conflict', 'This has changed meanwhile. Look at it again.', 'changed')
const agrees = (): Refusal =>
  new Refusal('conflict', 'There is nothing to put right here any more: it has been repaired, or agrees by itself by now.', 'agrees')

const orderNamed = ({ tables }: World, id = ''): Promise<Stored<StoredOrder> | undefined> => orderRecords.get(tables, { id })

/** Gives a course that was paid for. */
const given = async (world: World, admin: Actor, finding: StoredFinding): Promise<Mending> => {
  const { tables, clock, ids } = world
  const order = await orderNamed(world, finding.order)
  const misfit = order && (await misfitsOfOrder(world, order.value)).find(({ id }) => id === finding.id)
  if (!order || !misfit?.course) return undefined
  const [learner, course] = [order.value.learner, misfit.course.id]
  const publication = await publicationRecords.get(tables, { id: course })
  if (!publication || publication.value.isClosed) throw new Refusal('not-ready', 'The course has been removed. Give the money back instead.')
  const enrolment = await enrolmentOf(tables, learner, course)
  const at = clock.now().toISOString()
  const fact: Fact = { id: ids.make('fct'), kind: 'paid', at, order: order.value.id, by: doneBy(admin), note: NOTE }
  const isOpen = isRunning(enrolment?.value.facts ?? [], at)
  const events = isOpen ? [] : [event(world, 'enrolment.started', { learner, course }, `${fact.id}.started`)]
  const changes = [orderRecords.holds(order), followed(publication), withFact(enrolment, { learner, course }, fact)]
  return { did: `“${misfit.course.title}” was given.`, writing: { changes, events } }
}

/** Opens seats that were paid for: those there are, with who sits in them, or else new ones. */
const reopened = async (world: World, finding: StoredFinding): Promise<Mending> => {
  const order = await orderNamed(world, finding.order)
  const isStill = order && (await misfitsOfOrder(world, order.value)).some(({ id }) => id === finding.id)
  if (!isStill) return undefined
  const at = world.clock.now().toISOString()
  const hasSeats = (await seatsRecords.get(world.tables, { order: order.value.id })) !== undefined
  const writing = hasSeats ? await unseating(world, order.value, 'cleared', at) : await seating(world, order.value, at)
  // Seats given back stay closed to a won dispute; of an order that is paid they were never given back.
  if (writing.changes.length === 0) throw new Refusal('conflict', 'These seats were closed by a refund. Look at the order with the provider.', 'by-hand')
  return { did: `The seats of “${order.value.title}” were opened.`, writing: together([{ changes: [orderRecords.holds(order)], events: [] }, writing]) }
}

type End = { kind: 'refunded' | 'disputed' | 'unseated' | 'lapsed'; because: 'refunded' | 'disputed' | 'unseated' | 'ended' }

const endOf = (order: StoredOrder | undefined, isSeat: boolean): End => {
  if (order?.state === 'refunded' && !isSeat) return { kind: 'refunded', because: 'refunded' }
  if (order?.dispute?.outcome === 'lost' && !isSeat) return { kind: 'disputed', because: 'disputed' }
  return isSeat ? { kind: 'unseated', because: 'unseated' } : { kind: 'lapsed', because: 'ended' }
}

/** Ends a right to a course that nothing pays for; rights by other means go on. */
const ended = async (world: World, admin: Actor, finding: StoredFinding): Promise<Mending> => {
  const { tables, clock, ids } = world
  const [learner, course] = [finding.learner.id, finding.course?.id ?? '']
  const enrolment = await enrolmentOf(tables, learner, course)
  const misfit = enrolment && (await misfitsOfEnrolment(world, enrolment.value)).find(({ id }) => id === finding.id)
  if (!enrolment || !misfit) return undefined
  const order = await orderNamed(world, misfit.order)
  const at = clock.now().toISOString()
  const isSeat = enrolment.value.facts.some(({ kind, order: of }) => kind === 'seated' && of === misfit.order)
  const { kind, because } = endOf(order?.value, isSeat)
  const fact: Fact = { id: ids.make('fct'), kind, at, order: misfit.order, by: doneBy(admin), note: NOTE }
  const isOpen = isRunning([...enrolment.value.facts, fact], at)
  const events = isOpen ? [] : [event(world, 'enrolment.ended', { learner, course, because }, `${fact.id}.ended`)]
  const changes = [...(order ? [orderRecords.holds(order)] : []), withFact(enrolment, { learner, course }, fact)]
  return { did: `“${misfit.course?.title ?? course}” was closed.`, writing: { changes, events } }
}

/** Settles an order that the provider has the money for; the same way as its news would have. */
const settled = async (world: World, finding: StoredFinding): Promise<Mending> => {
  const order = (await orderNamed(world, finding.order))?.value
  const isUnpaid = order?.state === 'open' || order?.state === 'expired'
  if (!isUnpaid || order.session === undefined) return undefined
  const checkout = await world.payments.readCheckout(order.session)
  if (!checkout.isPaid) return undefined
  const after = await settle(world, order.id, checkout)
  return {
    did: after?.state === 'held' ? 'The order was held: what was paid does not match it.' : 'The order was settled as paid.',
    writing: { changes: [], events: [] },
  }
}

const mending = (world: World, admin: Actor, finding: StoredFinding): Promise<Mending> => {
  if (finding.kind === 'paid-at-provider') return settled(world, finding)
  if (finding.id.endsWith('.seats')) return reopened(world, finding)
  if (finding.membership !== undefined || finding.course === undefined) return repairedMembership(world, admin, finding)
  return finding.kind === 'paid-no-access' ? given(world, admin, finding) : ended(world, admin, finding)
}

const askable = async <T>(asking: Promise<T>): Promise<T> => {
  try {
    return await asking
  } catch (error) {
    if (error instanceof PaymentsUnavailable)
      throw new Refusal('payments-down', 'The payment provider cannot be asked at the moment. Nothing was changed; try again later.')
    throw error
  }
}

/** Gives what was paid for, or ends what was not, and writes down who did it. Looked at anew first: what agrees by now is left alone. */
export const repair = async (world: World, admin: Actor, id: string): Promise<Report> => {
  const { tables, clock, ids, log } = world
  const finding = await findingRecords.get(tables, { id })
  if (!finding) throw agrees()
  if (!finding.value.canRepair) throw new Refusal('conflict', 'A person has to decide this one: give the money back, or give access by hand.', 'by-hand')
  const mended = await askable(mending(world, admin, finding.value))
  if (!mended) {
    await tables.commit([findingRecords.remove({ id })])
    throw agrees()
  }
  const { did, writing } = mended
  const { kind, order } = finding.value
  const done = { id: ids.make('rep'), finding: id, kind, ...(order !== undefined && { order }), did, at: clock.now().toISOString(), by: admin.name }
  const changes = [...writing.changes, findingRecords.remove({ id }, finding), repairRecords.add(done)]
  if ((await tables.commit(changes, writing.events)) === 'conflict') throw changed()
  log.info('payments and access put right', { finding: id, by: admin.id, did })
  return report(tables)
}
