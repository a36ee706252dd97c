import { event } from '#core/events.ts'
import type { StoredOrder } from '#core/payments/records.ts'
import type { Writing } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { invitationRecords, type StoredSeats, seatsRecords } from './records.ts'

/** Two ids, for whoever guesses one is let in: 160 bits of chance. */
export const makeToken = ({ ids }: Pick<World, 'ids'>): string => `inv_${[ids.make('inv'), ids.make('inv')].map((id) => id.slice(4)).join('')}`

/** What a paid gift or team order begins: a link, and seats behind it. */
export const seating = async (world: World, order: StoredOrder, at: string): Promise<Writing> => {
  const { id, learner, email, title, courses, recipient } = order
  if (recipient.kind === 'me') throw new Error(`Order ${id} has no seats to pass on.`)
  const token = makeToken(world)
  const of = recipient.kind === 'team' ? { seats: recipient.seats } : { seats: 1, to: recipient.to, message: recipient.message }
  const seats: StoredSeats = {
    ...of,
    order: id,
    buyer: learner,
    buyerEmail: email,
    title,
    courses,
    kind: recipient.kind,
    token,
    taken: [],
    letters: 0,
    createdAt: at,
  }
  return {
    changes: [seatsRecords.add(seats), invitationRecords.add({ token, order: id })],
    events: [event(world, 'seats.opened', { order: id }, `${id}.seats`)],
  }
}

/** What a refund, a dispute or a won dispute does to seats: the link is closed or opened, and a listener goes to those who sit. */
export const unseating = async (world: World, { id: order }: StoredOrder, kind: 'refunded' | 'disputed' | 'cleared', at: string): Promise<Writing> => {
  const before = await seatsRecords.get(world.tables, { order })
  if (!before || before.value.isEnded === 'refunded') return { changes: [], events: [] }
  const { isEnded: _, ...seats } = before.value
  const after: StoredSeats = kind === 'cleared' ? seats : { ...seats, isEnded: kind }
  return { changes: [seatsRecords.replace(before, after)], events: [event(world, 'seats.ended', { order, because: kind }, `${order}.seats.${kind}.${at}`)] }
}
