import { ledgerOf } from '#core/grants/access.ts'
import type { StoredOrder } from '#core/payments/records.ts'
import type { StoredSeats } from '#core/seats/records.ts'
import { type Ending, hasDelivered, type Invariant } from './ending.ts'
import { memoryTables } from './memory-tables.ts'

/** Whom an order lets in: whoever bought it, or those who sit in it. */
export const letInBy = ({ seats }: Ending, { id, learner, recipient }: StoredOrder): string[] =>
  recipient.kind === 'me' ? [learner] : (seats.get(id)?.taken ?? []).map((person) => person.id)

const wrongSeats = ({ id, state, recipient }: StoredOrder, seats: StoredSeats | undefined, isDelivered: boolean): string[] => {
  if ((seats !== undefined) !== isDelivered) return [`${id} is ${state} and has ${seats ? '' : 'no '}seats`]
  if (!seats) return []
  const paidFor = recipient.kind === 'team' ? recipient.seats : 1
  const people = seats.taken.map((person) => person.id)
  return [
    ...(seats.seats === paidFor ? [] : [`${id} has ${seats.seats} seats and paid for ${paidFor}`]),
    ...(people.length <= paidFor ? [] : [`${people.length} sit in the ${paidFor} seats of ${id}`]),
    ...(new Set(people).size === people.length ? [] : [`somebody sits twice in ${id}: ${people.join(', ')}`]),
  ]
}

const seats: Invariant = {
  name: 'a gift or team that is paid has its seats, each taken once and by one person',
  check: (ending) =>
    ending.orders.flatMap((order) => (order.recipient.kind === 'me' ? [] : wrongSeats(order, ending.seats.get(order.id), hasDelivered(order)))),
}

const acknowledgedSeats: Invariant = {
  name: 'whoever was told that a seat is theirs sits there',
  check: ({ scene: { sat }, seats: bySale }) =>
    [...sat].flatMap(([seat, is]) => {
      const [order = '', person] = seat.split(' ')
      const isKept = is === 'asked back' || bySale.get(order)?.taken.some(({ id }) => id === person)
      return isKept ? [] : [`${person} was given a seat of ${order} and does not sit there`]
    }),
}

const seatFacts: Invariant = {
  name: 'a seat that is taken is one fact more of the ledger than were taken back, and for nobody else',
  check: async (ending) => {
    const { disk, guests, learners } = ending.scene
    const tables = memoryTables(disk.tables)
    const sold = ending.orders.filter(({ recipient }) => recipient.kind !== 'me')
    const pairs = sold.flatMap((order) => [...guests, ...learners].flatMap((person) => order.courses.map((course) => ({ order, person, course }))))
    const broken = await Promise.all(
      pairs.map(async ({ order, person, course }) => {
        const kinds = (await ledgerOf(tables, person, course.id)).filter((fact) => fact.order === order.id).map(({ kind }) => kind)
        const count = kinds.filter((kind) => kind === 'seated').length - kinds.filter((kind) => kind === 'unseated').length
        const sits = letInBy(ending, order).includes(person.id)
        return count === (sits ? 1 : 0) ? [] : [`${person.id} ${sits ? 'sits' : 'does not sit'} in ${order.id}: ${kinds.join(', ') || 'no fact'}`]
      }),
    )
    return broken.flat()
  },
}

export const SEATS: readonly Invariant[] = [seats, acknowledgedSeats, seatFacts]
