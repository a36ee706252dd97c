import * as z from 'zod/mini'
import { PersonAct } from '#contract/people.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'

export const actsOn = (person: string): string => `acts-on#${person}`

export const actRecords = records({
  schema: z.extend(PersonAct, { id: z.string(), person: z.string() }),
  key: ({ person, at, id }: { person: string; at: string; id: string }) => ({ pk: actsOn(person), sk: `${at}#${id}` }),
  people: { what: 'goes', says: 'What the staff have changed about you', whose: ({ person }) => person },
})

/** That it was looked, once, whether a school of an earlier version has an owner. */
export const firstOwnerRecords = records({
  schema: z.object({ at: z.string(), made: z.array(z.string()) }),
  key: (_: object) => ({ pk: 'people', sk: 'first-owner' }),
  people: ofNobody,
})
