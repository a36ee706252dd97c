import * as z from 'zod/mini'
import { CourseName } from '#contract/offers.ts'
import { BOOKS, ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'

/** The seats of a gift or team order: who sits, and the link that leads to the rest. */
export const StoredSeats = z.object({
  order: z.string(),
  buyer: z.string(),
  buyerEmail: z.string(),
  title: z.string(),
  courses: z.array(CourseName),
  kind: z.enum(['gift', 'team']),
  seats: z.int(),
  /** Whoever knows it may sit down. */
  token: z.string(),
  to: z.optional(z.string()),
  message: z.optional(z.string()),
  /** Nobody sits down any more, and who sat is let out. */
  isEnded: z.optional(z.enum(['refunded', 'disputed'])),
  taken: z.array(z.object({ id: z.string(), name: z.string(), email: z.string(), at: z.string() })),
  /** Sent by hand; bounded, so that the school is nobody's post office. */
  letters: z.int(),
  createdAt: z.string(),
})
export type StoredSeats = z.infer<typeof StoredSeats>

export const seatsRecords = records({
  schema: StoredSeats,
  key: ({ order }: { order: string }) => ({ pk: `order#${order}`, sk: 'seats' }),
  people: {
    what: 'stays',
    says: 'Seats you have bought, or sit on',
    because: BOOKS,
    whose: ({ buyer }) => buyer,
    // The message and the address it went to are the buyer's words.
    mend: (seats, { alias }) => {
      if (seats.buyer !== alias.id) return seats
      const { to: _, message: __, ...rest } = seats
      return { ...rest, buyerEmail: alias.email }
    },
    shows: ({ token: _, taken, ...seats }) => ({ ...seats, taken: taken.length }),
  },
})

/** Which order an invitation is of; one that was replaced leads nowhere. */
export const invitationRecords = records({
  schema: z.object({ token: z.string(), order: z.string() }),
  key: ({ token }: { token: string }) => ({ pk: `invitation#${token}`, sk: 'order' }),
  people: ofNobody,
})
