import { type Hearing, hearing } from '#core/events.ts'
import { type StoredSeats, seatsRecords } from '#core/seats/records.ts'
import { schoolName } from '#core/storefront/brand.ts'
import type { World } from '#ports/world.ts'
import { write, writeTo } from './write.ts'

const linkOf = ({ settings }: World, { token }: StoredSeats): string => `${settings.url}/invitations/${token}`

const whatOf = ({ courses, title }: StoredSeats): string =>
  courses.length === 1 ? `“${title}”` : `“${title}” (${courses.map((course) => course.title).join(', ')})`

/** The link, to whom it is meant for. */
export const sendInvitation = async (world: World, seats: StoredSeats, { to, id }: { to: string; id: string }): Promise<void> => {
  const from = (await world.identity.find(seats.buyer))?.name ?? 'Somebody'
  const isGift = seats.kind === 'gift'
  const content = {
    subject: isGift ? `${from} has a present for you: ${seats.title}` : `${from} has a seat for you: ${seats.title}`,
    paragraphs: [
      isGift
        ? `${from} has given you ${whatOf(seats)} at ${await schoolName(world)}.`
        : `${from} has bought ${whatOf(seats)} for a team, and one seat is yours.`,
      ...(seats.message === undefined ? [] : [`“${seats.message}”`]),
      'Open the link and sign in, or make an account: it is yours at once, and costs you nothing.',
    ],
    action: { label: isGift ? 'Unwrap it' : 'Take your seat', url: linkOf(world, seats) },
  }
  await writeTo(world, { id, kind: 'seat', to, content })
}

const opened = hearing('notices.seats', 'seats.opened', async (world, { order }, { id: happening }) => {
  const seats = (await seatsRecords.get(world.tables, { order }))?.value
  if (!seats) return
  const { kind, to, buyer } = seats
  if (to !== undefined) await sendInvitation(world, seats, { to, id: `${happening}.to` })
  const paragraphs =
    kind === 'gift'
      ? [
          to === undefined
            ? `Here is the link to ${whatOf(seats)}. Pass it on: the first who opens it and signs in has it.`
            : `We have written to ${to}. This is the link, should the letter go astray.`,
        ]
      : [`Your team has ${seats.seats} seats in ${whatOf(seats)}. Pass the link on: whoever opens it and signs in takes one. The order’s page shows who has.`]
  const content = {
    subject: kind === 'gift' ? `Your present: ${seats.title}` : `Your team’s seats: ${seats.title}`,
    paragraphs: [...paragraphs, linkOf(world, seats)],
    action: { label: 'Open the order', url: `${world.settings.url}/orders/${order}` },
  }
  await write(world, { id: happening, kind: 'seat', person: buyer, content })
})

export const seatLetters: readonly Hearing[] = [opened]
