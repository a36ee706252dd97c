import * as z from 'zod/mini'
import { records } from '#core/records.ts'

const Feed = z.object({ person: z.string(), token: z.string() })

/** The address somebody's calendar is read from. */
export const feedRecords = records({
  schema: Feed,
  key: ({ person }: { person: string }) => ({ pk: `learner#${person}`, sk: 'calendar-feed' }),
  people: { what: 'goes', says: 'The address of your calendar', whose: ({ person }) => person },
})

/** Whose calendar an address is. */
export const feedTokenRecords = records({
  schema: Feed,
  key: ({ token }: { token: string }) => ({ pk: `calendar#${token}`, sk: 'person' }),
  people: { what: 'goes', says: 'Whose calendar an address is', whose: ({ person }) => person },
})
