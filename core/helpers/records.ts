import * as z from 'zod/mini'
import { Help } from '#contract/helpers.ts'
import { all, records } from '#core/records.ts'
import type { Tables } from '#ports/tables.ts'

export const StoredHelper = z.object({ person: z.string(), course: z.string(), help: Help, since: z.string() })
export type StoredHelper = z.infer<typeof StoredHelper>

const helpOf = (person: string): string => `helps#${person}`

/** Under the person, whose every call may ask for it; a course finds them by the index. */
export const helperRecords = records({
  schema: StoredHelper,
  key: ({ person, course }: { person: string; course: string }) => ({ pk: helpOf(person), sk: course }),
  index: ({ course, since, person }) => ({ ipk: `helpers-of#${course}`, isk: `${since}#${person}` }),
  people: { what: 'goes', says: 'Courses you help with', whose: ({ person }) => person },
})

export const helpersOf = (tables: Tables, course: string): Promise<StoredHelper[]> =>
  all((page) => helperRecords.listIndex(tables, `helpers-of#${course}`, { ...(page !== undefined && { page }) }))

/** Every course somebody helps with. */
export const helpedBy = (tables: Tables, person: string): Promise<StoredHelper[]> =>
  all((page) => helperRecords.list(tables, helpOf(person), { limit: 1000, ...(page !== undefined && { page }) }))

export const helpsAnywhere = async (tables: Tables, person: string): Promise<boolean> =>
  (await helperRecords.list(tables, helpOf(person), { limit: 1 })).items.length > 0
