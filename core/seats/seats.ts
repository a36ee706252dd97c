import type { seats as contract, Invitation, Seats } from '#contract/seats.ts'
import { hearing } from '#core/events.ts'
import type { Actor, Feature } from '#core/handlers.ts'
import { sendInvitation } from '#core/notices/seats.ts'
import type { Stored } from '#core/records.ts'
import { missing, Refusal } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { makeToken } from './open.ts'
import { invitationRecords, type StoredSeats, seatsRecords } from './records.ts'
import { busy, invited, sit, sits, unsit } from './sit.ts'
import { turnSeats } from './turn.ts'

/** Letters with the link beyond one for each seat. */
const SPARE_LETTERS = 20

const told = ({ settings }: World, { order, title, kind, token, seats, isEnded, taken, to }: StoredSeats): Seats => ({
  ...{ order, title, kind, seats, taken, url: `${settings.url}/invitations/${token}`, isEnded: isEnded !== undefined },
  ...(kind === 'gift' && to !== undefined && { to }),
})

const stateFor = (seats: StoredSeats, actor: Actor | undefined): Invitation['state'] => {
  if (seats.isEnded) return 'ended'
  if (actor && sits(seats, actor.id)) return 'yours'
  return seats.taken.length >= seats.seats ? 'taken' : 'open'
}

/** Nothing of who else sits there: whoever has the link sees this. */
const shown = async ({ identity }: World, seats: StoredSeats, actor: Actor | undefined): Promise<Invitation> => {
  const { title, courses, kind, message, buyer } = seats
  const from = (await identity.find(buyer))?.name ?? ''
  return { title, courses, kind, from, state: stateFor(seats, actor), ...(message !== undefined && { message }) }
}

const ofOrder = async ({ tables }: World, actor: Actor, order: string): Promise<Stored<StoredSeats>> => {
  const seats = await seatsRecords.get(tables, { order })
  if (seats?.value.buyer !== actor.id) throw missing('order')
  return seats
}

const renew = async (world: World, actor: Actor, { order }: { order: string }): Promise<Seats> => {
  const before = await ofOrder(world, actor, order)
  const token = makeToken(world)
  const after = { ...before.value, token }
  const changes = [seatsRecords.replace(before, after), invitationRecords.remove({ token: before.value.token }), invitationRecords.add({ token, order })]
  if ((await world.tables.commit(changes)) === 'conflict') throw busy()
  return told(world, after)
}

const remind = async (world: World, actor: Actor, { order, to }: { order: string; to: string }): Promise<{ done: true }> => {
  const before = await ofOrder(world, actor, order)
  const { letters, seats, isEnded, kind } = before.value
  if (isEnded) throw new Refusal('no-seat', 'This invitation has ended.', 'ended')
  if (letters >= seats + SPARE_LETTERS) throw new Refusal('too-many', 'That is as many letters as the school sends for one order. Pass the link on yourself.')
  const after = { ...before.value, letters: letters + 1, ...(kind === 'gift' && { to }) }
  if ((await world.tables.commit([seatsRecords.replace(before, after)])) === 'conflict') throw busy()
  await sendInvitation(world, after, { to, id: `${order}.invitation.${letters}` })
  return { done: true }
}

/** Gifts and teams: seats in somebody's order, behind a link. */
export const seats: Feature<typeof contract> = {
  handlers: {
    invitation: async (world, actor, { token }) => shown(world, (await invited(world, token)).value, actor),
    accept: async (world, actor, { token }) => shown(world, await sit(world, actor, token), actor),
    ofOrder: async (world, actor, { order }) => told(world, (await ofOrder(world, actor, order)).value),
    renew,
    free: async (world, actor, { order, person }) => {
      await ofOrder(world, actor, order)
      return told(world, await unsit(world, order, person))
    },
    remind,
  },
  hearings: [hearing('seats.turn', 'seats.ended', (world, { order }) => turnSeats(world, order))],
  timers: [],
}
