import { type Hearing, hearing } from '#core/events.ts'
import { type StoredSeats, seatsRecords } from '#core/seats/records.ts'
import { schoolName } from '#core/storefront/brand.ts'
import type { World } from '#ports/world.ts'
import type { Words } from './words/en.ts'
import { write, writeTo } from './write.ts'

const linkOf = ({ settings }: World, { token }: StoredSeats): string => `${settings.url}/invitations/${token}`

const whatOf = ({ courses, title }: StoredSeats, words: Words['shop']['seats']): string =>
  courses.length === 1 ? words.what(title) : words.whatOf(title, courses.map((course) => course.title).join(', '))

/** The link, to whom it is meant for: in the language of whoever has that address here, or else of whoever bought it. */
export const sendInvitation = async (world: World, seats: StoredSeats, { to, id }: { to: string; id: string }): Promise<void> => {
  const { kind, title, message } = seats
  const from = (await world.identity.find(seats.buyer))?.name
  const school = await schoolName(world)
  await writeTo(world, {
    id,
    kind: 'seat',
    to,
    reader: (await world.identity.findByEmail(to))?.id ?? seats.buyer,
    content: ({ shop: { seats: words } }) => {
      const { invitation } = words
      const [by, what] = [from ?? invitation.somebody, whatOf(seats, words)]
      return {
        subject: invitation[kind].subject(by, title),
        paragraphs: [
          kind === 'gift' ? invitation.gift.text(by, what, school) : invitation.team.text(by, what),
          ...(message === undefined ? [] : [invitation.message(message)]),
          invitation.how,
        ],
        action: { label: invitation[kind].action, url: linkOf(world, seats) },
      }
    },
  })
}

const linkWords = (seats: StoredSeats, words: Words['shop']['seats']): string => {
  const what = whatOf(seats, words)
  if (seats.kind === 'team') return words.team.link(seats.seats, what)
  return seats.to === undefined ? words.gift.link(what) : words.gift.sent(seats.to)
}

const opened = hearing('notices.seats', 'seats.opened', async (world, { order }, { id: happening }) => {
  const seats = (await seatsRecords.get(world.tables, { order }))?.value
  if (!seats) return
  const { kind, to, buyer, title } = seats
  if (to !== undefined) await sendInvitation(world, seats, { to, id: `${happening}.to` })
  await write(world, {
    id: happening,
    kind: 'seat',
    person: buyer,
    content: ({ shop: { seats: words } }) => ({
      subject: words[kind].subject(title),
      paragraphs: [linkWords(seats, words), linkOf(world, seats)],
      action: { label: words.action, url: `${world.settings.url}/orders/${order}` },
    }),
  })
})

export const seatLetters: readonly Hearing[] = [opened]
